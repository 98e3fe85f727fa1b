"""The year whose required level a value has reached: the inverse of the required line.

It puts targets of different units on one axis, and expresses a lag in months.

Source: 序时进度 as practised, where progress is what lies beside the time that has gone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from targets.rules.enumerations import SLOPED, Course
from targets.rules.terms import Actual, Terms
from targets.rules.trends.trajectory import HUNDRED, Point

MONTHS = 12
_FINE = Decimal("1e-9")


@dataclass(frozen=True)
class ReachedYear:
    """The position of a value on the required line; 2025 is the end of that year.

    `months` is the lead over the value's own date in whole months, negative for a lag; None beyond
    the line's ends, where months have no meaning. Before its start `year` is None too and
    `is_before_base` is true.
    """

    year: Decimal | None
    months: int | None = None
    is_before_base: bool = False


@dataclass(frozen=True)
class _Way:
    """From a base or a goal to the next goal; `rises` if the goal is kept by rising."""

    start: Point
    end: Point
    rises: bool
    is_geometric: bool
    is_from_base: bool = False

    @property
    def is_climbed(self) -> bool:
        """Whether it runs in the goal's direction: neither flat nor back."""
        return self.start[1] != self.end[1] and (self.end[1] > self.start[1]) == self.rises

    def share(self, value: Decimal) -> Decimal:
        """How much of the way a value has made: below 0 before its start, above 1 past its end."""
        if self.is_geometric and max(self.start[1], self.end[1], value) < HUNDRED:
            left = (HUNDRED - value) / (HUNDRED - self.start[1])
            whole = (HUNDRED - self.end[1]) / (HUNDRED - self.start[1])
            return left.ln() / whole.ln()
        return (value - self.start[1]) / (self.end[1] - self.start[1])

    def year(self, share: Decimal) -> Decimal:
        return self.start[0] + (self.end[0] - self.start[0]) * share


def reached_year(terms: Terms, actual: Actual) -> ReachedYear | None:
    """The year that a value has reached, on the way to the first goal after its date.

    Below the start of that way it lies on the one before, at most at its end. Past the last
    goal it lies on the way there, without months: nothing more was required. None without a way
    that climbs (no base, 左右, steps, at any time), and for values on another basis.
    """
    ways = list(_ways(terms))
    has_base = bool(ways) and ways[0].is_from_base
    if actual.value is None or not has_base or not terms.is_own_basis(actual):
        return None
    date = date_of(actual)
    ahead = next((place for place, way in enumerate(ways) if way.end[0] > date), None)
    found = _on(ways[: None if ahead is None else ahead + 1], actual.value)
    if found is None or found.year is None or ahead is None:
        return found
    if found.year >= ways[ahead].end[0]:
        return found
    months = ((found.year - date) * MONTHS).quantize(_FINE).to_integral_value(ROUND_DOWN)
    return ReachedYear(found.year, int(months))


def date_of(actual: Actual) -> Decimal:
    """The end of a value's period on the line's scale: 2025 for the year, 2025.75 for 2026Q3."""
    quarter = actual.quarter or 4
    return actual.year - 1 + Decimal(quarter) / 4


def _on(ways: list[_Way], value: Decimal) -> ReachedYear | None:
    """The position on the last way, or on an earlier one if the value is below its start."""
    for way in reversed(ways):
        if not way.is_climbed:
            return None
        share = way.share(value)
        if share >= 0:
            return ReachedYear(way.year(min(share, Decimal(1))))
    return ReachedYear(None, is_before_base=True)


def _ways(terms: Terms) -> Iterator[_Way]:
    base = before = _base(terms)
    for goal in terms.numeric_goals:
        if goal.last_year is None or goal.value is None or goal.is_band:
            before = None
            continue
        end = (goal.last_year, goal.value)
        if goal.base_year is not None and goal.base_value is not None:
            own = goal.base_year, goal.base_value
            yield _Way(own, end, not goal.lower_is_better, is_geometric=True, is_from_base=True)
        elif before and terms.pace in SLOPED:
            is_geometric = terms.pace == Course.GEOMETRIC
            yield _Way(before, end, not goal.lower_is_better, is_geometric, before == base)
        before = end


def _base(terms: Terms) -> Point | None:
    if terms.baseline_year is None or terms.baseline_value is None:
        return None
    return terms.baseline_year, terms.baseline_value
