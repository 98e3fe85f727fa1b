"""The current thresholds."""

from reporting.models import ReportingSetting
from reporting.periods.rules.thresholds import Thresholds


def thresholds() -> Thresholds:
    """The current numbers and the rules switched off, in one statement."""
    rows = list(ReportingSetting.objects.all())
    return Thresholds(
        {row.code: row.value for row in rows if row.value is not None},
        frozenset(row.code for row in rows if row.is_off),
    )
