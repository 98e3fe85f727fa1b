"""Verdict, light and pace as sentences, made from the same numbers that the page shows."""

from collections.abc import Mapping
from decimal import Decimal

from common.formats import number, signed
from targets.rules.enumerations import Comparison, GoalState, Nature
from targets.rules.facts import SETTLED, Actual, Goal, Terms, Verdict
from targets.rules.judgement import Judgement, meets, shortfall
from targets.rules.outlook import goal_ahead
from targets.rules.pace import Pace, Peak

UNREVIEWED = "含待审核"
SIGNS: Mapping[Comparison | None, str] = {
    Comparison.AT_LEAST: "≥",
    Comparison.AT_MOST: "≤",
    Comparison.BELOW: "<",
}
DIMENSIONLESS = "无量纲"
RATE_DECIMALS = 2
"""Of a yearly rate of reduction."""


def unit_of(terms: Terms) -> str:
    """The unit as printed behind a number; nothing for a ratio."""
    return "" if terms.unit == DIMENSIONLESS else terms.unit


def with_unit(terms: Terms, value: Decimal | None) -> str:
    """19.2%, 52.3万立方米, 1.30; as many decimals as the target has."""
    return number(value, terms.decimals) + (unit_of(terms) if value is not None else "")


def goal_value(terms: Terms, goal: Goal) -> str:
    """The milestone as short text: ≥20%, <1.3, 15.38%左右, 目标待市下达."""
    if goal.is_pending:
        return "待市下达"
    if goal.state == GoalState.WITHDRAWN:
        return "不再下达"
    if goal.value is None:
        if goal.nature != Nature.EVENT:
            return "定性"
        return f"{goal.year}年{'前' if goal.comparison == Comparison.BEFORE_YEAR else ''}达峰"
    text = f"{plain(goal.value)}{unit_of(terms)}"
    return f"{text}左右" if goal.is_band else SIGNS.get(goal.comparison, "") + text


def short(terms: Terms, text: str) -> str:
    """A value or goal without its unit, where room is short; % stays."""
    unit = unit_of(terms)
    return text if unit in {"", "%"} else text.replace(unit, "")


def plain(value: Decimal) -> str:
    """A printed goal without superfluous zeros: 15, 1.3, 15.38."""
    return f"{value.normalize():f}"


def difference(terms: Terms, amount: Decimal, *, extra_decimals: int = 0) -> str:
    """A distance in words: 0.8个百分点, 1.3万立方米."""
    size = number(abs(amount), terms.decimals + extra_decimals)
    return f"{size}个百分点" if terms.unit == "%" else size + unit_of(terms)


def gap_words(terms: Terms, judged: Judgement) -> str:
    """The distance of a verdict's value from its goal; empty where there is no value."""
    if judged.shortfall is None or judged.goal is None or judged.actual is None:
        return ""
    value = judged.actual.value
    return "" if value is None else distance_words(terms, judged.goal, value)


def distance_words(terms: Terms, goal: Goal, value: Decimal) -> str:
    """差0.8个百分点, 高1.3万立方米, 未低于1.3, 在范围内, 达到."""
    met = meets(goal, value, terms.tolerance)
    lacking = shortfall(goal, value, terms.tolerance)
    size = difference(terms, lacking)
    if goal.is_band:
        if lacking < 0:
            return "高于范围，请核实口径"
        return "在范围内" if met else f"低于下限{size}"
    if lacking == 0:
        return "达到" if met else f"未低于{plain(value)}"
    if goal.lower_is_better:
        return f"{'高' if lacking > 0 else '低'}{size}"
    return f"差{size}" if lacking > 0 else f"高{size}"


def verdict_sentence(terms: Terms, judged: Judgement, *, with_label: bool = True) -> str:
    """One sentence on a milestone, fit to be pasted into a report; the label may be left out."""
    year, goal = judged.year, judged.goal
    if goal is None:
        return f"方案没有提出{year}年目标。"
    reason = _without_value(judged)
    known = terms.actual(year)
    if judged.verdict == Verdict.PENDING and known and known.value is not None:
        reason = f"实际{with_unit(terms, known.value)}（{grade(known)}），不作评价"
    if reason:
        return f"{year}年目标{goal_value(terms, goal)}，{reason}。"
    if judged.verdict == Verdict.AHEAD:
        return f"{year}年目标{goal_value(terms, goal)}，尚未到期。"
    actual = judged.actual
    assert actual is not None  # noqa: S101 - judged by a value
    said = (judged.label if with_label else "", gap_words(terms, judged))
    band = _band_words(terms, goal)
    return (
        f"{year}年目标{goal_value(terms, goal)}{band}，实际{with_unit(terms, actual.value)}"
        f"（{grade(actual)}）{''.join(f'，{words}' for words in said if words)}。"
    )


def latest_sentence(terms: Terms, year: int) -> str:
    """The newest value where the plan sets no goal for a year."""
    latest = terms.latest
    if latest is None:
        return f"还没有数值。方案没有提出{year}年目标。"
    value = with_unit(terms, latest.value)
    return f"{latest.year}年为{value}（{grade(latest)}）。方案没有提出{year}年目标。"


def peak_sentence(terms: Terms, found: Peak) -> str:
    """2025年423.8万吨（初步核算），较2024年增长0.9%：仍在上升，增速放缓。"""
    latest = terms.latest
    if latest is None:
        return "还没有数值，不判断是否达峰。"
    text = f"{latest.year}年{with_unit(terms, latest.value)}（{grade(latest)}）"
    if found.last_change_percent is not None:
        verb = "增长" if found.last_change_percent > 0 else "下降"
        moved = f"{verb}{number(abs(found.last_change_percent), 1)}%"
        before = terms.series[-2].year
        text += f"，较{before}年{moved}" if found.last_change_percent else f"，与{before}年持平"
    top = f"；最高值在{found.year}年" if found.values_since else ""
    return f"{text}：{found.words}{top}。"


def pace_sentence(terms: Terms, found: Pace | None) -> str:
    """到2030年≥22%，今后年均需提高0.56个百分点，近三年年均提高0.50个百分点。"""
    if found is None:
        return ""
    goal, is_floor = goal_ahead(terms, found.goal_year)
    if goal is None:
        return ""
    kept = "（巩固）" if is_floor else ""
    words = pace_words(terms, goal, found)
    return f"到{found.goal_year}年{goal_value(terms, goal)}{kept}，{words}"


_RECENT = {1: "近一年", 2: "近两年年均", 3: "近三年年均"}


def pace_words(terms: Terms, goal: Goal | None, found: Pace | None) -> str:
    """今后年均需提高0.56个百分点，近三年年均提高0.50个百分点。 Empty where there is no pace."""
    latest = terms.latest
    if found is None or goal is None or latest is None or latest.value is None:
        return ""
    if meets(goal, latest.value, terms.tolerance):
        return "最新值已达到，须保持。"
    text = f"今后年均需{yearly_step(terms, found.needed)}"
    if found.recent is not None:
        text += f"，{_RECENT[found.recent_years]}{yearly_step(terms, found.recent)}"
    return f"{text}。"


def best_step(terms: Terms, found: Pace | None) -> str:
    """2023年提高0.60个百分点: the largest step ever made towards the goal; empty without one."""
    if found is None or found.best is None:
        return ""
    best = found.best
    years = str(best.year) if best.first_year == best.year else f"{best.first_year}—{best.year}"
    mean = "" if best.first_year == best.year else "年均"
    return f"{years}年{mean}{yearly_step(terms, best.amount)}"


def yearly_step(terms: Terms, amount: Decimal) -> str:
    """A yearly step as a verb; of a compounding reduction its rate: 下降3.13%."""
    if not terms.compounds:
        return yearly_change(terms, amount)
    size = f"{number(abs(amount), RATE_DECIMALS)}%"
    return f"{'上升' if amount < 0 else '下降'}{size}"


def grade(actual: Actual) -> str:
    """数据状态 in words, and that a value waits for review."""
    return actual.grade.label + (f"，{UNREVIEWED}" if actual.is_unreviewed else "")


def change(terms: Terms, amount: Decimal) -> str:
    """A signed yearly step, one decimal finer than the values: +0.56个百分点; a rate: 下降3.13%."""
    if terms.compounds:
        return yearly_step(terms, amount)
    finer = _finer(terms)
    sign = signed(amount, terms.decimals + finer)[0]
    size = difference(terms, amount, extra_decimals=finer)
    return sign + size if sign in "+−" else size


def yearly_change(terms: Terms, amount: Decimal) -> str:
    """A yearly change as a verb: 提高0.56个百分点, 降低1.2万吨, 持平."""
    if amount == 0:
        return "持平"
    verb = "提高" if amount > 0 else "降低"
    return verb + difference(terms, amount, extra_decimals=_finer(terms))


def _finer(terms: Terms) -> int:
    return 1 if terms.decimals < 2 else 0


def _without_value(judged: Judgement) -> str:
    if judged.verdict in SETTLED and judged.actual is None:
        is_number = judged.goal is not None and judged.goal.is_number
        missing = f"还没有{judged.year}年的年度值"
        return missing if is_number else f"凭文件认定为{judged.label}"
    return {
        Verdict.PENDING: "尚未收到市级文件，不作评价",
        Verdict.MISSING: f"还没有{judged.year}年的年度值",
        Verdict.TO_RECOGNISE: "由区发改局凭材料认定",
        Verdict.NOT_APPLICABLE: "当年没有新建，不适用" if judged.actual else "不再评价",
        Verdict.BASIS_CHANGED: "数据口径与目标不同，待确认后评价",
    }.get(judged.verdict, "")


def _band_words(terms: Terms, goal: Goal) -> str:
    if not goal.is_band:
        return ""
    return f"（系统设置容差±{plain(terms.tolerance.percent)}%）"
