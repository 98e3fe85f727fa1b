"""How far a target lags behind, or leads, its required line, in the fewest words."""

import datetime
from decimal import Decimal

from dashboard.rules.changes.change import short_period
from targets import rules


def lag_words(terms: rules.Terms, day: datetime.date) -> str:
    """慢15个月, 快8个月, 低于2020年0.7, 三季度还差3.8; empty if nothing lacks or can be said.

    Months where the value lies on the way to a goal, by its own date; what lacks to the first goal
    that it does not keep where there is no such way. Nothing of a band, a limit or a peak, which
    are read as values.
    """
    value = terms.newest_value
    if value is None or value.value is None or not is_on_a_way(terms, value):
        return ""
    found = rules.reached_year(terms, value)
    if found and found.is_before_base:
        return _below_base(terms, value.value)
    if found and found.months:
        return f"{'快' if found.months > 0 else '慢'}{abs(found.months)}个月"
    return "" if found and found.months == 0 else _lacking(terms, value, day)


def is_on_a_way(terms: rules.Terms, value: rules.Actual) -> bool:
    """Whether a value is one of those that lead to a number, and of its basis."""
    goals = (*terms.numeric_goals, *filter(None, [terms.standing_goal]))
    is_limit = any(goal.is_band or goal.comparison == rules.Comparison.BELOW for goal in goals)
    return bool(goals) and not is_limit and terms.is_own_basis(value)


def missed_goal(terms: rules.Terms, value: rules.Actual) -> rules.Goal | None:
    """The first goal that a value does not keep; None if it keeps all."""
    goals = (*terms.numeric_goals, *filter(None, [terms.standing_goal]))
    found = value.value
    if found is None:
        return None
    return next((goal for goal in goals if not rules.meets(goal, found, terms.tolerance)), None)


def tight(terms: rules.Terms, words: str) -> str:
    """A distance without its unit: 差0.8."""
    return rules.short(terms, words).removesuffix("个百分点").removesuffix("%")


def _lacking(terms: rules.Terms, value: rules.Actual, day: datetime.date) -> str:
    goal = missed_goal(terms, value)
    if goal is None:
        return ""
    when = short_period(value.period, day) if value.quarter else ""
    return f"{when}还{tight(terms, rules.distance_words(terms, goal, value))}"


def _below_base(terms: rules.Terms, value: Decimal) -> str:
    base = terms.baseline_value or Decimal(0)
    far = rules.apart(terms, rules.shown(terms, value, [base]), base)
    return f"{'高' if value > base else '低'}于{terms.baseline_year}年{tight(terms, far)}"
