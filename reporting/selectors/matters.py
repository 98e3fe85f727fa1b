"""Matters as pages list them: what waits for whom, the ledger of risks, one matter's history."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, F, IntegerField, Max, Q, QuerySet, Value, When

from agencies.models import User
from audit.models import AuditEvent
from plan.asof import AsOf, day_of
from reporting.choices import HANDED_IN, MatterState, RiskLevel
from reporting.models import Instruction, Matter, MatterNote, Obligation
from reporting.rules.matter_order import Urgency, order
from reporting.selectors.matter_lines import MatterLine, Waits
from reporting.selectors.matters_then import matters_now, matters_then
from tasks.models import Task

_ABOUT = ("target", "task", "project")
OVERDUE, OWNERLESS, CLOSED = "overdue", "ownerless", "closed"


@dataclass(frozen=True)
class OpenMatters:
    """What is not closed, the most urgent first, and the matter with the newest 批示."""

    lines: tuple[MatterLine, ...]
    last: MatterLine | None
    today: datetime.date

    @property
    def waiting(self) -> tuple[MatterLine, ...]:
        """Those that wait for a leader's decision."""
        return tuple(line for line in self.lines if line.waits == Waits.LEADER)

    @property
    def overdue(self) -> tuple[MatterLine, ...]:
        return tuple(line for line in self.lines if line.is_overdue(self.today))


def open_matters(*, asof: AsOf | None = None, reader: User | None = None) -> OpenMatters:
    """What is open, now or as of a past day, of that what the reader may see; one statement.

    Without a reader all of it, as a leader sees it.
    """
    return open_among(_lines(asof, reader), today=day_of(asof))


def open_among(found: Sequence[MatterLine], *, today: datetime.date) -> OpenMatters:
    """The same of lines that were read already."""
    lines = (line for line in found if line.is_open)
    return OpenMatters(
        tuple(sorted(lines, key=lambda line: order(_urgency(line, today)))),
        _last(found),
        today,
    )


@dataclass(frozen=True)
class MatterList:
    """The matters that a filter shows, and how many each filter would show."""

    lines: tuple[MatterLine, ...]
    counts: Mapping[str, int]
    last: MatterLine | None


def matters(
    *, reader: User, show: str = "", about: str = "", agency: int | None = None,
    asof: AsOf | None = None,
) -> MatterList:  # fmt: skip
    """What the reader may see, filtered: the most urgent first; one statement.

    `show` is one of the keys of `counts`: "" for all that are open, one of `Waits`, `overdue`,
    `ownerless`, `closed`. `about` is the code of a target, task or project.
    """
    today = day_of(asof)
    found = [
        line
        for line in _lines(asof, reader)
        if (not about or line.about == about) and (agency is None or agency in line.agencies)
    ]
    chosen = _filters(today)
    shown = filter(chosen.get(show, chosen[""]), found)
    return MatterList(
        tuple(sorted(shown, key=lambda line: order(_urgency(line, today)))),
        {name: sum(map(choose, found)) for name, choose in chosen.items()},
        _last(found),
    )


def _last(found: Iterable[MatterLine]) -> MatterLine | None:
    decided = [(line.word.day, line) for line in found if line.word]
    return max(decided, key=lambda one: one[0])[1] if decided else None


def _filters(today: datetime.date) -> Mapping[str, Callable[[MatterLine], bool]]:
    return {
        "": lambda line: line.is_open,
        Waits.LEADER: lambda line: line.waits == Waits.LEADER,
        Waits.HANDLER: lambda line: line.waits == Waits.HANDLER,
        Waits.BUREAU: lambda line: line.waits == Waits.BUREAU,
        OVERDUE: lambda line: line.is_overdue(today),
        OWNERLESS: lambda line: line.is_open and not line.handler,
        CLOSED: lambda line: not line.is_open,
    }


def _lines(asof: AsOf | None, reader: User | None) -> tuple[MatterLine, ...]:
    found = matters_then(moment=asof.until) if asof else matters_now()
    return tuple(line for line in found if reader is None or line.is_seen_by(reader))


def _urgency(line: MatterLine, today: datetime.date) -> Urgency:
    return Urgency(today, line.raised_on, line.due_on, line.level or "", bool(line.handler))


def by_old_code(*, letter: str, number: int) -> Matter:
    """The matter that a risk (R) or 重大问题 (W) of the two ledgers became.

    Raises Matter.DoesNotExist.
    """
    return Matter.objects.get(**{{"R": "risk_number", "W": "report_number"}[letter]: number})


# The ledger of risks.


def ledger(*, state: str = "", level: str = "", agency: str = "") -> QuerySet[Matter]:
    """重点风险台账: open ones first, worst and most urgent first."""
    rows = Matter.objects.filter(in_ledger=True).select_related("agency", "handler", *_ABOUT)
    if state:
        rows = rows.filter(state=state)
    if level:
        rows = rows.filter(level=level)
    if agency:
        rows = rows.filter(handler__code=agency)
    closed = Case(When(state=MatterState.CLOSED, then=Value(1)), default=Value(0))
    return rows.annotate(is_done=closed, by_level=_rank("level", RiskLevel.values)).order_by(
        "is_done", "by_level", F("due_on").asc(nulls_last=True), "pk"
    )


@dataclass(frozen=True)
class LedgerCounts:
    """How many risks there are in each state, and how many are overdue."""

    raised: int
    assessed: int
    instructed: int
    in_hand: int
    closed: int
    high: int
    overdue: int

    @property
    def sentence(self) -> str:
        """台账共5项：已研判3、办理中1、已销号1，其中逾期1。"""
        counts = {state.label: getattr(self, state) for state in MatterState}
        total = sum(counts.values())
        if not total:
            return "台账还没有登记风险。"
        parts = "、".join(f"{word}{count}" for word, count in counts.items() if count)
        said = f"台账共{total}项：{parts}"
        return f"{said}，其中逾期{self.overdue}。" if self.overdue else f"{said}。"


def ledger_counts(*, today: datetime.date) -> LedgerCounts:
    """The counts of the whole ledger in one statement."""
    is_open = ~Q(state=MatterState.CLOSED)
    found = Matter.objects.filter(in_ledger=True).aggregate(
        **{state.value: Count("pk", filter=Q(state=state)) for state in MatterState},
        high=Count("pk", filter=is_open & Q(level=RiskLevel.HIGH)),
        overdue=Count("pk", filter=is_open & Q(due_on__lt=today)),
    )
    return LedgerCounts(**found)


def ledger_mark() -> tuple[int, datetime.datetime | None]:
    """Another after each step with any matter, in one statement: none is ever deleted."""
    found = Matter.objects.aggregate(number=Count("pk"), last=Max("changed_at"))
    return found["number"], found["last"]


@dataclass(frozen=True)
class Problem:
    """An open problem of a report that no matter names yet."""

    obligation: Obligation
    text: str


def open_problems(*, limit: int = 20) -> list[Problem]:
    """Problems of the newest reports handed in that have no matter, newest first."""
    rows = (
        Obligation.objects.owed()
        .with_subjects()
        .filter(matters=None, state__in=HANDED_IN, content__problems__text__regex=r"\S{4}")
        .exclude(content__problems__text__in=("没有", "暂无", "无"))
        .order_by("-period__year", "-period__quarter", "-edited_at")[:limit]
    )
    return [Problem(row, row.texts["problems"]) for row in rows]


# One matter.


def matter_of(*, code: str) -> Matter:
    """A matter with what its page names; raises Matter.DoesNotExist."""
    rows = Matter.objects.select_related("agency", "handler", "obligation__period", *_ABOUT)
    return rows.get(code=code)


def notes_of(*, matter: Matter) -> QuerySet[MatterNote]:
    """The steps with their files and 批示, the newest first; two statements."""
    return matter.notes.select_related("instruction").prefetch_related("files")


def in_force(instructions: Iterable[Instruction]) -> list[Instruction]:
    """Of each 批示 the version in force, the newest first."""
    found: dict[int, Instruction] = {}
    for one in sorted(instructions, key=lambda one: one.version):
        found[one.number] = one
    return sorted(found.values(), key=lambda one: one.number, reverse=True)


def events_of(*, matter: Matter) -> QuerySet[AuditEvent]:
    """留痕 of a matter, also from the two ledgers before, the newest first."""
    of = Q(object_type=str(Matter._meta.verbose_name), object_code=matter.code)
    words = Q(object_type=str(Instruction._meta.verbose_name))
    of |= words & Q(object_code__startswith=f"{matter.code} ")
    if matter.risk_number:
        of |= Q(object_type="风险", object_code=f"R{matter.risk_number}")
    if matter.report_number:
        of |= Q(object_type="重大问题", object_code=f"W{matter.report_number}")
    return AuditEvent.objects.filter(of).order_by("-at", "-pk")


def subject_of(record: Matter) -> str:
    """T18 纯电动公交车比例, or nothing."""
    about = record.target or record.task or record.project
    if about is None:
        return ""
    return f"{about.code} {about.title if isinstance(about, Task) else about.name}"


def _rank(field: str, values: list[str]) -> Case:
    return Case(
        *(When(**{field: value}, then=Value(place)) for place, value in enumerate(values)),
        output_field=IntegerField(),
    )
