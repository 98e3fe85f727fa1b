"""The computed matters, from rows that a page has read anyway."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from django.urls import reverse

from projects.selectors import ProjectRow
from reporting.matters.rules import computed as rules
from reporting.matters.rules.computed import ComputedKind, ComputedMatter
from targets import rules as judging
from targets.selectors import Judged
from tasks.models import Task


def computed_matters(
    judged: Sequence[Judged], projects: Iterable[ProjectRow], tasks: Iterable[Task] = ()
) -> tuple[ComputedMatter, ...]:
    """The matters that follow from the data, in the order of `ComputedKind`, without a statement.

    `tasks` are those without lead and convenor (`tasks_without_body`).
    """
    found = (
        *rules.target_leads(_unled(judged)),
        *_projects(projects),
        *rules.task_convenors([task.code for task in tasks]),
        *rules.city_goals(_pending(judged)),
        *_verdicts(judged),
        *_tolerances(judged),
    )
    addresses = {row.target.code: row.target.get_absolute_url() for row in judged}
    return tuple(replace(row, url=_address(row, addresses)) for row in found)


def tasks_without_body() -> list[Task]:
    """Current tasks with neither lead nor convenor, in one statement."""
    return list(Task.objects.in_force().filter(lead=None, convenor=None))


def _unled(judged: Iterable[Judged]) -> Iterator[rules.UnledTarget]:
    for row in judged:
        target = row.target
        if target.reporting_agency is None:
            behind = row.settled_gap if row.settled.met is False else ""
            field, label = row.field
            yield rules.UnledTarget(
                target.code, target.short_name, field, label, target.data_source, behind
            )


def _projects(rows: Iterable[ProjectRow]) -> tuple[ComputedMatter, ...]:
    unnamed = [row for row in rows if row.project.reporting_agency is None]
    unnamed.sort(key=lambda row: row.project.number)
    overdue = [row.project.code for row in unnamed if row.overdue]
    return rules.project_reporters([row.project.code for row in unnamed], overdue)


def _pending(judged: Iterable[Judged]) -> Iterator[tuple[str, int]]:
    for row in judged:
        for goal in row.terms.goals:
            if goal.is_pending and goal.year is not None:
                yield row.target.code, goal.year


def _verdicts(judged: Iterable[Judged]) -> Iterator[ComputedMatter]:
    for row in judged:
        if row.is_outdated and row.standing is not None:
            name, year = row.target.short_name, row.standing.year
            yield rules.verdict(row.target.code, name, year, _change(row))


def _change(row: Judged) -> str:
    """判定用99.10%，现为99.20%; empty where something other than the value has changed."""
    then = row.standing.grounds.actual if row.standing else None
    now = row.present.actual
    if then is None or now is None or then.value == now.value:
        return "判定以后依据的目标、数值版本或容差有变"
    values = [judging.actual_words(row.terms, one, row.present.goal) for one in (then, now)]
    return f"判定用{values[0]}，现为{values[1]}"


def _tolerances(judged: Iterable[Judged]) -> Iterator[ComputedMatter]:
    for row in judged:
        is_open = any(goal.is_band for goal in row.terms.goals)
        if is_open and not row.terms.is_tolerance_confirmed:
            percent = judging.plain(row.terms.tolerance.percent)
            is_missed = row.settled.met is False
            yield rules.tolerance(row.target.code, row.target.short_name, percent, is_missed)


def _address(row: ComputedMatter, targets: dict[str, str]) -> str:
    """Where it is done: the page of its one subject, else the list of them."""
    if row.kind == ComputedKind.PROJECT_REPORTERS:
        return f"{reverse('projects:list')}?agency=none"
    if row.kind == ComputedKind.TASK_CONVENORS:
        return f"{reverse('tasks:list')}?share=none"
    return targets[row.codes[0]]
