"""Compares a value with its history: W1 jumps, W2 standstill, W3 slips of unit or point. Pure."""
# ruff: noqa: ARG001 - all rules have one signature

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from statistics import median

from common.formats import rounded
from projects.rules import Status as ProjectStatus
from reporting.answers.rules.answers import ProjectAnswers, TargetAnswers, TaskAnswers
from reporting.answers.rules.facts import FieldMessage, ObligationFacts
from reporting.answers.rules.wording import (
    change,
    counts_points,
    exact,
    is_yearly,
    last_words,
    typing,
    wan,
    with_unit,
)
from reporting.periods.rules.thresholds import Thresholds
from targets.rules import is_fraction, slip_factor
from tasks.rules.progress import Status as TaskStatus

HUNDRED = Decimal(100)
MANY = 4
"""With at least this many earlier values, their own changes define the usual change."""


@dataclass(frozen=True, slots=True)
class _Usual:
    """How a value usually changes from one period to the next: in points, else in %."""

    centre: Decimal
    limit: Decimal


def jump(
    answers: TargetAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """W1: a change outside the usual range.

    Usual is the median of the earlier changes ± k times their median absolute deviation, at least
    the fixed threshold; with fewer than four values it is 0 ± the fixed threshold. Changes are in
    points for shares, else in % of the value before. Slips have their own doubt (W3).
    """
    value = facts.comparable(answers)
    if value is None or not facts.history or _is_slip(answers, facts, thresholds):
        return
    last, since = facts.history[-1], last_words(facts, answers.value_period)
    points = counts_points(facts)
    moved = _move(last, value, points)
    if moved is None:
        if value:
            yield FieldMessage(
                "value", f"{since}为 0，这次为 {with_unit(value, facts)}，超过常见波动。"
            )
        return
    usual = _usual(facts.history, points, thresholds)
    if abs(moved - usual.centre) <= usual.limit:
        return
    shown, unit = (
        (f"{change(moved, facts.decimals)} 个百分点", "")
        if points
        else (f"{change(moved, 1)}%", "%")
    )
    mostly = rounded(usual.centre, 1)
    trend = f"，以往一般变化 {change(mostly, 1)}{unit}" if mostly else ""
    yield FieldMessage(
        "value", f"比{since}变化 {shown}{trend}，超过常见波动（±{_limit(usual.limit)}{unit}）。"
    )


def unchanged_value(
    answers: TargetAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """W2: the same value a third time. A complete share may stay the same."""
    value = facts.comparable(answers)
    if value is None or len(facts.history) < 2 or (facts.is_share and value == HUNDRED):
        return
    if value == facts.history[-1] == facts.history[-2]:
        two = "前两年" if is_yearly(facts, answers.value_period) else "前两个季度"
        yield FieldMessage(
            "value", f"与{two}完全相同，都是 {with_unit(value, facts)}：核对是否已更新。"
        )


def unchanged_investment(
    answers: ProjectAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """W2: a project under way whose investment has not changed for two quarters."""
    before = (facts.previous, facts.before_previous)
    sums = [item.invested_wan for item in before if isinstance(item, ProjectAnswers)]
    value = answers.invested_wan
    if (
        answers.no_change
        or answers.status != ProjectStatus.UNDER_WAY
        or value is None
        or len(sums) < 2
    ):
        return
    if all(known == value for known in sums):
        yield FieldMessage(
            "invested_wan", f"累计投资两个季度没有变化，都是 {wan(value)}：核对是否已更新。"
        )


def unchanged_quantity(
    answers: TaskAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """W2: the same quantity a third time in a task that is not completed."""
    before = [
        item.quantity_value
        for item in (facts.previous, facts.before_previous)
        if isinstance(item, TaskAnswers) and item.quantity_name == answers.quantity_name
    ]
    value = answers.quantity_value
    if value is None or answers.status == TaskStatus.DONE or len(before) < 2:
        return
    if all(known == value for known in before):
        same = f"{exact(value)}{answers.quantity_unit}"
        yield FieldMessage("quantity_value", f"与前两个季度完全相同，都是 {same}：核对是否已更新。")


def slip(
    answers: TargetAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """W3: about 10, 100 or 10 000 times the last value, or that fraction of it."""
    value = facts.comparable(answers)
    if value is None:
        return
    if not facts.history:
        if facts.is_share and is_fraction(value, facts.required):
            yield FieldMessage(
                "value",
                f"{with_unit(value, facts)} 不到 1%：核对是否把“{typing(value)}”当成"
                f"“{typing(value * HUNDRED)}%”。",
                typing(value * HUNDRED),
            )
        return
    last = facts.history[-1]
    found = slip_factor(value, last, thresholds["W3_TOLERANCE"])
    if found is None:
        return
    factor, words = found
    right = value / factor
    since = last_words(facts, answers.value_period)
    fits = not facts.is_share or 0 <= right <= HUNDRED
    yield FieldMessage(
        "value",
        f"{with_unit(value, facts)} 约为{since}（{with_unit(last, facts)}）的 {words}，"
        "核对单位和小数点。",
        typing(right) if fits else "",
    )


def slip_wan(
    answers: ProjectAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """W3: 元 typed for 万元, and the like. A sum that adds up is doubted only at 10 000 times."""
    value, last = answers.invested_wan, facts.previous_cumulative_wan
    if answers.no_change or value is None or last is None:
        return
    found = slip_factor(value, last, thresholds["W3_TOLERANCE"])
    quarter = answers.invested_quarter_wan
    adds_up = quarter is not None and last + quarter == value
    if found is None or (adds_up and found[0] != Decimal(10000)):
        return
    factor, words = found
    money = "：核对是否把“元”当成“万元”。" if factor == Decimal(10000) else "，核对单位和小数点。"
    yield FieldMessage(
        "invested_wan",
        f"{wan(value)}约为上期累计（{wan(last)}）的 {words}{money}",
        typing(rounded(value / factor, 2)),
    )


def _is_slip(answers: TargetAnswers, facts: ObligationFacts, thresholds: Thresholds) -> bool:
    """Whether another doubt already asks if the number is right."""
    return any(slip(answers, facts, thresholds)) or is_negative_fall(answers, facts)


def is_negative_fall(answers: TargetAnswers, facts: ObligationFacts) -> bool:
    """Whether −15 was typed where 15 means a fall of 15%."""
    found = answers.typed.get("value")
    value = answers.reported
    return bool(facts.is_reduction and value and value < 0 and found and found.has_minus)


def _move(last: Decimal, value: Decimal, points: bool) -> Decimal | None:
    """The change from one value to the next; None where a change in % is undefined."""
    if points:
        return value - last
    return (value - last) / abs(last) * HUNDRED if last else None


def _usual(history: tuple[Decimal, ...], points: bool, thresholds: Thresholds) -> _Usual:
    floor = thresholds["W1_POINTS" if points else "W1_PERCENT"]
    pairs = pairwise(history)
    moves = [move for last, value in pairs if (move := _move(last, value, points)) is not None]
    if len(history) < MANY or len(moves) < MANY - 1:
        return _Usual(Decimal(0), floor)
    centre = median(moves)
    spread = median([abs(move - centre) for move in moves])
    return _Usual(centre, max(spread * thresholds["W1_MAD"], floor))


def _limit(value: Decimal) -> str:
    return exact(rounded(value, 2))
