"""What has changed between two days: what was known at the end of each, compared by the rules."""

import datetime
from collections.abc import Iterable, Sequence
from functools import partial

from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency
from dashboard.rules.changes.compare_days import compare
from dashboard.rules.changes.comparison import Comparison
from dashboard.rules.changes.snapshots import (
    ChangedObject,
    MatterSnapshot,
    MatterStage,
    ProjectReportSnapshot,
    ProjectSnapshot,
    Room,
    Snapshot,
    TargetSnapshot,
    TaskReportSnapshot,
    TaskSnapshot,
    VerdictSnapshot,
)
from projects.models import ProjectProgress
from projects.rules import Status as ProjectStatus
from projects.selectors import ProjectRow, rows_on
from records.asof import AsOf
from reporting.choices import MatterState, RiskLevel
from reporting.matters.selectors.lines import MatterLine
from reporting.matters.selectors.on_days import MattersByDay
from targets.selectors import Judged, judged_targets, years_among
from tasks.models import Task, TaskProgress
from tasks.rules.progress import Status as TaskStatus
from tasks.selectors import IS_SHARED, tasks_on

SHARED = "各责任单位"
_SEVERITY = {level: len(RiskLevel) - place for place, level in enumerate(RiskLevel)}
_STAGES = {MatterState.IN_HAND: MatterStage.HELD, MatterState.CLOSED: MatterStage.CLOSED}


def changes(
    *, first: datetime.date, last: datetime.date, concerns: tuple[MattersByDay, MattersByDay]
) -> Comparison:
    """All changes from the end of one day to that of a later one, in four statements.

    `concerns` are the matters of both days, as read already.
    """
    days = tuple(_asof(day) for day in (first, last))
    judged = [judged_targets(asof=asof) for asof in days]
    tasks, projects = tasks_on(*days), rows_on(*days)
    years = {row.years.settled for rows in judged for row in rows[:1]}
    before, after = (
        Snapshot(
            day=day,
            year=years_among(judged[place], day).settled,
            targets=targets_known(judged[place], years),
            tasks=tuple(task_known(task, told[place]) for task, told in tasks),
            projects=projects_known(projects[place]),
            concerns=concerns_known(concerns[place]),
        )
        for place, day in enumerate((first, last))
    )
    return compare(before, after)


def targets_known(rows: Iterable[Judged], years: Iterable[int]) -> tuple[TargetSnapshot, ...]:
    """Targets with the verdicts of these years: those that are settled on either day."""
    known = sorted(set(years))
    make = partial(_target, years=known)
    return tuple(row.cached(f"known {known}", make) for row in rows)


def task_known(task: Task, report: TaskProgress | None) -> TaskSnapshot:
    """A task with a report of it."""
    return TaskSnapshot(_task(task), _task_report(report))


def projects_known(rows: Iterable[ProjectRow]) -> tuple[ProjectSnapshot, ...]:
    """Projects with their newest reports."""
    return tuple(map(_project, rows))


def concerns_known(found: MattersByDay) -> tuple[MatterSnapshot, ...]:
    """Matters as they stood."""
    return tuple(map(_concern, found))


def _asof(day: datetime.date) -> AsOf | None:
    """None for today: what holds now."""
    return AsOf(day) if day < timezone.localdate() else None


def _target(row: Judged, years: Sequence[int]) -> TargetSnapshot:
    target = row.target
    body = _name(target.reporting_agency)
    return TargetSnapshot(
        ChangedObject(
            Room.TARGETS,
            target.code,
            target.name,
            target.get_absolute_url(),
            body,
            target.position,
        ),
        row.terms,
        row.light.level,
        row.light.is_by_hand,
        {year: held for year in years if (held := _held(row, year))},
    )


def _held(row: Judged, year: int) -> VerdictSnapshot | None:
    """The verdict of a year; None if the target has no goal for it."""
    found = row.judgement_of(year)
    if found.goal is None:
        return None
    settled = any(standing.year == year for standing in row.standings)
    words = row.verdict_words if year == row.years.settled else found.label
    return VerdictSnapshot(found.outcome or found.verdict, words, settled)


def _task(task: Task) -> ChangedObject:
    body = _name(task.reporting_agency) or (SHARED if IS_SHARED.of(task) else "")
    position = task.category.number * 100 + task.number
    return ChangedObject(Room.TASKS, task.code, task.title, task.get_absolute_url(), body, position)


def _task_report(found: TaskProgress | None) -> TaskReportSnapshot | None:
    if found is None:
        return None
    return TaskReportSnapshot(
        found.period,
        found.version,
        timezone.localdate(found.recorded_at),
        found.reason,
        found.problems,
        status=TaskStatus(found.status),
    )


def _project(row: ProjectRow) -> ProjectSnapshot:
    project = row.project
    thing = ChangedObject(
        Room.PROJECTS,
        project.code,
        project.name,
        project.get_absolute_url(),
        _name(project.reporting_agency),
        project.number,
    )
    return ProjectSnapshot(thing, _project_report(row.latest), row.overdue)


def _project_report(found: ProjectProgress | None) -> ProjectReportSnapshot | None:
    if found is None:
        return None
    return ProjectReportSnapshot(
        found.period,
        found.version,
        timezone.localdate(found.recorded_at),
        found.reason,
        found.problems,
        status=ProjectStatus(found.status),
        expected_on=found.expected_on,
        invested_wan=found.invested_wan,
    )


def _concern(line: MatterLine) -> MatterSnapshot:
    url = reverse("reporting:matter", args=[line.code])
    if line.is_before and not line.is_in_ledger:
        url += f"#{line.name}"  # it stood beside the risk that it had become
    body = line.handler or line.raiser
    thing = ChangedObject(Room.CONCERNS, line.about or line.name, line.title, url, body, 0)
    severity = _SEVERITY[line.level] if line.is_in_ledger and line.level else 0
    grade = line.grade if line.is_in_ledger else ""
    stage = _STAGES.get(line.state, MatterStage.OPEN)
    return MatterSnapshot(
        thing, line.about, stage, line.said, severity, grade, line.state, line.kept_in
    )


def _name(agency: Agency | None) -> str:
    return agency.short_name if agency else ""
