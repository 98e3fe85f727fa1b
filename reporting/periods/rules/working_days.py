"""Working days: weekdays except holidays, and weekend days that are worked. Pure."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

_DAY = datetime.timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True)
class WorkingDays:
    """The special days, and the years for which they are entered.

    In a year without entries every weekday counts, so pages name the missing years.
    """

    holidays: frozenset[datetime.date] = frozenset()
    worked: frozenset[datetime.date] = frozenset()

    @property
    def years(self) -> frozenset[int]:
        """The years that are entered: those with a holiday."""
        return frozenset(day.year for day in self.holidays)

    def is_working(self, day: datetime.date) -> bool:
        """Whether offices work on a day."""
        return day in self.worked or (day.weekday() < _SATURDAY and day not in self.holidays)

    def on_or_after(self, day: datetime.date) -> datetime.date:
        """The day itself if it is a working day, else the next one."""
        return next(found for found in _days(day) if self.is_working(found))

    def on_or_before(self, day: datetime.date) -> datetime.date:
        """The day itself if it is a working day, else the last one before it."""
        return next(found for found in _days(day, -_DAY) if self.is_working(found))

    def after(self, day: datetime.date, count: int) -> datetime.date:
        """The count-th working day after a day; the day itself where the count is 0."""
        found = day
        for _ in range(count):
            found = self.on_or_after(found + _DAY)
        return found

    def between(self, first: datetime.date, last: datetime.date) -> int:
        """How many working days lie between two days, neither of which is counted."""
        span = (last - first).days
        return sum(self.is_working(first + _DAY * n) for n in range(1, span))

    def missing_years(self, first: datetime.date, last: datetime.date) -> tuple[int, ...]:
        """Years from the first day to the last that are not entered."""
        years = self.years
        return tuple(year for year in range(first.year, last.year + 1) if year not in years)


def _days(day: datetime.date, step: datetime.timedelta = _DAY) -> Iterator[datetime.date]:
    while True:
        yield day
        day += step
