"""A missed milestone is carried over: what is left to do by the next one."""

import datetime
from dataclasses import dataclass, replace
from decimal import Decimal

from targets.rules.terms import Actual, Goal, Terms
from targets.rules.trends.pace import last_year_gone, yearly_needed
from targets.rules.verdicts.judgement import limits, meets, shortfall


@dataclass(frozen=True)
class CarryOver:
    """What is left of a missed goal by the newest value on its basis, in the unit.

    `aim` is the goal of the later year, or the missed one as a floor. `lacking` is negative if the
    value exceeds the requirement. `needed` is the signed change a year from `today` to the aim,
    None if the newest value keeps it or none can be computed. `made_up_in` is the first later year
    whose settled value kept the missed goal.
    """

    year: int
    goal: Goal
    until: int | None
    today: datetime.date
    aim: Goal
    is_floor: bool
    latest: Actual | None = None
    lacking: Decimal | None = None
    lacking_aim: Decimal | None = None
    needed: Decimal | None = None
    is_kept: bool = False
    made_up_in: int | None = None


def carry_over(
    terms: Terms, year: int, *, until: int | None, today: datetime.date
) -> CarryOver | None:
    """What is left of a year's goal until a later year, or without an end if there is none.

    None for a goal without a number.

    Source: 方案 二; a goal that is not reached stays a goal.
    """
    goal = terms.goal(year)
    if goal is None or goal.value is None or not goal.is_number:
        return None
    own = [goal for goal in terms.numeric_goals if year < (goal.year or 0) <= (until or year)]
    aim = own[-1] if own else replace(goal, year=until or year)
    found = CarryOver(year, goal, until, today, aim, is_floor=not own)
    latest = terms.latest
    if latest is None or latest.value is None or not terms.is_own_basis(latest):
        return found
    if not terms.is_own_basis(goal):
        return found
    return replace(
        found,
        latest=latest,
        lacking=shortfall(goal, latest.value, terms.tolerance),
        lacking_aim=shortfall(aim, latest.value, terms.tolerance),
        is_kept=meets(aim, latest.value, terms.tolerance),
        needed=_needed(terms, aim, latest, (last_year_gone(latest, today), aim.year or year)),
        made_up_in=_made_up_in(terms, goal, year),
    )


def _needed(terms: Terms, aim: Goal, latest: Actual, between: tuple[int, int]) -> Decimal | None:
    """The yearly step to the nearer limit of the aim, like that of a pace."""
    value, (start, year) = latest.value, between
    if value is None or year <= start or meets(aim, value, terms.tolerance):
        return None
    low, high = limits(aim, terms.tolerance)
    limit = high if low is None else low
    return None if limit is None else yearly_needed(terms, (start, value), (year, limit))


def _made_up_in(terms: Terms, goal: Goal, year: int) -> int | None:
    later = (
        actual.year
        for actual in terms.series
        if actual.year > year
        and actual.is_settled
        and actual.value is not None
        and meets(goal, actual.value, terms.tolerance)
    )
    return next(later, None)
