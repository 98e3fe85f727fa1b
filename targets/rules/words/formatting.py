"""Values, goals and distances as printed, with the digits needed to reproduce the verdict."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from common.formats import number, rounded, rounded_apart
from targets.rules.enumerations import Comparison, GoalState, Nature
from targets.rules.terms import Actual, Goal, Terms
from targets.rules.trends.trajectory import HUNDRED, required_at
from targets.rules.verdicts.judgement import limits, meets

DIMENSIONLESS = "无量纲"
QUALITATIVE = "定性"
REACHED = "达到"
"""The distance of a value that equals the requirement."""
SIGNS: Mapping[Comparison | None, str] = {
    Comparison.AT_LEAST: "≥",
    Comparison.AT_MOST: "≤",
    Comparison.BELOW: "<",
}
_WORDS: Mapping[Comparison | None, str] = {
    Comparison.AT_LEAST: "{}以上",
    Comparison.AT_MOST: "不超过{}",
    Comparison.BELOW: "低于{}",
    Comparison.ABOUT: "{}左右",
}


def unit_of(terms: Terms) -> str:
    """The unit as printed after a number; empty for a ratio."""
    return "" if terms.unit == DIMENSIONLESS else terms.unit


def shown(terms: Terms, value: Decimal, beside: Iterable[Decimal] = ()) -> Decimal:
    """A value with the target's decimals, or more to distinguish it from goals and `beside`."""
    return rounded_apart(value, terms.decimals, (*_bounds(terms, terms.goals), *beside))


def figure(terms: Terms, value: Decimal | None, beside: Iterable[Decimal] = ()) -> str:
    """A value as printed, without its unit; a dash where there is none."""
    return number(None if value is None else shown(terms, value, beside))


def with_unit(terms: Terms, value: Decimal | None, beside: Iterable[Decimal] = ()) -> str:
    """19.2%, 52.3万立方米, 1.30; 19.96% next to a goal of 20%."""
    return figure(terms, value, beside) + (unit_of(terms) if value is not None else "")


def span(terms: Terms, low: Decimal, high: Decimal) -> str:
    """A range: 21.2%—22.4%, 59.23—59.77万立方米."""
    first = with_unit(terms, low) if terms.unit == "%" else figure(terms, low)
    return f"{first}—{with_unit(terms, high)}"


def shown_actual(
    terms: Terms, actual: Actual, *goals: Goal | None, others: Iterable[Decimal] = ()
) -> Decimal:
    """The value of a year or quarter, distinguished also from its requirement and `others`."""
    assert actual.value is not None  # noqa: S101 - told by those who ask for its number
    return shown(terms, actual.value, _beside(terms, actual, goals, others))


def actual_figure(
    terms: Terms, actual: Actual | None, *goals: Goal | None, others: Iterable[Decimal] = ()
) -> str:
    """`shown_actual` as text; a dash without a value."""
    if actual is None or actual.value is None:
        return number(None)
    return number(shown_actual(terms, actual, *goals, others=others))


def actual_words(
    terms: Terms, actual: Actual | None, *goals: Goal | None, others: Iterable[Decimal] = ()
) -> str:
    """`actual_figure` with its unit."""
    has_value = actual is not None and actual.value is not None
    text = actual_figure(terms, actual, *goals, others=others)
    return text + unit_of(terms) if has_value else text


def _beside(
    terms: Terms, actual: Actual, goals: Iterable[Goal | None], others: Iterable[Decimal]
) -> Iterator[Decimal]:
    yield from _bounds(terms, (goal for goal in goals if goal is not None))
    yield from others
    need = required_at(terms, actual.year, actual.quarter)
    if need is not None:
        yield need


def _bounds(terms: Terms, goals: Iterable[Goal]) -> Iterator[Decimal]:
    """The numbers that values are judged by."""
    for goal in goals:
        if goal.is_number:
            yield from (end for end in limits(goal, terms.tolerance) if end is not None)


def plain(value: Decimal) -> str:
    """A printed goal without trailing zeros: 15, 1.3, 15.38."""
    return f"{value.normalize():f}"


def goal_value(terms: Terms, goal: Goal) -> str:
    """The milestone for cells and charts: ≥20%, <1.3, 15.38%左右, 待市下达."""
    if goal.value is None:
        return _without_number(goal)
    text = f"{plain(goal.value)}{unit_of(terms)}"
    text = f"{text}左右" if goal.is_band else SIGNS.get(goal.comparison, "") + text
    return text + _kept(goal)


def goal_words(terms: Terms, goal: Goal) -> str:
    """The milestone in a sentence: 20%以上, 低于1.3, 15.38%左右, 待市下达."""
    if goal.value is None:
        return _without_number(goal)
    text = _WORDS.get(goal.comparison, "{}").format(f"{plain(goal.value)}{unit_of(terms)}")
    return text + _kept(goal)


def _kept(goal: Goal) -> str:
    return f"（保持{goal.kept_since}年目标）" if goal.kept_since else ""


def goal_head(terms: Terms, goal: Goal) -> str:
    """The start of a sentence on a goal: 2025年目标20%以上, 目标2030年前达峰, 长期要求50%以上."""
    words = goal_words(terms, goal)
    if goal.year is None:
        return f"长期要求{words}"
    if words == QUALITATIVE:
        return f"{goal.year}年为{words}目标"
    base = base_words(terms, goal)
    tail = f"（{base}）" if base else ""
    return (f"目标{words}" if str(goal.year) in words else f"{goal.year}年目标{words}") + tail


def base_words(terms: Terms, goal: Goal) -> str:
    """较2025年下降13.5%，按2025年15.60%（初步核算）换算; empty for a goal without its own base
    year.

    What the document states, and the value by which it was converted.
    """
    base = terms.base_of(goal)
    if base is None or goal.base_value is None:
        return ""
    grade = "" if base.is_settled else f"（{base.grade.label}）"
    by = f"按{goal.base_year}年{with_unit(terms, goal.base_value)}{grade}换算"
    return f"{_said_against(goal)}，{by}"


def _said_against(goal: Goal) -> str:
    return f"较{goal.base_year}年下降{plain(goal.entered or Decimal(0))}%"


def _without_number(goal: Goal) -> str:
    if goal.is_pending:
        return "待市下达"
    if goal.state == GoalState.WITHDRAWN:
        return "不再下达"
    if goal.waits_for_base:
        return _said_against(goal)
    if goal.nature != Nature.EVENT:
        return QUALITATIVE
    return f"{goal.year}年{'前' if goal.comparison == Comparison.BEFORE_YEAR else ''}达峰"


def short(terms: Terms, text: str) -> str:
    """A value or goal without its unit except %, where space is short."""
    unit = unit_of(terms)
    return text if unit in {"", "%"} else text.replace(unit, "")


def completion_shown(index: Decimal) -> Decimal:
    """A degree of completion; an unmet one is never printed as 100.0."""
    return rounded_apart(index, 1, [HUNDRED])


def difference(terms: Terms, amount: Decimal, decimals: int | None = None) -> str:
    """A distance in words: 0.8个百分点, 1.3万立方米; 0.0 only if it is 0."""
    least = terms.decimals if decimals is None else decimals
    return _sized(terms, rounded_apart(abs(amount), least, [Decimal(0)]))


def distance_words(terms: Terms, goal: Goal, actual: Actual) -> str:
    """差0.8个百分点, 高1.3万立方米, 未低于1.3, 在范围内, 达到: computed from the printed numbers.

    Empty without a value.
    """
    if actual.value is None:
        return ""
    value = shown_actual(terms, actual, goal)
    low, high = limits(goal, terms.tolerance)
    if goal.is_band:
        if high is not None and value > high:
            return "高于范围，请核实口径"
        below = low is not None and value < low
        return f"低于下限{apart(terms, value, low)}" if below and low is not None else "在范围内"
    limit = (high if goal.lower_is_better else low) or Decimal(0)
    if value == limit:
        met = meets(goal, value, terms.tolerance)
        return REACHED if met else f"未低于{plain(value)}"
    verb = "高" if value > limit else "低" if goal.lower_is_better else "差"
    return verb + apart(terms, value, limit)


def apart(terms: Terms, value: Decimal, limit: Decimal) -> str:
    """The distance of a printed value from a limit: the difference of the printed numbers."""
    places = max(_places(value), _places(limit.normalize()))
    return _sized(terms, rounded(abs(value - limit), places))


def _sized(terms: Terms, size: Decimal) -> str:
    return f"{number(size)}个百分点" if terms.unit == "%" else number(size) + unit_of(terms)


def _places(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))
