"""Reads of matters for pages: open ones, the ledger of risks, the history of one."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from reporting.choices import HANDED_IN, MatterState, RiskLevel
from reporting.matters.rules.urgency import Key, Urgency, urgency_key
from reporting.matters.rules.wording import Pieces
from reporting.matters.selectors.lines import MatterLine, NextActor
from reporting.models import Instruction, Matter, MatterNote, Obligation
from tasks.models import Task

_ABOUT = ("target", "task", "project")


@dataclass(frozen=True)
class OpenMatters:
    """Open matters, the most urgent first, and the matter with the newest 批示."""

    lines: tuple[MatterLine, ...]
    last: MatterLine | None
    today: datetime.date

    @property
    def waiting(self) -> tuple[MatterLine, ...]:
        """Those that wait for a leader's decision."""
        return tuple(line for line in self.lines if line.waits == NextActor.LEADER)

    @property
    def overdue(self) -> tuple[MatterLine, ...]:
        return tuple(line for line in self.lines if line.is_overdue(self.today))


def open_among(found: Sequence[MatterLine], *, today: datetime.date) -> OpenMatters:
    """The open ones among these lines."""
    lines = (line for line in found if line.is_open)
    return OpenMatters(
        tuple(sorted(lines, key=lambda line: urgency_first(line, today))),
        last_decided(found),
        today,
    )


def last_decided(found: Iterable[MatterLine]) -> MatterLine | None:
    """The matter with the newest 批示."""
    decided = [(line.word.day, line) for line in found if line.word]
    return max(decided, key=lambda one: one[0])[1] if decided else None


def urgency_first(line: MatterLine, today: datetime.date) -> Key:
    """The sort key by which the most urgent come first."""
    return urgency_key(
        Urgency(today, line.raised_on, line.due_on, line.level or "", bool(line.handler))
    )


def by_old_code(*, letter: str, number: int) -> Matter:
    """The matter that a risk (R) or 重大问题 (W) of the former ledgers became.

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
    """Number of risks, and the changes of the quarter."""

    open: int
    high: int
    overdue: int
    new: int
    closed: int

    @property
    def sentence(self) -> Pieces:
        """在册风险8项，其中高风险2项，过期1项；本季度新增5项，销号1项。"""
        if not self.open:
            return ((f"没有在册风险；本季度销号{self.closed}项。", "", False),)
        said = [("在册风险", "", False), (f"{self.open}项", "", True)]
        parts = {"其中高风险": self.high, "过期": self.overdue}
        for words, count in parts.items():
            if count:
                said += [(f"，{words}", "", False), (f"{count}项", "", True)]
        new = f"新增{self.new}项" if self.new else "没有新增"
        closed = f"销号{self.closed}项" if self.closed else "没有销号"
        return (*said, (f"；本季度{new}，{closed}。", "", False))


def ledger_counts(*, today: datetime.date) -> LedgerCounts:
    """The counts of the whole ledger in one statement."""
    is_open = ~Q(state=MatterState.CLOSED)
    since = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    found = Matter.objects.filter(in_ledger=True).aggregate(
        open=Count("pk", filter=is_open),
        high=Count("pk", filter=is_open & Q(level=RiskLevel.HIGH)),
        overdue=Count("pk", filter=is_open & Q(due_on__lt=today)),
        new=Count("pk", filter=Q(reported_at__date__gte=since)),
        closed=Count("pk", filter=Q(closed_at__date__gte=since)),
    )
    return LedgerCounts(**found)


@dataclass(frozen=True)
class ReportedProblem:
    """An open problem of a report without a matter."""

    obligation: Obligation
    text: str


def open_problems(*, limit: int = 20) -> list[ReportedProblem]:
    """Problems of the newest submitted reports without a matter, newest first."""
    rows = (
        Obligation.objects.owed()
        .with_subjects()
        .filter(matters=None, state__in=HANDED_IN, content__problems__text__regex=r"\S{4}")
        .exclude(content__problems__text__in=("没有", "暂无", "无"))
        .order_by("-period__year", "-period__quarter", "-edited_at")[:limit]
    )
    return [ReportedProblem(row, row.texts["problems"]) for row in rows]


# One matter.


def matter_of(*, code: str) -> Matter:
    """A matter with related rows for its page; raises Matter.DoesNotExist."""
    rows = Matter.objects.select_related("agency", "handler", "obligation__period", *_ABOUT)
    return rows.get(code=code)


def notes_of(*, matter: Matter) -> QuerySet[MatterNote]:
    """The steps with their files and 批示, newest first; two statements."""
    return matter.notes.select_related("instruction").prefetch_related("files")


def in_force(instructions: Iterable[Instruction]) -> list[Instruction]:
    """The current version of each 批示, newest first."""
    found: dict[int, Instruction] = {}
    for one in sorted(instructions, key=lambda one: one.version):
        found[one.number] = one
    return sorted(found.values(), key=lambda one: one.number, reverse=True)


def subject_of(record: Matter) -> str:
    """T18 纯电动公交车比例; empty without a subject."""
    about = record.target or record.task or record.project
    if about is None:
        return ""
    return f"{about.code} {about.title if isinstance(about, Task) else about.name}"


def _rank(field: str, values: list[str]) -> Case:
    return Case(
        *(When(**{field: value}, then=Value(place)) for place, value in enumerate(values)),
        output_field=IntegerField(),
    )
