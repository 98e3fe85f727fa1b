"""Which quarters are reported, and the dates that follow from a quarter. Pure."""

import datetime
from dataclasses import dataclass

from common.quarters import Period
from reporting.periods.rules.thresholds import Thresholds
from reporting.periods.rules.working_days import WorkingDays

FIRST_YEAR = 2021
"""The plan counts from the end of 2020: no earlier quarter can be backfilled."""
MOST_MISSED_QUARTERS = 4
"""At most so many missed quarters are still planned automatically: one year."""


@dataclass(frozen=True)
class PeriodDates:
    """Opening, due and closing day of a period."""

    opens_on: datetime.date
    due_on: datetime.date
    closes_on: datetime.date


def usual_dates(
    *, period: Period, today: datetime.date, calendar: WorkingDays, thresholds: Thresholds
) -> PeriodDates:
    """Opening on a working day after the quarter's end, or today where that has passed."""
    opens = calendar.after(period.end, thresholds.whole("OPEN_WORKING_DAY"))
    opens = max(opens, calendar.on_or_after(today))
    due = calendar.after(opens, thresholds.whole("DUE_WORKING_DAYS") - 1)
    return PeriodDates(opens, due, calendar.after(due, thresholds.whole("CLOSE_WORKING_DAYS")))


def is_reporting_quarter(period: Period, thresholds: Thresholds) -> bool:
    """Whether the rhythm asks for a report on this quarter: every, every second, or each 4th."""
    return (period.quarter or 4) % thresholds.whole("RHYTHM_QUARTERS") == 0


def asks_annual(period: Period, thresholds: Thresholds) -> bool:
    """Whether a quarter also asks for last year's annual figures."""
    return str(period.quarter) in str(thresholds.whole("ANNUAL_QUARTERS"))


def is_backfill(period: Period, today: datetime.date) -> bool:
    """Whether a quarter is a backfill: the quarter after it has ended too."""
    return Period.last_closed(today).quarters_since(period) > 0


def coming_periods(
    *, newest: Period, today: datetime.date, thresholds: Thresholds
) -> tuple[Period, ...]:
    """The quarters after the newest known one, as far ahead as the settings plan.

    Includes those that have passed since; empty where automatic planning is off.
    """
    ahead = thresholds.whole("PLAN_AHEAD")
    quarters = list(Period.last_closed(today).back(MOST_MISSED_QUARTERS)) if ahead else []
    for _ in range(ahead):
        quarters.append(following(quarters[-1]))
    return tuple(
        one
        for one in quarters
        if one.quarters_since(newest) > 0 and is_reporting_quarter(one, thresholds)
    )


def next_period(
    *, today: datetime.date, known: frozenset[Period], thresholds: Thresholds
) -> Period:
    """The quarter to plan next: the last one that has ended, else the first unknown one after."""
    found = Period.last_closed(today)
    while found in known or not is_reporting_quarter(found, thresholds):
        found = following(found)
    return found


def earlier_periods(*, today: datetime.date, known: frozenset[Period]) -> tuple[Period, ...]:
    """Quarters that can still be backfilled, newest first, regardless of the current rhythm."""
    last = Period.last_closed(today).previous
    count = (last.year - FIRST_YEAR) * 4 + (last.quarter or 4)
    return tuple(period for period in reversed(last.back(count)) if period not in known)


def following(period: Period) -> Period:
    """The quarter after this one."""
    year, quarter = period.year, period.quarter or 4
    return Period(year + 1, 1) if quarter == 4 else Period(year, quarter + 1)
