"""Plans coming quarters automatically, and moves them with calendar and settings."""

import datetime
from dataclasses import dataclass

from django.db import transaction

from audit import services as audit
from reporting.models import ReportingPeriod
from reporting.periods.rules.rhythm import (
    asks_annual,
    coming_periods,
    is_backfill,
    is_reporting_quarter,
    usual_dates,
)
from reporting.periods.rules.thresholds import Thresholds
from reporting.periods.rules.working_days import WorkingDays
from reporting.periods.selectors.calendar import working_days

PLANNED, MOVED, REMOVED = "自动建立填报期", "自动调整填报期", "自动取消填报期"


@dataclass(frozen=True)
class _Day:
    """What the planning of a day depends on."""

    today: datetime.date
    calendar: WorkingDays
    numbers: Thresholds


@transaction.atomic
def plan_ahead(*, today: datetime.date, numbers: Thresholds) -> None:
    """Plan the quarters after the newest one, and update those planned automatically before.

    The first period and each one that somebody has saved belong to the bureau and stay as they are.
    Idempotent.
    """
    # Locked, so that the job does not overwrite a period that a person saves meanwhile.
    rows = ReportingPeriod.objects.select_for_update().order_by("year", "quarter")
    known = {row.period: row for row in rows}
    if not known:
        return
    day = _Day(today, working_days(), numbers)
    for row in known.values():
        if row.is_automatic and row.is_planned:
            _keep(row, day)
    newest = next(reversed(known))
    for of in coming_periods(newest=newest, today=today, thresholds=numbers):
        row = ReportingPeriod(year=of.year, quarter=of.quarter or 0, is_automatic=True)
        _date(row, day, PLANNED)


def _keep(row: ReportingPeriod, day: _Day) -> None:
    """Update an automatic period; one that nobody opened stays where it is from its day on."""
    if not is_reporting_quarter(row.period, day.numbers):
        _remove(row)
    elif row.opens_on > day.today or day.numbers.whole("OPENS_ITSELF"):
        _date(row, day, MOVED)


def _date(row: ReportingPeriod, day: _Day, action: str) -> None:
    """Date a period by the rhythm; not before the holidays of its year are entered."""
    dates = usual_dates(
        period=row.period, today=day.today, calendar=day.calendar, thresholds=day.numbers
    )
    if day.calendar.missing_years(dates.opens_on, dates.opens_on):
        return
    row.opens_on, row.due_on, row.closes_on = dates.opens_on, dates.due_on, dates.closes_on
    row.asks_annual = asks_annual(row.period, day.numbers)
    row.is_backfill = is_backfill(row.period, day.today)
    audit.save(row, by=None, action=action)


def _remove(row: ReportingPeriod) -> None:
    """Delete a quarter that the rhythm no longer asks for, unless it was opened before."""
    if not row.obligations.exists():
        audit.record(audit.Entry(REMOVED, "填报期", row.code, str(row)), by=None)
        row.delete()
