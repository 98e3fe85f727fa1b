"""The approved progress of projects: versions, of which one for each quarter is in force."""

from collections.abc import Sequence
from decimal import Decimal

from django.core.exceptions import ValidationError

from agencies.models import User
from common.quarters import is_month
from projects.models import ProjectProgress
from records import versions

_WHAT = "项目进展"
_MONTHS = {"started_on": "实际开工", "completed_on": "实际竣工", "expected_on": "预计竣工"}


def record_progress_many(
    *, rows: Sequence[ProjectProgress], by: User | None
) -> list[ProjectProgress]:
    """Put projects' progress (unsaved) in force, all or none, in statements that do not grow.

    A different one for the same quarter is a correction: it becomes a new version, asks for a
    reason, and the old one stays. Returns those that were new or different; raises ValidationError.
    """
    return versions.record(_SERIES, rows=rows, by=by)


def retract_progress(
    *, rows: Sequence[ProjectProgress], by: User | None, reason: str
) -> list[ProjectProgress]:
    """Take progress in force back; the versions before hold again and are returned.

    A retracted version stays readable. Raises ValidationError if one is not in force any more.
    """
    return versions.retract(_SERIES, rows=rows, by=by, reason=reason)


def _check(row: ProjectProgress) -> None:
    """Raise ValidationError in the words of the field that is wrong."""
    row.clean_fields(exclude=["project"])
    versions.check_period(row.year, row.quarter, what=_WHAT)
    versions.check_in_force(row.project, field="project", what=_WHAT)
    if row.invested_wan is not None and row.invested_wan < 0:
        raise ValidationError({"invested_wan": "累计投资不能为负"})
    if row.works_percent is not None and not 0 <= row.works_percent <= Decimal(100):
        raise ValidationError({"works_percent": "形象进度须在0至100之间"})
    for name, label in _MONTHS.items():
        if getattr(row, name) and not is_month(getattr(row, name)):
            raise ValidationError({name: f"{label}写成年和月，如 2026-12"})
    if row.completed_on and row.started_on and row.completed_on < row.started_on:
        raise ValidationError({"completed_on": "实际竣工不能早于实际开工"})


_SERIES = versions.Series(
    model=ProjectProgress,
    owner="project",
    key=("project_id", "year", "quarter"),
    facts=(
        "status",
        "invested_wan",
        "works_percent",
        "works_note",
        *_MONTHS,
        "problems",
    ),
    check=_check,
)
