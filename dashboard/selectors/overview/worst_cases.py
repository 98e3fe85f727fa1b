"""What stands worst: targets that lack something, overdue projects, tasks that stand still."""

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal

from agencies.models import Agency
from common.formats import number
from dashboard.rules.changes.change import UNASSIGNED, short_period
from dashboard.rules.overview.phrases import Phrase
from dashboard.rules.overview.worst_cases import ProjectCase, TargetCase, TaskCase, WorstCase
from dashboard.selectors.changes.comparison import SHARED
from dashboard.selectors.overview.rows import OverviewRow
from projects.selectors import ProjectRow
from targets import rules
from targets.rules.levels import Level
from targets.rules.words.provenance import stamp_of
from tasks.rules.progress import NOTHING_SAID
from tasks.selectors import TaskHistory, month_words

NO_LEAD = "没有牵头单位"
NO_REPORTER = f"填报单位{UNASSIGNED}"
_BEHIND = (Level.RED, Level.ORANGE)


def target_case(row: OverviewRow) -> TargetCase | None:
    """A target that lacks something of what its year asked for; None if it lacks nothing."""
    judged = row.judged
    if judged.on_the_way is not None and judged.latest is not None:
        if judged.light.level not in _BEHIND or judged.latest.value is None:
            return None
        goal, value = judged.on_the_way, judged.latest
        said, stamp = f"{value.year}年{judged.way_gap}", stamp_of(value.grade, is_settled=False)
        fact = Phrase(f"{value.year}年{judged.latest_text}", stamp=stamp)
        return _target_case(row, goal, value, (said, fact, judged.light.level))
    found = judged.settled
    if found.met is not False:
        return None
    said = judged.settled_gap.split("，")[0] or judged.verdict_words
    actual = judged.settled_actual or "凭材料认定"
    fact = Phrase(f"{found.year}年{actual}", stamp=row.verdict.stamp)
    return _target_case(row, found.goal, found.actual, (said, fact, found.level))


def _target_case(
    row: OverviewRow,
    goal: rules.Goal | None,
    actual: rules.Actual | None,
    wording: tuple[str, Phrase, Level],
) -> TargetCase:
    headline, fact, level = wording
    lacking = Decimal(0)
    if goal and goal.value and actual and actual.value is not None:
        lacking = rules.shortfall(goal, actual.value, row.terms.tolerance) / abs(goal.value)
    shown = WorstCase(
        level=level,
        code=row.code,
        title=row.name,
        url=row.url,
        headline=headline,
        facts=(fact, *_newer(row, actual)),
        owner=row.owner if row.has_owner else NO_LEAD,
        owner_is_missing=not row.has_owner,
    )
    return TargetCase(shown, lacking, row.is_striven)


def _newer(row: OverviewRow, shown: rules.Actual | None) -> Iterator[Phrase]:
    """，今年三季度31.2%〔审〕, where a quarter is newer than what was judged."""
    newest, today = row.judged.newest, row.judged.today
    if newest is None or newest.actual == shown or not newest.is_quarter:
        return
    yield Phrase(f"，{_quarter(newest.actual, today)}{newest.text}", stamp=row.stamp)


def _quarter(value: rules.Actual, today: datetime.date) -> str:
    said = short_period(value.period, today)
    return f"今年{said}" if value.year == today.year else said


def task_cases(histories: Iterable[TaskHistory]) -> Iterator[TaskCase]:
    """The tasks that are behind or stand still."""
    for one in histories:
        if one.is_slow and one.newest is not None:
            yield TaskCase(_worst_task(one), one.is_stalled, one.quarters_slow)


def _worst_task(one: TaskHistory) -> WorstCase:
    task, newest = one.task, one.newest
    owner = task_owner(one)
    word = "停滞" if one.is_stalled else "滞后"
    return WorstCase(
        level=Level.RED if one.is_stalled else Level.ORANGE,
        code=task.code,
        title=task.title,
        url=task.get_absolute_url(),
        headline=f"{word}{one.quarters_slow}个季度",
        facts=_facts(first_sentence(newest.problems if newest else "")),
        owner=owner or NO_LEAD,
        owner_is_missing=not owner,
        due=month_words(newest.next_due) if newest else "",
    )


def project_cases(rows: Iterable[ProjectRow]) -> Iterator[ProjectCase]:
    """The projects that are overdue."""
    for row in rows:
        if row.overdue:
            yield ProjectCase(_worst_project(row), row.overdue, row.completion)


def _worst_project(row: ProjectRow) -> WorstCase:
    project, latest = row.project, row.latest
    invested = "" if row.completion is None else f"投资{number(row.completion, 1)}%"
    problem = first_sentence(latest.problems if latest else "")
    expected = month_words(latest.expected_on) if latest else ""
    agency = project.reporting_agency
    return WorstCase(
        level=Level.RED,
        code=project.code,
        title=project.name,
        url=project.get_absolute_url(),
        headline=row.overdue_text,
        facts=_facts("，".join(filter(None, (invested, problem))) or "还没有填报"),
        owner=_short(agency) or NO_REPORTER,
        owner_is_missing=agency is None,
        due=f"预计{expected}" if expected else "",
    )


def task_owner(one: TaskHistory) -> str:
    """The body that leads a task or gathers it, else all that share it; empty for none."""
    return _short(one.task.reporting_agency) or (SHARED if one.is_shared else "")


def _short(agency: Agency | None) -> str:
    return agency.short_name if agency else ""


def _facts(text: str) -> tuple[Phrase, ...]:
    return (Phrase(text),) if text else ()


def first_sentence(text: str) -> str:
    """What is said up to the first full stop; nothing for 无."""
    said = text.strip()
    return "" if said.rstrip("。") in NOTHING_SAID else said.split("。")[0]
