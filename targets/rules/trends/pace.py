"""The pace in the target's unit, and the state of a peak."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise, takewhile

from targets.rules.levels import Level
from targets.rules.series.chaining import annual_rate, rate_between
from targets.rules.terms import Actual, Goal, Terms

RECENT_YEARS = 3
YEARS_TO_SEE_A_PEAK = 4
FALLS_TO_SEE_A_PEAK = 2
_SEEN, _NOT_SEEN = "疑似达峰", "仍未达峰"


@dataclass(frozen=True)
class Step:
    """The yearly change between two values; of a compounding reduction in % of what is left."""

    first_year: int
    year: int
    amount: Decimal


@dataclass(frozen=True)
class Pace:
    """The yearly step needed from `today` on, that of the last years, and the largest ever.

    `years` are left for it, the current one included. For a compounding reduction all are yearly
    rates in percent: 15.6 to 28 in five years needs 3.13 % a year.
    """

    goal_year: int
    goal_value: Decimal
    today: datetime.date
    years: int
    needed: Decimal
    recent: Decimal | None
    recent_years: int
    best: Step | None = None


def pace(terms: Terms, year: int, *, today: datetime.date) -> Pace | None:
    """The yearly change needed from today to the milestone, by the newest value.

    None if either is missing, or no year is left. A band (左右) needs no pace. Recent is the mean
    change of up to the last three years on the same accounting basis.
    """
    goal = next((goal for goal in terms.numeric_goals if goal.year == year), None)
    return pace_to(terms, goal, year, today=today) if goal else None


def pace_to(terms: Terms, goal: Goal, year: int, *, today: datetime.date) -> Pace | None:
    """The pace to a goal that a year has to keep, its own or an earlier one (巩固)."""
    latest = terms.latest
    if not goal.is_number or goal.value is None or latest is None or latest.value is None:
        return None
    if not (terms.is_own_basis(latest) and terms.is_own_basis(goal)):
        return None
    start = last_year_gone(latest, today)
    if start >= year or goal.is_band:
        return None
    needed = yearly_needed(terms, (start, latest.value), (year, goal.value))
    if needed is None:
        return None
    recent, years = _recent(terms, latest.year, latest.value)
    best = _best(terms, lower_is_better=goal.lower_is_better)
    return Pace(year, goal.value, today, year - start, needed, recent, years, best)


def last_year_gone(latest: Actual, today: datetime.date) -> int:
    """The year at whose end the remaining way begins.

    That of the newest value, or a later past year without a value, whose share has to be made up in
    the years left.
    """
    return max(latest.year, today.year - 1)


def yearly_needed(
    terms: Terms, before: tuple[int, Decimal], after: tuple[int, Decimal]
) -> Decimal | None:
    """The equal yearly change between two values; None if a reduction had nothing left."""
    years = after[0] - before[0]
    if not terms.compounds:
        return (after[1] - before[1]) / years
    between = rate_between(before[1], after[1])
    return None if between is None or between >= 100 else annual_rate(between, years)


def _recent(terms: Terms, year: int, value: Decimal) -> tuple[Decimal | None, int]:
    past = [found for found in _values(terms) if 0 < year - found[0] <= RECENT_YEARS]
    if not past:
        return None, 0
    return yearly_needed(terms, past[0], (year, value)), year - past[0][0]


def _best(terms: Terms, *, lower_is_better: bool) -> Step | None:
    """The largest yearly step in the required direction between two values."""
    sign = -1 if lower_is_better else 1
    steps = [
        Step(before[0] + 1, after[0], amount)
        for before, after in pairwise(_values(terms))
        if (amount := yearly_needed(terms, before, after)) is not None and amount * sign > 0
    ]
    return max(steps, key=lambda step: step.amount * sign, default=None)


def _values(terms: Terms) -> tuple[tuple[int, Decimal], ...]:
    """One value a year on the newest basis, oldest first."""
    by_year = {a.year: a.value for a in terms.series if a.value is not None}
    return tuple(by_year.items())


@dataclass(frozen=True)
class Peak:
    """The highest annual value, and the direction of the series. Never a recognition.

    `values_since` counts the annual values after the highest one.
    """

    level: Level
    words: str
    year: int | None = None
    value: Decimal | None = None
    values_since: int = 0
    last_change_percent: Decimal | None = None

    @property
    def word(self) -> str:
        """仍在上升, 疑似达峰: in short."""
        known = (word for word in (_SEEN, _NOT_SEEN) if word in self.words)
        return next(known, self.words.split("，")[0])

    @property
    def is_rising(self) -> bool:
        return self.last_change_percent is not None and self.last_change_percent > 0


def peak(terms: Terms, *, today_year: int) -> Peak:
    """The state of a target that has to peak by a year.

    Two falling years after the maximum are 疑似达峰 (green); level or slowing growth is orange;
    accelerating growth is red, and so is a passed deadline without a maximum before it; fewer than
    four values are grey. A missing year is no fall, and a change over a gap is not compared with
    that of one year. Recognition itself is the bureau's, with documents.
    """
    series = [actual for actual in terms.series if actual.value is not None]
    if len(series) < YEARS_TO_SEE_A_PEAK:
        return Peak(Level.GREY, "数据不足4年，不判断")
    top = max(series, key=lambda actual: (actual.value or 0, actual.year))
    changes = _changes(series)
    since = sum(actual.year > top.year for actual in series)
    deadline = max((goal.last_year or 0 for goal in terms.goals), default=0)
    if deadline < today_year:
        level, words = _after_deadline(top.year, changes, since, deadline)
    else:
        level, words = _direction(changes, since)
    return Peak(level, words, top.year, top.value, since, changes[-1].percent)


@dataclass(frozen=True)
class _Change:
    """A change against the value before, in percent; a rise from 0 counts as 100 %."""

    percent: Decimal
    years: int
    before: int


def _changes(series: Sequence[Actual]) -> list[_Change]:
    return list(_each_change(series))


def _each_change(series: Sequence[Actual]) -> Iterator[_Change]:
    for before, after in pairwise(series):
        old, new = before.value or Decimal(0), after.value or Decimal(0)
        percent = (new - old) / (old or new or 1) * 100
        yield _Change(percent, after.year - before.year, before.year)


def _falls(changes: Sequence[_Change], since: int) -> int:
    """How many of the last years fell in a row, after the highest value."""
    latest = list(reversed(changes))[:since]
    return sum(1 for _ in takewhile(lambda it: it.percent < 0 and it.years == 1, latest))


def _after_deadline(
    top: int, changes: Sequence[_Change], since: int, deadline: int
) -> tuple[Level, str]:
    if top > deadline or not since:
        return Level.RED, f"期限已过，{_NOT_SEEN}"
    falls = _falls(changes, since)
    if falls >= FALLS_TO_SEE_A_PEAK:
        return Level.GREEN, f"期限内出现最高值，最近连降{falls}年，待认定"
    return Level.ORANGE, "期限内出现最高值，此后未再超过，待认定"


def _direction(changes: Sequence[_Change], since: int) -> tuple[Level, str]:
    last, before = changes[-1], changes[-2]
    falls = _falls(changes, since)
    if falls >= FALLS_TO_SEE_A_PEAK:
        what = "最高值之后已" if falls == since else "最近"
        return Level.GREEN, f"{what}连降{falls}年，{_SEEN}，待认定"
    if last.percent < 0:
        against = "上年" if last.years == 1 else f"{last.before}年"
        return Level.ORANGE, f"较{against}下降，尚不能判断达峰"
    if last.percent == 0:
        return Level.ORANGE, "进入平台"
    if last.years != before.years:
        return Level.ORANGE, "仍在上升，年份不连续，不比较快慢"
    if last.percent <= before.percent:
        return Level.ORANGE, "仍在上升，增速放缓"
    return Level.RED, "仍在上升，增速加快"
