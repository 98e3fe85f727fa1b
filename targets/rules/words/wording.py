"""Verdict, light and pace as sentences, from the numbers that the page shows."""

import datetime
from decimal import Decimal

from common.formats import MINUS, number, rounded, rounded_apart
from targets.rules.terms import Actual, Goal, Terms
from targets.rules.trends.outlook import goal_ahead
from targets.rules.trends.pace import Pace, Peak, last_year_gone
from targets.rules.trends.trajectory import HUNDRED
from targets.rules.verdicts.judgement import (
    Judgement,
    completion,
    completion_before,
    has_risen,
    limits,
    meets,
)
from targets.rules.verdicts.verdicts import SETTLED, Verdict
from targets.rules.words.formatting import (
    DIMENSIONLESS,
    REACHED,
    actual_words,
    completion_shown,
    difference,
    distance_words,
    goal_head,
    goal_words,
    plain,
    span,
)
from targets.rules.words.newest_value import aged, annual_name, grade, graded, has_newer_quarter

RISEN = "不降反升"
"""Stands for a degree of completion where nothing was reduced."""
NOT_QUITE = "不足100"
"""Stands for a degree of completion where a value equals a limit that it has to stay below."""
RATE_DECIMALS = 2
"""Decimals of a yearly reduction rate."""


def gap_words(terms: Terms, judged: Judgement) -> str:
    """The distance of a verdict's value from its goal; empty without a value."""
    if judged.shortfall is None or judged.goal is None or judged.actual is None:
        return ""
    return distance_words(terms, judged.goal, judged.actual)


def tail_words(words: str) -> str:
    """A distance after a verdict; empty where the verdict says it already."""
    return "" if words in {"", REACHED} else f"，{words}"


def verdict_sentence(terms: Terms, judged: Judgement, *, with_label: bool = True) -> str:
    """One sentence on a milestone, ready to be quoted in a report; the label may be left out."""
    year, goal = judged.year, judged.goal
    if goal is None:
        return f"方案没有提出{year}年目标。"
    head = goal_head(terms, goal)
    reason = without_value(terms, judged)
    known = terms.actual(year)
    if judged.verdict == Verdict.PENDING and known and known.value is not None:
        reason = f"实际{actual_words(terms, known)}（{grade(known)}），不作评价"
    if reason:
        return f"{head}，{reason}。"
    if judged.verdict == Verdict.AHEAD:
        return f"{head}，尚未到期。"
    actual = judged.actual
    assert actual is not None  # noqa: S101 - judged by a value
    when = f"{year}年" if goal.year is None else ""
    gap = gap_words(terms, judged)
    said = f"，{judged.label}{tail_words(gap)}" if with_label else f"，{gap}" if gap else ""
    return (
        f"{head}{band_words(terms, goal)}，{when}实际{actual_words(terms, actual, goal)}"
        f"（{grade(actual)}）{said}。"
    )


def completion_words(terms: Terms, goal: Goal, actual: Actual | None) -> str:
    """The completion of a compounding reduction: 完成目标降幅的82.5%, 超额完成32.95%, 不降反升.

    The first before its goal's year, the second from it on; empty for other targets and for the
    base value itself.
    """
    if actual is None or actual.value is None or not goal.is_number or not terms.compounds:
        return ""
    if not terms.fits(goal, actual):
        return ""
    base_year = goal.base_year or terms.baseline_year
    if base_year is not None and actual.year <= base_year:
        return ""
    if has_risen(terms, goal, actual.value):
        return f"{RISEN}（{actual.year}年）"
    is_before = goal.last_year is not None and actual.year < goal.last_year
    done = (completion_before if is_before else completion)(terms, goal, actual.value)
    if done is None or done == HUNDRED:
        return ""
    if is_before or done < HUNDRED:
        since = f"至{actual.year}年" if is_before else ""
        return f"{since}完成目标降幅的{number(completion_shown(done))}%"
    return f"超额完成{number(rounded_apart(done - HUNDRED, RATE_DECIMALS, [Decimal(0)]))}%"


def index_words(terms: Terms, index: Decimal | None, *, is_met: bool | None = None) -> str:
    """A degree of completion for a cell; 不降反升 for a reduction that is none.

    A value that equals a limit that it has to stay below is not complete: 不足100.
    """
    if index is None:
        return RISEN if terms.compounds else number(None)
    if index == HUNDRED and is_met is False:
        return NOT_QUITE
    return number(completion_shown(index))


def peak_sentence(terms: Terms, found: Peak, *, today: datetime.date) -> str:
    """2025年423.8万吨（初步核算），较2024年增长0.9%：仍在上升，增速放缓。"""
    latest = terms.latest
    if latest is None:
        return "还没有数值，不判断是否达峰。"
    text = f"{latest.year}年{actual_words(terms, latest)}（{graded(latest, today)}）"
    if found.last_change_percent is not None:
        verb = "增长" if found.last_change_percent > 0 else "下降"
        moved = f"{verb}{number(rounded_apart(abs(found.last_change_percent), 1, [Decimal(0)]))}%"
        before = terms.series[-2].year
        text += f"，较{before}年{moved}" if found.last_change_percent else f"，与{before}年持平"
    top = f"；最高值在{found.year}年" if found.values_since else ""
    return f"{text}：{found.words}{top}。"


def pace_sentence(terms: Terms, found: Pace | None) -> str:
    """到2030年达到22%以上，今后年均需提高0.56个百分点，近三年年均提高0.50个百分点。"""
    if found is None:
        return ""
    goal, is_floor = goal_ahead(terms, found.goal_year)
    if goal is None:
        return ""
    kept = "（巩固）" if is_floor else ""
    words = pace_words(terms, goal, found)
    return f"到{found.goal_year}年{_to_reach(terms, goal)}{kept}，{words}"


_RECENT = {1: "近一年", 2: "近两年年均", 3: "近三年年均"}


def pace_words(terms: Terms, goal: Goal | None, found: Pace | None) -> str:
    """今后年均需提高0.56个百分点，近三年年均提高0.50个百分点。 Empty if there is no pace.

    For a value that is years old it begins with its age: 按最新值（2025年数，已2年多未更新）.
    """
    latest = terms.latest
    if found is None or goal is None or latest is None or latest.value is None:
        return ""
    name, age = annual_name(terms), aged(latest, found.today)
    if meets(goal, latest.value, terms.tolerance):
        return f"{name}{age}已达到，须保持。"
    since = f"从{latest.year}年值算起，" if has_newer_quarter(terms) else ""
    text = f"按{name}{age}，" if age else since
    text += needed_words(terms, goal, latest, found.needed, today=found.today)
    if found.recent is not None:
        when = _years(latest.year, found.recent_years) if age else _RECENT[found.recent_years]
        text += f"，{when}{yearly_step(terms, found.recent)}"
    return f"{text}。"


def _years(last: int, count: int) -> str:
    return f"{last}年" if count == 1 else f"{last - count + 1}—{last}年年均"


def needed_words(
    terms: Terms, goal: Goal, latest: Actual, needed: Decimal, *, today: datetime.date
) -> str:
    """今后年均需提高0.56个百分点; with one year left 还差0.5个百分点，本年须完成."""
    year = goal.year or today.year
    if year - last_year_gone(latest, today) > 1:
        return f"今后年均需{needed_step(terms, needed)}"
    lacking = distance_words(terms, goal, latest)
    still = "还" if lacking.startswith(("差", "高")) else ""
    return f"{still}{lacking}，{'本年' if year == today.year else f'{year}年'}须完成"


def best_step(terms: Terms, found: Pace | None) -> str:
    """2023年提高0.60个百分点: the largest step towards the goal so far; empty without one."""
    if found is None or found.best is None:
        return ""
    best = found.best
    years = str(best.year) if best.first_year == best.year else f"{best.first_year}—{best.year}"
    mean = "" if best.first_year == best.year else "年均"
    return f"{years}年{mean}{needed_step(terms, best.amount)}"


def yearly_step(terms: Terms, amount: Decimal) -> str:
    """A yearly step in words: 提高0.56个百分点, 减少1.25万吨, 基本持平; 下降3.13% for a rate."""
    if amount == 0:
        return "持平"
    if rounded(amount, _step_decimals(terms)) == 0:
        return "基本持平"
    return needed_step(terms, amount)


def needed_step(terms: Terms, amount: Decimal) -> str:
    """A needed or best step in words; a step other than 0 is never printed as 提高0.00."""
    if amount == 0:
        return "持平"
    if terms.compounds:
        size = rounded_apart(abs(amount), RATE_DECIMALS, [Decimal(0)])
        return f"{'上升' if amount < 0 else '下降'}{number(size)}%"
    return f"{verb(terms, amount)}{difference(terms, amount, _step_decimals(terms))}"


def verb(terms: Terms, amount: Decimal) -> str:
    """The verb of a change: rates rise and fall, quantities grow and shrink."""
    is_rate = terms.unit in {"%", "", DIMENSIONLESS}
    rise, fall = ("提高", "下降") if is_rate else ("增加", "减少")
    return rise if amount > 0 else fall


def change(terms: Terms, amount: Decimal) -> str:
    """A signed yearly step, one decimal finer than the values: +0.56个百分点; a rate: 下降3.13%."""
    if terms.compounds:
        return needed_step(terms, amount)
    sign = "+" if amount > 0 else MINUS if amount < 0 else ""
    return sign + difference(terms, amount, _step_decimals(terms))


def _step_decimals(terms: Terms) -> int:
    if terms.compounds:
        return RATE_DECIMALS
    return terms.decimals + (1 if terms.decimals < 2 else 0)


def _to_reach(terms: Terms, goal: Goal) -> str:
    """达到22%以上, 低于1.3."""
    words = goal_words(terms, goal)
    return words if goal.lower_is_better else f"达到{words}"


def without_value(terms: Terms, judged: Judgement) -> str:
    """The words that stand for a missing value in sentences; empty if there is one."""
    if judged.verdict in SETTLED and judged.actual is None:
        is_number = judged.goal is not None and judged.goal.is_number
        missing = f"还没有{judged.year}年的年度值"
        return missing if is_number else f"凭文件认定为{judged.label}"
    return {
        Verdict.PENDING: "不作评价",
        Verdict.MISSING: _missing(terms, judged),
        Verdict.TO_RECOGNISE: "由区发改局凭材料认定",
        Verdict.NOT_APPLICABLE: "当年没有新建，不适用" if judged.actual else "不再评价",
        Verdict.BASIS_CHANGED: "数据口径与目标不同，待确认后评价",
    }.get(judged.verdict, "")


def _missing(terms: Terms, judged: Judgement) -> str:
    if judged.year_end is not None:
        found = year_end_words(terms, judged.year_end, judged.goal)
        return f"{judged.label}（{found}），请确认为年度值"
    if judged.goal is not None and judged.goal.waits_for_base:
        return f"还没有{judged.goal.base_year}年的年度值，不能换算"
    return f"还没有{judged.year}年的年度值"


def year_end_words(terms: Terms, value: Actual, goal: Goal | None) -> str:
    """2025年四季度末41.0%，低于目标: a stock's value that may become the annual one."""
    said = f"{value.year}年四季度末{actual_words(terms, value, goal)}"
    if goal is None or goal.value is None or value.value is None or not terms.fits(goal, value):
        return said
    if meets(goal, value.value, terms.tolerance):
        return f"{said}，达到目标"
    if value.value == goal.value:
        return f"{said}，未达到目标"
    return f"{said}，{'低于' if value.value < goal.value else '高于'}目标"


def band_words(terms: Terms, goal: Goal) -> str:
    """（左右暂按±2%，15.07%—15.69%）; empty unless the goal is a band."""
    low, high = limits(goal, terms.tolerance)
    if not goal.is_band or low is None or high is None:
        return ""
    until = "" if terms.is_tolerance_confirmed else "暂"
    return f"（左右{until}按±{plain(terms.tolerance.percent)}%，{span(terms, low, high)}）"
