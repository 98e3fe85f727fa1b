"""Tasks with their reports: the newest, the newest on an earlier day, and the status by quarter.

One statement, so that the map of a page, what changed on it and what is behind never differ.
"""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from common.quarters import Period
from records.asof import AsOf, as_known
from tasks.models import Task, TaskProgress
from tasks.rules import progress as rules
from tasks.selectors.heat import HeatCell, HeatMap, HeatRow
from tasks.selectors.rows import (
    IS_SHARED,
    NOTHING_OPENED,
    OpenedQuarters,
    QuarterReports,
)

_REPORT = ("year", "quarter", "version", "status", "problems", "reason", "recorded_at",
           "next_due", "coordination")  # fmt: skip
_STATUS = ("year", "quarter", "status")
TOLD = 24
"""So many of the newest quarters are told: those of the map, and how long a task is behind."""


@dataclass(frozen=True)
class TaskHistory:
    """A task with its newest report, the one that was the newest on an earlier day, and the status
    of each quarter, the newest first. The records are in part, for reading only."""

    task: Task
    newest: TaskProgress | None
    earlier: TaskProgress | None
    statuses: Mapping[Period, str]

    @property
    def is_shared(self) -> bool:
        """Whether the plan names agencies that answer for it together."""
        return IS_SHARED.of(self.task)

    @property
    def is_slow(self) -> bool:
        """Behind or standing still by its newest report."""
        return self.newest is not None and self.newest.status in rules.SLOW

    @property
    def is_stalled(self) -> bool:
        return self.newest is not None and self.newest.status == rules.Status.STALLED

    @property
    def quarters_slow(self) -> int:
        """In how many of the last reports it stood still, or else was behind."""
        alike = {rules.Status.STALLED} if self.is_stalled else rules.SLOW
        return len(list(takewhile(lambda status: status in alike, self.statuses.values())))


def task_histories(*, before: AsOf, asof: AsOf | None = None) -> tuple[TaskHistory, ...]:
    """Tasks in force in the plan's order, each with its history now and as of the day before."""
    tasks = (
        Task.objects.in_force()
        .select_related("category", "lead", "convenor")
        .annotate(
            **IS_SHARED.column(),
            **_NOW.column(asof, _REPORT, 1),
            **_THEN.column(before, _REPORT, 1),
            **_TOLD.column(asof, _STATUS, TOLD),
        )
        .order_by("category__number", "number")
    )
    return tuple(TaskHistory(task, _NOW.of(task), _THEN.of(task), _TOLD.of(task)) for task in tasks)


def heat_of(
    histories: Iterable[TaskHistory],
    periods: Sequence[Period],
    opened: OpenedQuarters = NOTHING_OPENED,
) -> HeatMap:
    """The heat map of these quarters; a quarter was open where anybody was asked or reported."""
    histories = list(histories)
    is_open = {*opened, *(period for one in histories for period in one.statuses)}
    fields = groupby(histories, key=lambda one: one.task.category)
    return HeatMap(
        tuple(periods),
        tuple(
            HeatRow(category, _cells(list(rows), periods, opened, is_open))
            for category, rows in fields
        ),
    )


def _cells(
    rows: Sequence[TaskHistory],
    periods: Sequence[Period],
    opened: OpenedQuarters,
    is_open: Collection[Period],
) -> tuple[HeatCell, ...]:
    return tuple(
        HeatCell(
            period,
            rules.quarter_summary(
                _status(one, period, opened.get(period, QuarterReports())) for one in rows
            ),
            period in is_open,
        )
        for period in periods
    )


def _status(one: TaskHistory, period: Period, asked: QuarterReports) -> str | None:
    """What waits and has an earlier version in force counts by that one."""
    return one.statuses.get(period) or asked.status(one.task.pk)


def _reports(asof: AsOf | None, names: Sequence[str], most: int) -> ArraySubquery:
    """The newest reports of a task as objects."""
    found = as_known(TaskProgress.objects.filter(task=OuterRef("pk")), asof)
    json = JSONRow(**{name: name for name in names})
    return ArraySubquery(found.order_by("-year", "-quarter").values(json=json)[:most])


def _statuses(rows: Iterable[Mapping[str, Any]]) -> Mapping[Period, str]:
    return {Period(row["year"], row["quarter"]): row["status"] for row in rows}


def _report(found: list[Mapping[str, Any]]) -> TaskProgress | None:
    for row in found:
        recorded_at = datetime.datetime.fromisoformat(row["recorded_at"])
        return TaskProgress(**{**row, "recorded_at": recorded_at})
    return None


_NOW = Annotation("now", _reports, _report)
_THEN = Annotation("then", _reports, _report)
_TOLD = Annotation("told", _reports, _statuses)
