"""What responsible agencies contribute to tasks: versions, one a quarter in force for each."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError

from agencies.models import User
from records import versions
from tasks.models import TaskContribution

_WHAT = "配合情况"


def record_contributions(
    *, rows: Sequence[TaskContribution], by: User | None
) -> list[TaskContribution]:
    """Put contributions (unsaved) in force, all or none; statements do not grow with the rows.

    Returns those that were new or different; a different one is a correction and asks for a
    reason. Raises ValidationError.
    """
    return versions.record(_SERIES, rows=rows, by=by)


def retract_contributions(
    *, rows: Sequence[TaskContribution], by: User | None, reason: str
) -> list[TaskContribution]:
    """Take contributions in force back; the versions before hold again and are returned."""
    return versions.retract(_SERIES, rows=rows, by=by, reason=reason)


def _check(row: TaskContribution) -> None:
    """Raise ValidationError in the words of the field that is wrong."""
    row.clean_fields(exclude=["task", "agency"])
    if row.nothing == bool(row.text):
        raise ValidationError({"text": "要么写明配合情况，要么注明本季度无配合事项"})
    versions.check_period(row.year, row.quarter, what=_WHAT)
    versions.check_in_force(row.task, field="task", what=_WHAT)


_SERIES = versions.Series(
    model=TaskContribution,
    owner="task",
    key=("task_id", "agency_id", "year", "quarter"),
    facts=("text", "nothing"),
    check=_check,
    related=("agency",),
)
