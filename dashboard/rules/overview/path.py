"""Where the values of a target lie on the years of its required line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from targets import rules
from targets.rules.enumerations import SLOPED

Years = tuple[Decimal, Decimal, Decimal]


@dataclass(frozen=True)
class Path:
    """All in years, 2025 being the end of that year.

    `start` is the base, or the first known value where there is none. `annual` and `quarter` are
    the years that the newest values have reached, `end` that of the newest; `due` is the last goal
    that is over, where it was not reached; `interval` is what the outlook will have reached: low,
    expected, high.
    """

    start: Decimal
    is_based: bool
    end: Decimal
    annual: Decimal | None = None
    quarter: Decimal | None = None
    due: Decimal | None = None
    interval: Years | None = None


def path_of(
    terms: rules.Terms, found: rules.Outlook, *, since: int, today_year: int
) -> Path | None:
    """The path of a target that has a number to reach; None without a goal or a value.

    `since` is where the axis begins.
    """
    newest = terms.newest_value
    if not terms.numeric_goals or newest is None:
        return None
    has_base = terms.baseline_value is not None and terms.baseline_year is not None
    way = _Way(terms if has_base and terms.pace in SLOPED else _from_first(terms), since)
    start = terms.baseline_year if has_base else way.terms.baseline_year if way.is_known else None
    end = way.of(newest)
    return Path(
        start=end if start is None else Decimal(start),
        is_based=has_base,
        end=end,
        annual=way.of(terms.latest) if terms.latest else None,
        quarter=end if newest.quarter else None,
        due=_due(terms, end, today_year),
        interval=_interval(way, found),
    )


@dataclass(frozen=True)
class _Way:
    """The required line that values are read on."""

    terms: rules.Terms
    since: int

    @property
    def is_known(self) -> bool:
        """Whether it begins somewhere."""
        return self.terms.baseline_value is not None and self.terms.pace in SLOPED

    def of(self, value: rules.Actual) -> Decimal:
        """The year that a value has reached; what keeps the last goal goes with its own date."""
        date, goals = rules.date_of(value), self.terms.numeric_goals
        ahead = next((goal for goal in goals if (goal.last_year or 0) > date), None)
        if ahead is None and self._keeps(goals[-1], value):
            return date
        found = rules.reached_year(self.terms, value)
        if found is None:
            return self._by_level(ahead or goals[-1], value, date)
        return Decimal(self.terms.baseline_year or 0) if found.year is None else found.year

    def _keeps(self, goal: rules.Goal, value: rules.Actual) -> bool:
        number = value.value
        return number is not None and rules.meets(goal, number, self.terms.tolerance)

    def _by_level(self, goal: rules.Goal, value: rules.Actual, date: Decimal) -> Decimal:
        """Where nothing is known to have come before, the share of the goal itself."""
        last = Decimal(goal.last_year or 0)
        if self._keeps(goal, value):
            return min(date, last)
        number, asked = value.value or Decimal(0), goal.value or Decimal(0)
        part, whole = (asked, number) if goal.lower_is_better else (number, asked)
        share = part / whole if whole else Decimal(0)
        return self.since + (last - self.since) * min(max(share, Decimal(0)), Decimal(1))


def _from_first(terms: rules.Terms) -> rules.Terms:
    """The terms as if the first known value were their base, where later ones follow it."""
    pace = terms.pace if terms.pace in SLOPED else rules.Course.LINEAR
    if terms.baseline_value is not None and terms.baseline_year is not None:
        return replace(terms, pace=pace)
    values = [*terms.series, *filter(None, [terms.quarterly])]
    first, goal = values[0], terms.numeric_goals[0]
    if len(values) < 2 or first.quarter or first.year >= (goal.last_year or 0):
        return terms
    return replace(terms, pace=pace, baseline_year=first.year, baseline_value=first.value)


def _due(terms: rules.Terms, end: Decimal, today_year: int) -> Decimal | None:
    over = [goal.last_year for goal in terms.numeric_goals if (goal.last_year or 0) < today_year]
    last = Decimal(over[-1] or 0) if over else None
    return last if last is not None and end < last else None


def _interval(way: _Way, found: rules.Outlook) -> Years | None:
    """On the way to the goal of the year ahead; None if that is an earlier one to be kept."""
    latest, at = way.terms.latest, found.projection
    if latest is None or at is None or found.is_floor or found.goal is None:
        return None
    ends = (at.low, at.expected, at.high)
    year = (found.goal.last_year or found.year) - 1
    places = sorted(way.of(replace(latest, year=year, value=value)) for value in ends)
    return (places[0], places[1], places[2])


def scaled(values: Sequence[Decimal], room: Decimal) -> tuple[Decimal, ...]:
    """Heights of a series within ± the room, the largest on top; level ones in the middle."""
    low, high = min(values), max(values)
    if low == high:
        return tuple(Decimal(0) for _ in values)
    return tuple(room * (2 * (value - low) / (high - low) - 1) for value in values)
