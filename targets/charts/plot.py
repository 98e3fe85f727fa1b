"""What a trajectory holds: the values that it shows, and a vertical axis with room for them."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property

from targets import rules
from targets.charts import marks
from targets.charts.data_points import DataPoint, data_points
from targets.charts.forecast import Forecast, forecast_of
from targets.models import Observation
from targets.selectors import TargetDetail

ROOM = Decimal("0.14")
HEIGHT = {True: 360, False: 300}
MARGIN = {True: (56, 128, 34, 36), False: (44, 84, 34, 30)}
"""Pixels of the wide drawing and of that for a phone."""
LEVEL_KINDS = frozenset({"about", "peak_by", "qualitative"})


def years_of(detail: TargetDetail) -> range:
    """The years of the axis: from the base or the first value to the last goal, value or today."""
    milestones, terms = detail.judged.years, detail.terms
    known = [actual.year for actual in terms.actuals if actual.value is not None]
    goals = [goal.year for goal in terms.goals if goal.year]
    base = milestones.base or terms.baseline_year or milestones.settled
    last = milestones.horizon or milestones.ahead
    return range(min([base, *known]), max([last, *goals, *known, milestones.today.year]) + 1)


def limits_of(goal: rules.Goal, terms: rules.Terms) -> tuple[Decimal, Decimal]:
    """Both ends of what a goal allows; its value where a side is open."""
    low, high = rules.limits(goal, terms.tolerance)
    value = goal.value or Decimal(0)
    return (value if low is None else low), (value if high is None else high)


@dataclass(frozen=True)
class Plot:
    """The values of one trajectory."""

    detail: TargetDetail

    @property
    def terms(self) -> rules.Terms:
        return self.detail.terms

    @property
    def milestones(self) -> rules.MilestoneYears:
        """The milestone years of the plan on the day."""
        return self.detail.judged.years

    @cached_property
    def years(self) -> range:
        return years_of(self.detail)

    @cached_property
    def annual_points(self) -> tuple[DataPoint, ...]:
        """Baseline and annual values, joined by the line."""
        return data_points(self.terms)

    @cached_property
    def quarters(self) -> list[Observation]:
        """Quarterly values after the newest annual one, of the target's basis."""
        after, waiting = self.detail.judged.latest_year or 0, self.detail.judged.waiting
        current = [row for row in self.detail.observations if row.quarter and row.is_current]
        known = {row.period: row for row in (*current, *waiting)}
        return [
            row
            for _, row in sorted(known.items(), key=lambda item: item[0].end)
            if row.value is not None
            and row.year > after
            and row.basis_name in {"", self.terms.basis}
        ]

    @cached_property
    def required(self) -> list[tuple[int, Decimal]]:
        """The required line, year by year; a band and a peak have none."""
        if self.terms.kind in LEVEL_KINDS:
            return []
        found = ((year, rules.required(self.terms, year)) for year in self.years)
        return [(year, value) for year, value in found if value is not None]

    @cached_property
    def goals(self) -> tuple[rules.Goal, ...]:
        """Milestones with a number; those of a peak are years."""
        return () if self.terms.is_peak else self.terms.numeric_goals

    @cached_property
    def pending(self) -> tuple[rules.Goal, ...]:
        """Milestones whose value the city has not set yet."""
        return tuple(goal for goal in self.terms.goals if goal.is_pending and goal.year)

    @cached_property
    def forecast(self) -> Forecast | None:
        """The extrapolation, where the rules make one."""
        return forecast_of(self.terms, self.detail.judged.outlook)

    @cached_property
    def open_gap(self) -> tuple[Decimal, Decimal] | None:
        """Value and goal of the settled year where the goal was missed."""
        judged = self.detail.judged.present
        if judged.met or not (judged.shortfall and judged.goal and judged.actual):
            return None
        if judged.goal.value is None or judged.actual.value is None:
            return None
        return judged.actual.value, judged.goal.value

    @property
    def last_year_to_peak(self) -> int | None:
        """The end of the years that are left to peak in; None of any other kind."""
        ends = [goal.last_year for goal in self.terms.goals if goal.nature == rules.Nature.EVENT]
        return ends[0] if self.terms.is_peak and ends else None

    @cached_property
    def heights(self) -> list[Decimal]:
        """Every value that the vertical axis has to hold; empty if nothing can be drawn."""
        values = [spot.value for spot in self.annual_points]
        values += self.forecast.heights if self.forecast else ()
        values += [old for _, old, _ in marks.superseded(self.detail)]
        others = marks.other_values(self.terms)
        values += [other.value for other in others if other.value is not None]
        values += [row.value for row in self.quarters if row.value is not None]
        for goal in self.goals:
            values += limits_of(goal, self.terms)
        return [*values, *(value for _, value in self.required)]

    @cached_property
    def span(self) -> tuple[Decimal, Decimal]:
        """Low and high end of the vertical axis, a little wider than the values.

        A band is at least three tolerances wide on each side, so that noise is not blown up; a
        level line alone stands in the middle of a tenth of its value.
        """
        low, high = min(self.heights), max(self.heights)
        for goal in self.goals:
            if goal.is_band and goal.value is not None:
                bottom, top = limits_of(goal, self.terms)
                low = min(low, goal.value - 3 * (goal.value - bottom))
                high = max(high, goal.value + 3 * (top - goal.value))
        if low == high:
            low, high = low - abs(low) / 10, high + abs(high) / 10
        room = max((high - low) * ROOM, Decimal("0.02"))
        if any(goal.is_pending for goal in self.terms.goals):
            high += room
        step = Decimal(1) if high - low >= 5 else Decimal("0.1") if high - low >= 1 else None
        ends = low - room, high + room
        if step is None:
            return ends
        return ends[0].quantize(step, ROUND_FLOOR), ends[1].quantize(step, ROUND_CEILING)

    @property
    def top(self) -> Decimal:
        """Just below the upper end: where what has no value yet stands."""
        low, high = self.span
        return high - (high - low) * Decimal("0.06")

    @property
    def is_from_zero(self) -> bool:
        """Whether the vertical axis includes zero."""
        low, high = self.span
        return low <= 0 <= high
