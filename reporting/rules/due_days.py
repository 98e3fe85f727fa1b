"""The days that bind an obligation. Pure."""

import datetime


def report_day(*, extended: datetime.date | None, period_due: datetime.date) -> datetime.date:
    """The day of the first report: of the extension or of the period, whichever is later."""
    return max(extended or datetime.date.min, period_due)


def binding_day(
    *,
    answer_due: datetime.date | None,
    is_correction: bool,
    extended: datetime.date | None,
    period_due: datetime.date,
) -> datetime.date | None:
    """The one day by which the agency has to act: of the return, else the day of the report.

    None for a correction that nobody has returned: its first report has come, and nothing sets it
    a day. An unlocking sets none either: what it lets in is late.
    """
    if answer_due or is_correction:
        return answer_due
    return report_day(extended=extended, period_due=period_due)
