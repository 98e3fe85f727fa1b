"""Compares two days: targets, tasks, projects, matters."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from common.caching.cached_rows import CachedRow
from dashboard.rules.changes.change import Change, in_order
from dashboard.rules.changes.comparison import Comparison, Latest
from dashboard.rules.changes.matters import concern_changes, without_repeats
from dashboard.rules.changes.snapshots import (
    ChangedObject,
    MatterSnapshot,
    ProjectSnapshot,
    ReportSnapshot,
    Room,
    Snapshot,
    TargetSnapshot,
    TaskSnapshot,
)
from dashboard.rules.changes.targets import target_changes
from dashboard.rules.changes.work import invested, project_changes, task_changes

_Then = TypeVar("_Then", TargetSnapshot, TaskSnapshot, ProjectSnapshot)


def compare(before: Snapshot, after: Snapshot) -> Comparison:
    """All changes from the end of one day to that of a later one."""
    years = {before.year, after.year}
    changes = without_repeats(_changes(before, after, years), _by_url(after.concerns))
    return Comparison(
        first=before.day,
        last=after.day,
        last_period=after.period,
        year=after.year,
        changes=in_order(changes),
        compared={
            Room.TARGETS: len(after.targets),
            Room.TASKS: len(after.tasks),
            Room.PROJECTS: len(after.projects),
            Room.CONCERNS: len(after.concerns),
        },
        silent=_silent(before, after),
        verdicts=sum(after.year in target.verdicts for target in after.targets),
        invested=invested(_pairs(before.projects, after.projects)),
        overdue=(before.overdue, after.overdue),
        latest=_latest(after),
    )


def _changes(before: Snapshot, after: Snapshot, years: Iterable[int]) -> Iterator[Change]:
    day, known = after.day, list(years)
    name = f"changes since {before.day} {known}"
    for old, new in _pairs(before.targets, after.targets):
        yield from _once(new, name, target_changes(old, new, years=known, day=day))
    for task, now in _pairs(before.tasks, after.tasks):
        yield from _once(now, name, task_changes(task, now, expected=before.period, day=day))
    for project, done in _pairs(before.projects, after.projects):
        yield from _once(done, name, project_changes(project, done, day=day))
    yield from concern_changes(_by_url(before.concerns), _by_url(after.concerns))


def _once(now: CachedRow, name: str, changes: Iterator[Change]) -> tuple[Change, ...]:
    """The changes of what stands now, looked for once as long as it does: what stood does not
    change, but with everything."""
    return now.cached(name, lambda _: tuple(changes))


def _pairs(before: Iterable[_Then], after: Iterable[_Then]) -> Iterator[tuple[_Then, _Then]]:
    """What stood on both days, by its code."""
    known = {one.thing.code: one for one in before}
    return ((known[one.thing.code], one) for one in after if one.thing.code in known)


def _by_url(concerns: Iterable[MatterSnapshot]) -> dict[str, MatterSnapshot]:
    return {concern.thing.url: concern for concern in concerns}


def _silent(before: Snapshot, after: Snapshot) -> dict[Room, tuple[str, ...]]:
    """What has no value on either day, and the tasks of which the last quarter has no report."""
    both = list(_pairs(before.targets, after.targets))
    works = list(_pairs(before.projects, after.projects))
    return {
        Room.TARGETS: tuple(
            new.thing.code
            for old, new in both
            if old.terms.newest_value is None and new.terms.newest_value is None
        ),
        Room.TASKS: tuple(
            task.thing.code
            for task in after.tasks
            if task.report is None or task.report.period.end < after.period.end
        ),
        Room.PROJECTS: tuple(
            new.thing.code for old, new in works if old.report is None and new.report is None
        ),
    }


def _latest(after: Snapshot) -> Latest | None:
    reports: list[tuple[ChangedObject, ReportSnapshot | None]] = [
        *((task.thing, task.report) for task in after.tasks),
        *((project.thing, project.report) for project in after.projects),
    ]
    dated = [(report.recorded_on, thing) for thing, report in reports if report]
    day, thing = max(dated, key=lambda one: one[0], default=(None, None))
    return Latest(day, thing) if day and thing else None
