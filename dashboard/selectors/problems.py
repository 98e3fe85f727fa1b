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
from reporting.choices import RiskLevel, RiskState
from reporting.models import Risk
from reporting.selectors.risks_then import risks_then
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

    First the ledger, worst level first; then tasks that stand still, the two projects that are
    overdue longest, tasks that name whom they need, and what is left. `projects` as read already.
    As of a past day the ledger is that of the day, too.
    """
    told = list(_told(period, asof))
    overdue = [_of_project(row) for row in projects.open_rows if _says_why(row)]
    told += [(_RANK_PROJECT, problem) for problem in overdue[:PROJECTS_FIRST]]
    told += [(_RANK_REST, problem) for problem in overdue[PROJECTS_FIRST:]]
    return tuple(islice(_once(sorted(told, key=lambda one: one[0])), shown))


_RANK_STALLED, _RANK_PROJECT, _RANK_COORDINATED, _RANK_REST = 10, 11, 12, 13


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


def _risks() -> QuerySet[Risk, _Row]:
    levels = [When(level=level, then=Value(place)) for place, level in enumerate(RiskLevel.values)]
    return (
        Risk.objects.filter(state=RiskState.OPEN)
        .order_by()
        .annotate(
            rank=Case(*levels, output_field=IntegerField()),
            about=Coalesce("target__code", "task__code", "project__code", Value("")),
            shown=F("title"),
            who=F("agency__short_name"),
            due=Coalesce(Cast("due_on", CharField()), Value("")),
        )
        .values_list("rank", "about", "shown", "who", "due", "pk")
    )


def _risks_then(asof: AsOf) -> Iterator[_Row]:
    for risk in risks_then(moment=asof.until):
        if risk.state == RiskState.OPEN:
            rank, due = RiskLevel.values.index(risk.level), risk.due_on
            shown = due.isoformat() if due else ""
            yield rank, risk.about, risk.title, risk.agency, shown, risk.pk


def _of_tasks(period: Period, asof: AsOf | None) -> QuerySet[TaskProgress, _Row]:
    rank = Case(
        When(status=TaskStatus.STALLED, then=Value(_RANK_STALLED)),
        When(~Q(coordination=""), then=Value(_RANK_COORDINATED)),
        default=Value(_RANK_REST),
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
    """A row of the ledger stands for what a report says of the same subject."""
    met: set[str] = set()
    for rank, problem in told:
        if rank >= _RANK_STALLED and problem.code in met:
            continue
        met.add(problem.code)
        yield problem
