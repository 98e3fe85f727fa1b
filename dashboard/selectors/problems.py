"""What needs the district's leaders: the ledger of risks first, then open problems as approved."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Case, CharField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce

from agencies.models import called
from common.formats import zh_date
from common.quarters import Period
from plan.asof import AsOf, as_known
from projects.selectors import Overview as Projects
from projects.selectors import ProjectRow
from reporting.choices import MatterState, RiskLevel
from reporting.models import Matter
from reporting.rules.matter_order import Place, place_of
from reporting.selectors.matters_then import matters_then
from tasks.choices import TaskStatus
from tasks.models import TaskProgress
from tasks.selectors import month_words

SHOWN = 5
PROJECTS_FIRST = 2
_Row = tuple[int, str, str, str, str, int]
UNNAMED, UNDATED = "责任单位待定", "时限待定"


@dataclass(frozen=True)
class Problem:
    """An open problem with who answers for it and by when."""

    code: str
    text: str
    agency: str
    due: str

    @property
    def whose(self) -> str:
        """区交通运输局，2026年12月."""
        return f"{self.agency or UNNAMED}，{self.due or UNDATED}"


def problems(
    *, period: Period, projects: Projects, shown: int = SHOWN, asof: AsOf | None = None
) -> tuple[Problem, ...]:
    """The most urgent open problems, in one statement; as of a past day in two.

    First high and middle risks of the ledger; then tasks that stand still, the two projects that
    are overdue longest, tasks that name whom they need, low risks, and what is left. `projects` as
    read already.
    As of a past day the ledger is that of the day, too.
    """
    told = list(_told(period, asof))
    overdue = [_of_project(row) for row in projects.open_rows if _says_why(row)]
    told += [(Place.OVERDUE, problem) for problem in overdue[:PROJECTS_FIRST]]
    told += [(Place.REST, problem) for problem in overdue[PROJECTS_FIRST:]]
    return tuple(islice(_once(sorted(told, key=lambda one: one[0])), shown))


_OF_LEDGER = (Place.HIGH, Place.MIDDLE, Place.LOW)
_UNSOLVED = (MatterState.RAISED, MatterState.ASSESSED, MatterState.INSTRUCTED)


def _told(period: Period, asof: AsOf | None) -> Iterator[tuple[int, Problem]]:
    reported = _of_tasks(period, asof)
    found = [*_risks_then(asof), *reported] if asof else _risks().union(reported, all=True)
    rows = sorted(found, key=_urgency)
    for rank, code, text, agency, due, _ in rows:
        yield rank, Problem(code, text.strip(), called(agency), _when(due))


def _urgency(row: _Row) -> tuple[int, str, int]:
    """What has no date comes after what has one."""
    rank, _, _, _, due, pk = row
    return rank, due or "9999", pk


def _risks() -> QuerySet[Matter, _Row]:
    levels = [When(level=level, then=Value(place_of(level))) for level in RiskLevel.values]
    return (
        Matter.objects.filter(in_ledger=True, state__in=_UNSOLVED)
        .order_by()
        .annotate(
            rank=Case(*levels, output_field=IntegerField()),
            about=Coalesce("target__code", "task__code", "project__code", Value("")),
            shown=F("title"),
            who=Coalesce("handler__short_name", Value("")),
            due=Coalesce(Cast("due_on", CharField()), Value("")),
        )
        .values_list("rank", "about", "shown", "who", "due", "pk")
    )


def _risks_then(asof: AsOf) -> Iterator[_Row]:
    for place, line in enumerate(matters_then(moment=asof.until)):
        if line.is_in_ledger and line.state in _UNSOLVED:
            shown = line.due_on.isoformat() if line.due_on else ""
            rank = place_of(line.level or "")
            yield rank, line.about, line.title, line.handler, shown, place


def _of_tasks(period: Period, asof: AsOf | None) -> QuerySet[TaskProgress, _Row]:
    rank = Case(
        When(status=TaskStatus.STALLED, then=Value(Place.STALLED)),
        When(~Q(coordination=""), then=Value(Place.COORDINATED)),
        default=Value(Place.REST),
        output_field=IntegerField(),
    )
    return (
        as_known(TaskProgress.objects.all(), asof)
        .filter(year=period.year, quarter=period.quarter or 0, task__retired_on=None)
        .exclude(problems="")
        .order_by()
        .annotate(
            rank=rank,
            about=F("task__code"),
            shown=F("problems"),
            who=Coalesce("task__lead__short_name", "task__convenor__short_name", Value("")),
            due=F("next_due"),
        )
        .values_list("rank", "about", "shown", "who", "due", "pk")
    )


def _says_why(row: ProjectRow) -> bool:
    return row.overdue > 0 and row.latest is not None and bool(row.latest.problems)


def _of_project(row: ProjectRow) -> Problem:
    latest, agency = row.latest, row.project.reporting_agency
    assert latest is not None  # noqa: S101 - it says why
    due = month_words(latest.expected_on)
    return Problem(
        row.project.code,
        f"{latest.problems.rstrip('。')}；{row.overdue_text}",
        agency.short_name if agency else "",
        f"{due}（已过）" if row.past_expected else due,
    )


def _when(due: str) -> str:
    """The day of a ledger's row, the month of a report, in words."""
    is_day = len(due) == len("2026-12-31")
    return zh_date(datetime.date.fromisoformat(due)) if is_day else month_words(due)


def _once(told: Iterable[tuple[int, Problem]]) -> Iterator[Problem]:
    """A row of the ledger and a report of the same subject stand for each other; several rows of
    the ledger are several problems."""
    kept: set[str] = set()
    reported: set[str] = set()
    for rank, problem in told:
        met = reported if rank in _OF_LEDGER else kept | reported
        if problem.code and problem.code in met:
            continue
        (kept if rank in _OF_LEDGER else reported).add(problem.code)
        yield problem
