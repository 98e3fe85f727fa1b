"""The required line: what a target has to show in a year between baseline and milestones."""

from decimal import Decimal

from targets.rules.enumerations import SLOPED, Course
from targets.rules.facts import Terms

HUNDRED = Decimal(100)
Point = tuple[int, Decimal]


def required(terms: Terms, year: int) -> Decimal | None:
    """Required value at the end of a year, in the target's unit; None where none can be said.

    Piecewise from the baseline through the milestones: straight, or at an equal yearly rate for
    compounding reductions; `step` asks for nothing before its year; `hold` asks for the next
    milestone at any time. After the last numeric milestone its value stays as a floor (巩固).
    Source: 方案 二; the split by n/N follows 时序进度 as practised (怀柔, 三明, 江门).
    """
    points = _points(terms)
    if not points:
        return terms.standing_goal.value if terms.standing_goal else None
    after = [point for point in points if point[0] >= year]
    if not after:
        return points[-1][1]
    if after[0][0] == year or terms.pace == Course.HOLD:
        return after[0][1]
    before = [point for point in points if point[0] < year]
    if not before or terms.pace not in SLOPED:
        return None
    return between(before[-1], after[0], year, geometric=terms.pace == Course.GEOMETRIC)


def required_at(terms: Terms, year: int, quarter: int | None) -> Decimal | None:
    """Required value at the end of a quarter: a straight way from the year before to this year.

    None or 4 is the end of the year. Where the year before requires nothing, neither does a
    quarter within. Source: 时序进度 by months of the year, as practised (三明, 江门).
    """
    end = required(terms, year)
    if quarter in {None, 4} or end is None:
        return end
    start = required(terms, year - 1)
    return None if start is None else start + (end - start) * (quarter or 4) / 4


def between(start: Point, end: Point, year: int, *, geometric: bool) -> Decimal:
    """Value in a year between two points.

    Geometric is for cumulative reductions in %: equal yearly reduction rates compound, so that
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
    """True where the line before the first milestone cannot be drawn for want of a baseline."""
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
