"""The required line: the value that a target must have between baseline and milestones."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from common.formats import rounded
from targets.rules.enumerations import SLOPED, Comparison, Course
from targets.rules.terms import Goal, Terms

HUNDRED = Decimal(100)
Point = tuple[int, Decimal]


@dataclass(frozen=True)
class _Required:
    """A point of the required line; a computed one is rounded, as it is printed and judged by."""

    value: Decimal
    is_computed: bool = False


def required(terms: Terms, year: int) -> Decimal | None:
    """Required value at the end of a year, in the target's unit; None if there is none.

    Piecewise from the baseline through the milestones: a straight line, or an equal yearly rate for
    compounding reductions; `hold` requires the next milestone at any time; other courses require
    nothing before the first milestone year and keep its value until the next. After the last
    numeric milestone its value stays as a floor (巩固). Values between milestones are rounded half
    up like the target: the printed value is the one judged by.

    Source: 方案 二; the split by n/N follows 时序进度 as practised (怀柔, 三明, 江门).
    """
    return required_at(terms, year, None)


def required_at(terms: Terms, year: int, quarter: int | None) -> Decimal | None:
    """Required value at the end of a quarter: on a straight line through the year.

    `quarter` None or 4 is the end of the year. If the year before requires nothing, neither does a
    quarter of this year.

    Source: 时序进度 by months of the year, as practised (三明, 江门).
    """
    end = _line(terms, year)
    if end is None or quarter in {None, 4}:
        return _printed(terms, end)
    start = _base_of_quarter(terms, year) or _line(terms, year - 1)
    if start is None or start.value == end.value:
        return _printed(terms, start)
    part = (end.value - start.value) * (quarter or 4) / 4
    return _printed(terms, _Required(start.value + part, is_computed=True))


def goal_at(terms: Terms, year: int, quarter: int | None = None) -> Goal | None:
    """The requirement at the end of a year or quarter as a goal, compared like the milestone ahead.

    Past the last milestone, like the one whose floor it is. None if nothing is required.
    """
    need = required_at(terms, year, quarter)
    if need is None:
        return None
    known = goal_led_to(terms, year) or terms.standing_goal
    comparison = known.comparison if known else Comparison.AT_LEAST
    return Goal(year, comparison=comparison, value=need)


def goal_led_to(terms: Terms, year: int) -> Goal | None:
    """The goal that a year leads to, or the one whose floor it keeps."""
    return _led_to(terms, terms.numeric_goals, year)


def leads_to_another_basis(terms: Terms, year: int) -> bool:
    """Whether that goal is on another basis than the target's: nothing comparable is required."""
    goal = _led_to(terms, terms.dated_goals, year) or terms.any_standing_goal
    return goal is not None and not terms.is_own_basis(goal)


def _led_to(terms: Terms, goals: Sequence[Goal], year: int) -> Goal | None:
    later = [goal for goal in goals if (goal.last_year or 0) >= year]
    earlier = [goal for goal in goals if (goal.last_year or 0) < year]
    if not later:
        return earlier[-1] if earlier else None
    is_way = terms.pace in {*SLOPED, Course.HOLD} or _own_base(later[0], year) is not None
    return later[0] if is_way or later[0].last_year == year or not earlier else earlier[-1]


def base_at(terms: Terms, year: int) -> Decimal | None:
    """The value from which the change required by a year is measured.

    That of the base year of the goal ahead, else of the target's.
    """
    goal = goal_led_to(terms, year)
    if goal is None:
        return None
    own = _own_base(goal, year)
    return own[1] if own else terms.baseline_value


def _own_base(goal: Goal, year: int) -> Point | None:
    """The base of a goal with a base year of its own, for the years after it."""
    if goal.base_year is None or goal.base_value is None or year <= goal.base_year:
        return None
    return goal.base_year, goal.base_value


def _base_of_quarter(terms: Terms, year: int) -> _Required | None:
    """The start of the first year after a goal's own base year: the value that was reached."""
    goal = goal_led_to(terms, year)
    own = _own_base(goal, year) if goal else None
    return _Required(own[1]) if own and own[0] == year - 1 else None


def _printed(terms: Terms, found: _Required | None) -> Decimal | None:
    if found is None or not found.is_computed:
        return found.value if found else None
    return rounded(found.value, terms.decimals)


def _line(terms: Terms, year: int) -> _Required | None:
    points = _points(terms)
    if not points:
        standing = terms.standing_goal
        return _Required(standing.value) if standing and standing.value is not None else None
    after = [point for point in points if point[0] >= year]
    before = [point for point in points if point[0] < year]
    if not after:
        return _Required(points[-1][1])
    if after[0][0] == year or terms.pace == Course.HOLD:
        return _Required(after[0][1])
    goal = goal_led_to(terms, year)
    own = _own_base(goal, year) if goal else None
    if own:
        return _Required(between(own, after[0], year, geometric=True), is_computed=True)
    if goal and goal.base_year:
        return None
    if terms.pace not in SLOPED:
        floors = [goal for goal in terms.numeric_goals if (goal.last_year or 0) < year]
        return _Required(floors[-1].value) if floors and floors[-1].value is not None else None
    if not before:
        return None
    is_geometric = terms.pace == Course.GEOMETRIC
    value = between(before[-1], after[0], year, geometric=is_geometric)
    return _Required(value, is_computed=True)


def between(start: Point, end: Point, year: int, *, geometric: bool) -> Decimal:
    """Value in a year between two points.

    `geometric` is for cumulative reductions in %: equal yearly rates compound, so that
    R(n) = 1 − (1 − R)^(n/N). For 15 % in five years: 3.198, 6.29, 9.29, 12.19, 15.
    """
    share = Decimal(year - start[0]) / Decimal(end[0] - start[0])
    if not geometric:
        return start[1] + (end[1] - start[1]) * share
    first, last = 1 - start[1] / HUNDRED, 1 - end[1] / HUNDRED
    if first <= 0 or last <= 0:
        return start[1] + (end[1] - start[1]) * share
    return (1 - first * (last / first) ** share) * HUNDRED


def needs_baseline(terms: Terms) -> bool:
    """Whether the line before the first milestone is missing for want of a baseline."""
    sloped = terms.pace in SLOPED
    return sloped and bool(terms.numeric_goals) and terms.baseline_value is None


def _points(terms: Terms) -> list[Point]:
    points = [
        (goal.last_year, goal.value)
        for goal in terms.numeric_goals
        if goal.last_year and goal.value is not None
    ]
    if points and terms.baseline_year and terms.baseline_value is not None:
        points.insert(0, (terms.baseline_year, terms.baseline_value))
    return points
