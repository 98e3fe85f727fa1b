"""The stored calendar of working days."""

import datetime
from collections.abc import Iterable, Mapping

from django.contrib.postgres.expressions import ArraySubquery
from django.utils import timezone

from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
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


def _days_around() -> ArraySubquery:
    today = timezone.localdate()
    near = CalendarDay.objects.filter(day__range=(today - _AROUND, today + _AROUND))
    return ArraySubquery(near.values(json=JSONRow(day="day", kind="kind")))


def _read_days(found: Iterable[Mapping[str, str]]) -> WorkingDays:
    days = [(datetime.date.fromisoformat(row["day"]), row["kind"]) for row in found]
    return WorkingDays(
        frozenset(day for day, kind in days if kind == DayKind.HOLIDAY),
        frozenset(day for day, kind in days if kind == DayKind.WORKDAY),
    )


_AROUND = datetime.timedelta(days=90)
WORKING_DAYS = Annotation("calendar", _days_around, _read_days)
"""The calendar of some weeks before and after today, beside the rows of another statement."""


def special_days(*, year: int) -> tuple[SpecialDay, ...]:
    """The special days of a year, sorted."""
    rows = CalendarDay.objects.filter(day__year=year).order_by("day")
    return tuple(SpecialDay(row.day, row.kind, row.name) for row in rows)


def entered_years() -> tuple[int, ...]:
    """The years that have special days."""
    days: Iterable[datetime.date] = CalendarDay.objects.dates("day", "year")
    return tuple(day.year for day in days)
