"""The words inside the figure of the overview's rows."""

from decimal import Decimal

from common.formats import signed
from dashboard.rules.overview.schedule_lag import tight
from targets import rules
from targets.rules.levels import Level


def goal_words(terms: rules.Terms, goal: rules.Goal) -> str:
    """≥20, 15.38左右, 待市下达, 定性: without a unit."""
    words = rules.goal_value(terms, goal)
    return words if goal.value is None else rules.short(terms, words).replace("%", "")


def band_words(
    terms: rules.Terms, value: Decimal, low: Decimal | None, high: Decimal | None
) -> str:
    """低于下限0.17, 高于上限0.21，核对口径; empty inside."""
    if low is not None and value < low:
        return f"低于下限{tight(terms, rules.apart(terms, value, low))}"
    if high is not None and value > high:
        return f"高于上限{tight(terms, rules.apart(terms, value, high))}，核对口径"
    return ""


def peak_words(terms: rules.Terms, peak: rules.Peak | None) -> tuple[str, ...]:
    """仍在上升，+0.9%; 2019年最高，已连降5年; 只有3个年度值，看不出方向; then in fewer words."""
    if peak is None or peak.level == Level.GREY:
        count = len({actual.year for actual in terms.series})
        return (
            (f"只有{count}个年度值，看不出方向", f"只有{count}个年度值")
            if count
            else ("还没有年度值",)
        )
    if peak.word == "仍在上升" and peak.last_change_percent is not None:
        return f"{peak.word}，{signed(peak.last_change_percent, 1)}%", peak.word
    since = peak.words.split("，")[0].removeprefix("最高值之后")
    if since != peak.words.split("，")[0]:
        return f"{peak.year}年最高，{since}", since
    return peak.words, since
