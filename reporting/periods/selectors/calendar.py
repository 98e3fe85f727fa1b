"""The stored calendar of working days."""

import datetime
from collections.abc import Iterable

from reporting.choices import DayKind
from reporting.models import CalendarDay
from reporting.periods.rules.holiday_list import SpecialDay
from reporting.periods.rules.working_days import WorkingDays


def working_days() -> WorkingDays:
    """All special days, in one statement."""
    rows = list(CalendarDay.objects.values_list("day", "kind"))
    return WorkingDays(
        frozenset(day for day, kind in rows if kind == DayKind.HOLIDAY),
        frozenset(day for day, kind in rows if kind == DayKind.WORKDAY),
    )


def special_days(*, year: int) -> tuple[SpecialDay, ...]:
    """The special days of a year, sorted."""
    rows = CalendarDay.objects.filter(day__year=year).order_by("day")
    return tuple(SpecialDay(row.day, row.kind, row.name) for row in rows)


def entered_years() -> tuple[int, ...]:
    """The years that have special days."""
    days: Iterable[datetime.date] = CalendarDay.objects.dates("day", "year")
    return tuple(day.year for day in days)
