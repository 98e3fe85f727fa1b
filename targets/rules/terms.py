"""The input of the rules: a target's terms, goals and values, independent of the database."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Self

from common.formats import rounded
from common.quarters import Period
from targets.rules.enumerations import (
    COMPARISONS,
    GOAL_STATES,
    LOWER_IS_BETTER,
    NATURES,
    NUMBERED,
    SETTLED_GRADES,
    Comparison,
    Course,
    GoalState,
    Grade,
    Kind,
    Nature,
)
from targets.rules.judging_rules import DEFAULT_RULES, JudgingRules, Tolerance
from targets.rules.series.chaining import chain


@dataclass(frozen=True)
class Goal:
    """A current milestone. `value` is in the target's unit; None if pending or without a number.

    A reduction may be stated against another year than the target's base year: then `entered` is
    the number in the document and `base_year` its year; the terms convert it by `base_value`, the
    reduction of that year, and `value` is None until there is one. An empty basis means the
    target's own.
    """

    year: int | None
    nature: Nature = Nature.NUMBER
    comparison: Comparison | None = Comparison.AT_LEAST
    state: GoalState = GoalState.SET
    value: Decimal | None = None
    base_year: int | None = None
    entered: Decimal | None = None
    base_value: Decimal | None = None
    basis: str = ""
    kept_since: int | None = None
    """The year of an earlier goal, if that is what the year has to keep (巩固)."""

    @classmethod
    def stored(
        cls,
        year: int | None,
        nature: str,
        comparison: str,
        state: str,
        value: Decimal | None,
        base_year: int | None = None,
        basis_id: str | None = None,
    ) -> Self:
        """A goal from stored values; a goal without a number has no comparison."""
        compared = COMPARISONS[comparison] if comparison else None
        known = cls(year, NATURES[nature], compared, GOAL_STATES[state], value)
        known = replace(known, basis=basis_id or "")
        if base_year is None or value is None:
            return known
        return replace(known, value=None, base_year=base_year, entered=value)

    def on_base(self, base_value: Decimal | None, decimals: int) -> Self:
        """The goal converted to the target's own base year: 13.5 % after 15.6 % are 26.99 %."""
        if self.entered is None:
            return self
        found = None if base_value is None else chain((base_value, self.entered))
        value = None if found is None else rounded(found, decimals)
        return replace(self, value=value, base_value=base_value)

    def kept_in(self, year: int) -> Self:
        """This goal as what a later year has to keep."""
        if self.year is None or self.year >= year:
            return self
        return replace(self, year=year, kept_since=self.year)

    @property
    def waits_for_base(self) -> bool:
        """Whether its number cannot be converted yet."""
        return self.entered is not None and self.value is None

    @property
    def is_number(self) -> bool:
        return self.value is not None and self.nature in NUMBERED

    @property
    def is_band(self) -> bool:
        """Whether it is 左右: values on both sides keep it."""
        return self.comparison == Comparison.ABOUT

    @property
    def is_pending(self) -> bool:
        """Whether the city has not assigned its number yet."""
        return self.state == GoalState.PENDING

    @property
    def lower_is_better(self) -> bool:
        return self.comparison in LOWER_IS_BETTER

    @property
    def last_year(self) -> int | None:
        """The last year that has to keep it: 2030年前 ends with 2029, 到2030年 with 2030."""
        if self.year is not None and self.comparison == Comparison.BEFORE_YEAR:
            return self.year - 1
        return self.year


@dataclass(frozen=True)
class Actual:
    """The current value of one year. An empty basis means the target's own.

    One that waits for review settles nothing, whatever its grade. Only a value judged separately
    (`Terms.ending_with`) may be of a quarter.
    """

    year: int
    value: Decimal | None
    grade: Grade
    basis: str = ""
    not_applicable: bool = False
    is_unreviewed: bool = False
    quarter: int | None = None

    @property
    def is_settled(self) -> bool:
        return self.grade in SETTLED_GRADES and not self.is_unreviewed

    @property
    def period(self) -> Period:
        return Period(self.year, self.quarter)


@dataclass(frozen=True)
class FirstPublished:
    """The value published first for a year whose value is final now."""

    year: int
    value: Decimal
    basis: str = ""


@dataclass(frozen=True)
class Terms:
    """All that judging a target needs. Values are in its unit; actuals are annual.

    Actuals are sorted on creation: oldest first, within a year other bases before the target's own
    and provisional before final values, so that the last one counts. `quarterly` is the newest
    quarterly value on the target's own basis: shown, not judged. `year_ends` are fourth quarters of
    a stock, which may be confirmed as annual values. `is_share`: a part of a whole, at most 100.
    `is_flow`: an amount per year, which starts anew with each.
    """

    kind: Kind
    goals: tuple[Goal, ...]
    actuals: tuple[Actual, ...] = ()
    pace: Course = Course.LINEAR
    unit: str = ""
    decimals: int = 1
    is_striven: bool = False
    tolerance_percent: Decimal | None = None
    is_tolerance_confirmed: bool = False
    baseline_year: int | None = None
    baseline_value: Decimal | None = None
    basis: str = ""
    judging: JudgingRules = DEFAULT_RULES
    is_share: bool = False
    is_flow: bool = False
    first_published: tuple[FirstPublished, ...] = ()
    quarterly: Actual | None = None
    year_ends: tuple[Actual, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "actuals", tuple(sorted(self.actuals, key=self._rank)))
        goals = tuple(goal.on_base(self._base_value(goal), self.decimals) for goal in self.goals)
        object.__setattr__(self, "goals", goals)

    def under(self, judging: JudgingRules) -> Self:
        """The same terms judged by a version of the rules; the target's own tolerance stays.

        Only for the terms of a target, not for those that have a version already.
        """
        own = self.tolerance_percent
        return replace(
            self,
            judging=judging,
            tolerance_percent=judging.tolerance_percent if own is None else own,
        )

    def with_tolerance(self, percent: Decimal | None) -> Self:
        """The same terms with another 左右 tolerance."""
        return replace(self, tolerance_percent=percent)

    def with_unreviewed(self, values: Iterable[Actual]) -> Self:
        """The same terms with values that wait for review replacing those of their years.

        A waiting value equal to the current one changes nothing.
        """
        new = tuple(
            value for value in values if replace(value, is_unreviewed=False) not in self.actuals
        )
        taken = {(value.year, self._basis_of(value.basis)) for value in new}
        kept = (a for a in self.actuals if (a.year, self._basis_of(a.basis)) not in taken)
        return replace(self, actuals=(*kept, *new)) if new else self

    def with_quarters(self, values: Iterable[Actual]) -> Self:
        """The same terms with the newest of these quarterly values and their own.

        A value that waits for review replaces the current one of its quarter, unless they are
        equal.
        """
        known = () if self.quarterly is None else (self.quarterly,)
        new = (
            value
            for value in values
            if value.value is not None and self.is_own_basis(value)
            if not (value.is_unreviewed and replace(value, is_unreviewed=False) in known)
        )
        newest = max((*new, *known), key=lambda value: value.period.end, default=None)
        return self if newest is self.quarterly else replace(self, quarterly=newest)

    def ending_with(self, value: Actual) -> Self:
        """The same terms with `value` as the newest: other values of its year or later are dropped.

        A value equal to the current one stands for it.
        """
        held = replace(value, is_unreviewed=False)
        earlier = (actual for actual in self.actuals if actual.year < value.year)
        last = held if held in self.actuals else value
        return replace(self, actuals=(*earlier, last), quarterly=None)

    @property
    def tolerance(self) -> Tolerance:
        """The 左右 tolerance, rounded as the target is."""
        return Tolerance(self.tolerance_percent or self.judging.tolerance_percent, self.decimals)

    @property
    def has_unreviewed(self) -> bool:
        return any(actual.is_unreviewed for actual in self.actuals)

    @cached_property
    def series(self) -> tuple[Actual, ...]:
        """The values of the newest accounting basis: only these are compared and joined."""
        numbers = [actual for actual in self.actuals if actual.value is not None]
        if not numbers:
            return ()
        basis = self._basis_of(numbers[-1].basis)
        return tuple(actual for actual in numbers if self._basis_of(actual.basis) == basis)

    @property
    def revised(self) -> tuple[tuple[Decimal, Decimal], ...]:
        """First published and final value of the years that have both."""
        settled = {
            (actual.year, self._basis_of(actual.basis)): actual.value
            for actual in self.series
            if actual.is_settled
        }
        found = (
            (first.value, settled.get((first.year, self._basis_of(first.basis))))
            for first in self.first_published
        )
        return tuple((first, final) for first, final in found if final is not None)

    @property
    def latest(self) -> Actual | None:
        """The newest annual value, None if there is none."""
        return self.series[-1] if self.series else None

    @property
    def newest_value(self) -> Actual | None:
        """The newest value of a year or a quarter; of two that end on one day the annual one."""
        latest, quarter = self.latest, self.quarterly
        if latest is None or quarter is None:
            return latest or quarter
        return quarter if quarter.period.end > latest.period.end else latest

    @property
    def newest(self) -> Actual | None:
        """The newest annual report, including 不适用."""
        return self.actuals[-1] if self.actuals else None

    @property
    def compounds(self) -> bool:
        """Whether the values are cumulative reductions, including those that the city assigns."""
        return self.pace == Course.GEOMETRIC or (self.kind == Kind.ASSIGNED and self.unit == "%")

    @property
    def is_peak(self) -> bool:
        """Whether the goal is a peak by a year, not a number."""
        return self.kind == Kind.PEAK_BY

    @property
    def is_qualitative(self) -> bool:
        return self.kind == Kind.QUALITATIVE

    @property
    def lower_is_better(self) -> bool:
        return any(goal.lower_is_better for goal in self.goals)

    @cached_property
    def numeric_goals(self) -> tuple[Goal, ...]:
        """Numeric goals with a year, on the target's own basis, by year: they form the line."""
        return tuple(goal for goal in self.dated_goals if self.is_own_basis(goal))

    @cached_property
    def dated_goals(self) -> tuple[Goal, ...]:
        """Numeric goals with a year on any basis, by year."""
        dated = [goal for goal in self.goals if goal.is_number and goal.year]
        return tuple(sorted(dated, key=lambda goal: goal.year or 0))

    @property
    def standing_goal(self) -> Goal | None:
        """The goal without a year, which always applies, if it is on the target's own basis."""
        goal = self.any_standing_goal
        return goal if goal and self.is_own_basis(goal) else None

    @property
    def any_standing_goal(self) -> Goal | None:
        """The goal without a year, on any basis."""
        return next((goal for goal in self.goals if goal.year is None), None)

    def goal(self, year: int) -> Goal | None:
        """The goal of a year, on any basis; a standing one applies to every year."""
        named = next((goal for goal in self.goals if goal.year == year), None)
        return named or self.any_standing_goal

    def kept_goal(self, year: int) -> Goal | None:
        """The last number before a year without a goal of its own, which it has to keep (巩固).

        Source: 方案 二; what a milestone asked for stays a floor.
        """
        earlier = [goal for goal in self.dated_goals if (goal.year or 0) < year]
        return earlier[-1].kept_in(year) if earlier and self.goal(year) is None else None

    def actual(self, year: int, basis: str = "") -> Actual | None:
        """The value of a year on `basis`, by default the target's own, else on another basis."""
        found = [actual for actual in self.actuals if actual.year == year]
        own = [a for a in found if self._basis_of(a.basis) == self._basis_of(basis)]
        known = own or found
        return known[-1] if known else None

    def year_end(self, year: int) -> Actual | None:
        """The fourth quarter's value of a stock whose annual value is missing."""
        if self.actual(year) is not None:
            return None
        return next((value for value in self.year_ends if value.year == year), None)

    def base_of(self, goal: Goal) -> Actual | None:
        """The annual value that a goal is stated against; until it is final the newest."""
        found = None if goal.base_year is None else self.actual(goal.base_year, goal.basis)
        if found is None or found.quarter is not None or not self.fits(goal, found):
            return None
        return found

    def _base_value(self, goal: Goal) -> Decimal | None:
        found = self.base_of(goal)
        return found.value if found else None

    def is_own_basis(self, one: Actual | Goal) -> bool:
        return one.basis in {"", self.basis}

    def fits(self, goal: Goal, actual: Actual) -> bool:
        """Whether a value has the basis of a goal: others are never compared."""
        return self._basis_of(goal.basis) == self._basis_of(actual.basis)

    def _rank(self, actual: Actual) -> tuple[int, bool, bool, str, Decimal]:
        own, value = self.is_own_basis(actual), actual.value or Decimal(0)
        return actual.year, own, actual.is_settled, actual.basis, value

    def _basis_of(self, basis: str) -> str:
        return "" if basis in {"", self.basis} else basis
