"""The approved progress of tasks: versions, of which one for each quarter is in force."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError

from agencies.models import User
from common.quarters import is_month
from records import versions
from tasks.models import TaskProgress

_WHAT = "任务进展"


def record_progress_many(*, rows: Sequence[TaskProgress], by: User | None) -> list[TaskProgress]:
    """Put tasks' progress (unsaved) in force, all or none, in statements that do not grow.

    A different one for the same quarter is a correction: it becomes a new version, asks for a
    reason, and the old one stays. Returns those that were new or different; raises ValidationError.
    """
    return versions.record(_SERIES, rows=rows, by=by)


def retract_progress(
    *, rows: Sequence[TaskProgress], by: User | None, reason: str
) -> list[TaskProgress]:
    """Take progress in force back; the versions before hold again and are returned.

    A retracted version stays readable. Raises ValidationError if one is not in force any more.
    """
    return versions.retract(_SERIES, rows=rows, by=by, reason=reason)


def _check(row: TaskProgress) -> None:
    """Raise ValidationError in the words of the field that is wrong."""
    row.clean_fields(exclude=["task"])
    versions.check_period(row.year, row.quarter, what=_WHAT)
    versions.check_in_force(row.task, field="task", what=_WHAT)
    if row.next_due and not is_month(row.next_due):
        raise ValidationError({"next_due": "完成时限写成年和月，如 2026-12"})
    if row.quantity_value is not None and not row.quantity_name:
        raise ValidationError({"quantity_name": "有量化数值的，写明是什么的数值"})


_SERIES = versions.Series(
    model=TaskProgress,
    owner="task",
    key=("task_id", "year", "quarter"),
    facts=(
        "status",
        "narrative",
        "problems",
        "coordination",
        "next_steps",
        "next_due",
        "quantity_name",
        "quantity_value",
        "quantity_unit",
    ),
    check=_check,
)
