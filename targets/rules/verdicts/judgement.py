"""The verdict of a milestone, and what keeps a goal."""

from dataclasses import dataclass
from decimal import Decimal

from common.formats import rounded
from targets.rules.enumerations import Comparison, GoalState
from targets.rules.judging_rules import DEFAULT_TOLERANCE, Tolerance
from targets.rules.levels import Level
from targets.rules.series.chaining import rate_between
from targets.rules.terms import Actual, Goal, Terms
from targets.rules.trends.trajectory import HUNDRED
from targets.rules.verdicts.verdicts import Verdict


@dataclass(frozen=True)
class Judgement:
    """Verdict of one milestone.

    `outcome` is the verdict by the value or document alone, also for a provisional value.
    `shortfall` is in the unit, negative above the requirement. `index` is the degree of completion,
    met = 100.
    """

    verdict: Verdict
    year: int
    goal: Goal | None = None
    actual: Actual | None = None
    outcome: Verdict | None = None
    shortfall: Decimal | None = None
    index: Decimal | None = None
    is_above_band: bool = False
    waits_for_tolerance: bool = False
    """Missed by a tolerance of 左右 that no document has confirmed."""
    year_end: Actual | None = None
    """The value that could be confirmed as the missing annual one."""

    @property
    def label(self) -> str:
        """The verdict in words: 数据待核定（初步未达标）."""
        if self.verdict != Verdict.PROVISIONAL:
            return self.verdict.label
        words = self.preliminary_words
        if self.waits_for_tolerance:
            words += "，容差待确认"
            if self.actual is not None and self.actual.is_settled:
                return words
        waits = "，含待审核" if self.is_unreviewed else ""
        return f"{self.verdict.label}（{words}{waits}）"

    @property
    def preliminary_words(self) -> str:
        """初步达标, 初步未达标 or 初步未达到力争值; empty without a value."""
        return f"初步{self.outcome.label.removeprefix('已')}" if self.outcome else ""

    @property
    def met(self) -> bool | None:
        return None if self.outcome is None else self.outcome == Verdict.ACHIEVED

    @property
    def level(self) -> Level:
        """The level that gives the verdict its shape; provisional ones are drawn hollow."""
        if self.verdict == Verdict.PROVISIONAL:
            return Level.GREEN if self.met else Level.ORANGE
        return self.verdict.level

    @property
    def is_provisional(self) -> bool:
        return self.verdict == Verdict.PROVISIONAL

    @property
    def is_unreviewed(self) -> bool:
        """Whether it is judged by a value that waits for review."""
        return self.actual is not None and self.actual.is_unreviewed


def limits(
    goal: Goal, tolerance: Tolerance = DEFAULT_TOLERANCE
) -> tuple[Decimal | None, Decimal | None]:
    """Smallest and largest allowed value; None if that side is open.

    A 左右 goal is a band of its tolerance, rounded half up as printed. Values above the band meet
    the goal, but the accounting basis should be checked. The goal itself is never rounded.
    """
    if goal.value is None:
        return None, None
    if goal.lower_is_better:
        return None, goal.value
    if goal.is_band:
        return band_end(goal, tolerance, widths=-1), band_end(goal, tolerance, widths=1)
    return goal.value, None


def band_end(goal: Goal, tolerance: Tolerance, *, widths: int) -> Decimal:
    """The value the given number of tolerances above 左右, as printed."""
    value = goal.value or Decimal(0)
    return rounded(value + widths * abs(value) * tolerance.percent / HUNDRED, tolerance.decimals)


def meets(goal: Goal, value: Decimal, tolerance: Tolerance = DEFAULT_TOLERANCE) -> bool:
    """Whether a value keeps a goal: 以上 and 达 include the number, 低于 does not.

    Source: 民法典第1259条.
    """
    low, high = limits(goal, tolerance)
    if goal.comparison == Comparison.BELOW:
        return high is not None and value < high
    if goal.comparison == Comparison.AT_MOST:
        return high is not None and value <= high
    return low is not None and value >= low


def shortfall(goal: Goal, value: Decimal, tolerance: Tolerance = DEFAULT_TOLERANCE) -> Decimal:
    """What is missing to the goal, in the unit; negative above the requirement, 0 inside a band."""
    low, high = limits(goal, tolerance)
    if goal.lower_is_better and high is not None:
        return value - high
    if goal.is_band and low is not None and high is not None:
        return low - value if value < low else min(high - value, Decimal(0))
    return (low or Decimal(0)) - value


def completion(terms: Terms, goal: Goal, value: Decimal) -> Decimal | None:
    """Degree of completion from the goal's year on, met = 100.

    Actual ÷ goal; limit ÷ actual where lower is better; 100 inside a band, less by the distance
    outside. For a goal with its own base year the actual is the reduction since then. None if the
    division is undefined, or nothing was reduced (`has_risen`).
    """
    if not goal.value or has_risen(terms, goal, value):
        return None
    if terms.compounds:
        return _share(reduced(goal, value), goal.entered or goal.value)
    if goal.lower_is_better:
        return goal.value / value * HUNDRED if value > 0 else None
    if goal.is_band:
        outside = max(shortfall(goal, value, terms.tolerance), Decimal(0))
        return HUNDRED - outside / abs(goal.value) * HUNDRED
    return value / goal.value * HUNDRED


def completion_before(terms: Terms, goal: Goal, value: Decimal) -> Decimal | None:
    """Degree of completion of a compounding reduction before its goal's year.

    ln(1 − d) ÷ ln(1 − D), 100 if all is done at equal yearly rates: 13.4 of 16 are 82.5 %. None for
    other targets, or if nothing was reduced.
    """
    asked, made = goal.entered or goal.value, reduced(goal, value)
    if not terms.compounds or made is None or has_risen(terms, goal, value):
        return None
    if asked is None or not 0 < asked < HUNDRED or made >= HUNDRED:
        return None
    return _share((1 - made / HUNDRED).ln(), (1 - asked / HUNDRED).ln())


def has_risen(terms: Terms, goal: Goal, value: Decimal) -> bool:
    """不降反升: a reduction that is none, which has no degree of completion."""
    made = reduced(goal, value) if terms.compounds else None
    return made is not None and made <= 0


def reduced(goal: Goal, value: Decimal) -> Decimal | None:
    """The reduction that counts for a goal: since its own base year, else the value itself."""
    return value if goal.base_value is None else rate_between(goal.base_value, value)


def _share(part: Decimal | None, whole: Decimal) -> Decimal | None:
    return None if part is None else part / whole * HUNDRED


def judge(terms: Terms, year: int, *, today_year: int) -> Judgement:
    """The verdict of a milestone year.

    Only an annual value of that very year counts (of the year before for a goal 该年前). A value
    that is not final gives a provisional verdict; a value on another accounting basis than the
    goal's is never compared. A past year without a goal of its own has to keep the last number
    before it.

    Source: 方案 二.
    """
    goal = terms.goal(year)
    if goal is None and year < today_year:
        goal = terms.kept_goal(year)
    if goal is None or goal.state == GoalState.WITHDRAWN:
        return Judgement(Verdict.NOT_APPLICABLE, year, goal)
    if goal.is_pending:
        return Judgement(Verdict.PENDING, year, goal)
    if (goal.last_year or year) >= today_year:
        return Judgement(Verdict.AHEAD, year, goal)
    if goal.waits_for_base:
        return Judgement(Verdict.MISSING, year, goal)
    if not goal.is_number:
        return Judgement(Verdict.TO_RECOGNISE, year, goal)
    return _judge_value(terms, year, goal)


def _judge_value(terms: Terms, year: int, goal: Goal) -> Judgement:
    value_year = goal.last_year or year
    actual = terms.actual(value_year, goal.basis)
    if actual is None:
        return Judgement(Verdict.MISSING, year, goal, year_end=terms.year_end(value_year))
    if actual.not_applicable or actual.value is None:
        return Judgement(Verdict.NOT_APPLICABLE, year, goal, actual)
    if not terms.fits(goal, actual):
        return Judgement(Verdict.BASIS_CHANGED, year, goal, actual)
    met = meets(goal, actual.value, terms.tolerance)
    outcome = Verdict.settled(is_met=met, is_striven=terms.is_striven)
    _, high = limits(goal, terms.tolerance)
    waits = goal.is_band and not met and not terms.is_tolerance_confirmed
    is_final = _is_final(terms, goal, actual) and not waits
    return Judgement(
        verdict=outcome if is_final else Verdict.PROVISIONAL,
        year=year,
        goal=goal,
        actual=actual,
        outcome=outcome,
        shortfall=shortfall(goal, actual.value, terms.tolerance),
        index=completion(terms, goal, actual.value),
        waits_for_tolerance=waits,
        is_above_band=goal.is_band and high is not None and actual.value > high,
    )


def _is_final(terms: Terms, goal: Goal, actual: Actual) -> bool:
    """Whether neither the value nor the base of its goal will change."""
    return actual.is_settled and not waits_for_settled_base(terms, goal)


def waits_for_settled_base(terms: Terms, goal: Goal) -> bool:
    """Whether a goal was converted by a value that is not final, or not at all."""
    base = terms.base_of(goal)
    return goal.base_year is not None and (base is None or not base.is_settled)
