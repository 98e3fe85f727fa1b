"""When periods are due: which quarters, and the dates that follow from a quarter. Pure."""

import datetime
from dataclasses import dataclass

from common.quarters import Period
from reporting.rules.thresholds import Thresholds
from reporting.rules.working_days import WorkingDays

FIRST_YEAR = 2021
"""The plan counts from the end of 2020: nothing before can be back-filled."""


@dataclass(frozen=True)
class PeriodDates:
    """Opening, due and closing day of a period."""

    opens_on: datetime.date
    due_on: datetime.date
    closes_on: datetime.date


def usual_dates(
    *, period: Period, today: datetime.date, calendar: WorkingDays, thresholds: Thresholds
) -> PeriodDates:
    """Open on the first working day after the quarter's end, or today where that has passed."""
    opens = calendar.on_or_after(max(period.end + datetime.timedelta(days=1), today))
    due = calendar.after(opens, thresholds.whole("DUE_WORKING_DAYS") - 1)
    return PeriodDates(opens, due, calendar.after(due, thresholds.whole("CLOSE_WORKING_DAYS")))


def is_reporting_quarter(period: Period, thresholds: Thresholds) -> bool:
    """Whether the rhythm asks for a report on this quarter: each, every second, or the last."""
    return (period.quarter or 4) % thresholds.whole("RHYTHM_QUARTERS") == 0


def next_period(
    *, today: datetime.date, known: frozenset[Period], thresholds: Thresholds
) -> Period:
    """The quarter to be planned next: the last one that has ended, else those that follow."""
    found = Period.last_closed(today)
    while found in known or not is_reporting_quarter(found, thresholds):
        found = following(found)
    return found


def earlier_periods(*, today: datetime.date, known: frozenset[Period]) -> tuple[Period, ...]:
    """Quarters that can still be back-filled, the newest first, whatever the rhythm is now."""
    last = Period.last_closed(today).previous
    count = (last.year - FIRST_YEAR) * 4 + (last.quarter or 4)
    return tuple(period for period in reversed(last.back(count)) if period not in known)


def following(period: Period) -> Period:
    """The quarter after this one."""
    year, quarter = period.year, period.quarter or 4
    return Period(year + 1, 1) if quarter == 4 else Period(year, quarter + 1)
