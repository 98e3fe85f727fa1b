"""Tasks with the newest report in force on several days."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from common.database.json_rows import JSONRow
from records.asof import AsOf, as_known
from tasks.models import Task, TaskProgress
from tasks.selectors.rows import IS_SHARED

_NAMES = ("year", "quarter", "version", "status", "problems", "reason", "recorded_at")


def tasks_on(*days: AsOf | None) -> list[tuple[Task, tuple[TaskProgress | None, ...]]]:
    """Tasks in force, each with its newest report as known on each day; one statement.

    IS_SHARED says whether the plan names agencies that answer for it together.
    """
    newest = {f"newest_{place}": _newest(asof) for place, asof in enumerate(days)}
    tasks = Task.objects.in_force().select_related("category", "lead", "convenor")
    found = tasks.annotate(**IS_SHARED.column(), **newest).order_by("category__number", "number")
    return [(task, tuple(_report(getattr(task, name)) for name in newest)) for task in found]


def _newest(asof: AsOf | None) -> ArraySubquery:
    reports = as_known(TaskProgress.objects.filter(task=OuterRef("pk")), asof)
    json = JSONRow(**{name: name for name in _NAMES})
    return ArraySubquery(reports.order_by("-year", "-quarter").values(json=json)[:1])


def _report(found: list[Mapping[str, Any]]) -> TaskProgress | None:
    """The record in part, for reading only."""
    for row in found:
        recorded_at = datetime.datetime.fromisoformat(row["recorded_at"])
        return TaskProgress(**{**row, "recorded_at": recorded_at})
    return None
