"""Pace in the unit's own words, and the state of a peak."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from common.lights import Level
from targets.rules.facts import Actual, Goal, Terms

RECENT_YEARS = 3
YEARS_TO_SEE_A_PEAK = 4


@dataclass(frozen=True)
class Pace:
    """Change a year in the unit: what is needed from now on, and what the last years brought."""

    goal_year: int
    goal_value: Decimal
    needed: Decimal
    recent: Decimal | None
    recent_years: int


def pace(terms: Terms, year: int) -> Pace | None:
    """Yearly change needed from the newest value to the milestone; None where either lacks.

    A band (左右) asks for no pace. Recent is the mean change of up to the last three years of
    the same accounting basis.
    """
    goal = next((goal for goal in terms.numeric_goals if goal.year == year), None)
    return pace_to(terms, goal, year) if goal else None


def pace_to(terms: Terms, goal: Goal, year: int) -> Pace | None:
    """The same to a goal that is to be kept in a year, its own or an earlier one (巩固)."""
    latest = terms.latest
    if not goal.is_number or goal.value is None or latest is None or latest.value is None:
        return None
    if latest.year >= year or goal.is_band or not terms.is_own_basis(latest):
        return None
    needed = (goal.value - latest.value) / (year - latest.year)
    recent, years = _recent(terms.series, latest)
    return Pace(year, goal.value, needed, recent, years)


def _recent(series: tuple[Actual, ...], latest: Actual) -> tuple[Decimal | None, int]:
    past = [a for a in series if 0 < latest.year - a.year <= RECENT_YEARS]
    if not past or past[0].value is None or latest.value is None:
        return None, 0
    years = latest.year - past[0].year
    return (latest.value - past[0].value) / years, years


@dataclass(frozen=True)
class Peak:
    """Where the highest annual value lies and which way the series goes. Never a recognition."""

    level: Level
    words: str
    year: int | None = None
    value: Decimal | None = None
    years_since: int = 0
    last_change_percent: Decimal | None = None


def peak(terms: Terms, *, today_year: int) -> Peak:
    """State of a target to peak by a year.

    Two falling years after the maximum are 疑似达峰 (green); level or slowing growth is orange;
    growth that quickens, or a passed deadline, is red; fewer than four values are grey.
    Recognition itself is the bureau's, with documents.
    """
    series = [actual for actual in terms.series if actual.value is not None]
    if len(series) < YEARS_TO_SEE_A_PEAK:
        return Peak(Level.GREY, "数据不足4年，不判断")
    top = max(series, key=lambda actual: (actual.value or 0, actual.year))
    changes = _changes(series)
    since = series[-1].year - top.year
    deadline = max((goal.last_year or 0 for goal in terms.goals), default=0)
    level, words = _direction(changes, since, passed=deadline < today_year)
    return Peak(level, words, top.year, top.value, since, changes[-1])


def _changes(series: list[Actual]) -> list[Decimal]:
    """Change against the value before, in percent; a rise from nothing counts as 100%."""
    values = [actual.value for actual in series if actual.value is not None]
    return [(new - old) / (old or new or 1) * 100 for old, new in pairwise(values)]


def _direction(changes: list[Decimal], since: int, *, passed: bool) -> tuple[Level, str]:
    if since >= 2 and changes[-1] < 0 and changes[-2] < 0:
        return Level.GREEN, f"最高值之后已连降{since}年，疑似达峰，待认定"
    if passed:
        return Level.RED, "期限已过，仍未达峰"
    if changes[-1] < 0:
        return Level.ORANGE, "较上年下降，尚不能判断达峰"
    if changes[-1] == 0:
        return Level.ORANGE, "进入平台"
    if changes[-1] <= changes[-2]:
        return Level.ORANGE, "仍在上升，增速放缓"
    return Level.RED, "仍在上升，增速加快"
