"""Settlements, outlooks and what is carried over as sentences, from the numbers of the page."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from common.formats import zh_date
from targets.rules.carrying import CarryOver
from targets.rules.facts import Goal, Terms, Verdict
from targets.rules.judgement import Judgement, meets
from targets.rules.outlook import DISCLAIMER, Outlook, Prospect
from targets.rules.settling import Change, Ground, Grounds, changes
from targets.rules.wording import (
    difference,
    distance_words,
    goal_value,
    grade,
    plain,
    with_unit,
    yearly_step,
)


@dataclass(frozen=True)
class Signature:
    """Who settled a milestone when, and what they wrote and relied on."""

    by: str
    on: datetime.date
    document: str = ""
    note: str = ""


def settlement_sentence(
    terms: Terms, year: int, verdict: Verdict, grounds: Grounds, signed: Signature
) -> str:
    """2025年目标≥75%，实际77.10%（部门统计），已达标，高2.10个百分点（赵六2026年11月22日判定）。"""
    head = _head(terms, year, grounds.goal)
    actual = grounds.actual
    if actual is None or actual.value is None or grounds.goal is None:
        why = f"：{signed.note}" if signed.note else ""
        return f"{head}，{_signed(signed)}依据{signed.document}认定为{verdict.label}{why}。"
    value = f"实际{with_unit(terms, actual.value)}（{grade(actual)}）"
    tail = distance_words(_as_then(terms, grounds), grounds.goal, actual.value)
    return f"{head}{_band(grounds)}，{value}，{verdict.label}，{tail}（{_signed(signed)}判定）。"


def grounds_words(terms: Terms, grounds: Grounds) -> str:
    """实际值77.10%（部门统计，第1版）；阶段目标≥75%（第1版）；判定规则第1版: for the ledger."""
    words = [f"{Ground.MILESTONE}{_said(terms, Ground.MILESTONE, grounds)}"]
    if grounds.actual is not None:
        words.insert(0, f"{Ground.VALUE}{_said(terms, Ground.VALUE, grounds)}")
    if grounds.tolerance_percent is not None:
        words.append(f"{Ground.RULE}{_percent(grounds.tolerance_percent)}")
    return "；".join([*words, f"判定规则第{grounds.rule_version}版"])


def settled_by_words(terms: Terms, verdict: Verdict, then: Grounds) -> str:
    """原按实际99.50%、目标≥99%判定为已达标，须重新判定: what a verdict rested on."""
    goal = goal_value(terms, then.goal) if then.goal else "—"
    actual = then.actual
    value = f"实际{with_unit(terms, actual.value)}、" if actual else ""
    return f"原按{value}目标{goal}判定为{verdict.label}，须重新判定"


def outdated_sentence(
    terms: Terms,
    verdict: Verdict,
    then: Grounds,
    now: Grounds,
    present: Judgement,
    signed: Signature,
) -> str:
    """原判定为已达标（赵六2026年11月22日判定）；此后实际值由77.10%（第1版）改为74.20%（第2版），减少2.90个百分点，须重新判定…

    Empty where nothing has changed. Ends with what the present numbers would say.
    """
    found = changes(then, now)
    if not found:
        return ""
    what = "；".join(change_words(terms, change, then, now) for change in found)
    return (
        f"原判定为{verdict.label}（{_signed(signed)}）；此后{what}，须重新判定（按现有数据：{present.label}），"
        "重新判定以前原结论不变。"
    )


def change_words(terms: Terms, change: Change, then: Grounds, now: Grounds) -> str:
    """One change in words: from what to what, in which versions, by how much."""
    before, after = (_said(terms, change.ground, grounds) for grounds in (then, now))
    return f"{change.ground}由{before}改为{after}，{_by_how_much(terms, change)}"


def outlook_sentence(terms: Terms, found: Outlook) -> str:
    """按2020—2025年趋势，2030年预计21.8%（80%区间21.2%至22.4%），目标≥22%，不确定（外推，不是承诺）。"""
    head = f"{found.year}年"
    if found.goal is not None:
        head += f"目标{goal_value(terms, found.goal)}" + ("（巩固）" if found.is_floor else "")
    at, line = found.projection, found.trend
    if at is None or line is None:
        label = found.prospect.label
        if found.goal is None:
            return f"{found.reason}，{label}。"
        told = f"{label}（{found.reason}）" if found.prospect == Prospect.TOO_LITTLE else ""
        return f"{head}，{told or f'{label}：{found.reason}'}。"
    between = f"80%区间{with_unit(terms, at.low)}至{with_unit(terms, at.high)}"
    return (
        f"{head}，按{line.first_year}—{line.last_year}年趋势预计{with_unit(terms, at.expected)}"
        f"（{between}），{found.prospect.label}（{DISCLAIMER}）。"
    )


def carry_over_sentence(terms: Terms, found: CarryOver) -> str:
    """2025年目标≥20%未完成，结转到2030年：最新值19.6%（2026年），距2025年目标差0.4个百分点，…"""
    head = f"{found.year}年目标{goal_value(terms, found.goal)}未完成，结转到{found.until}年："
    latest = found.latest
    if latest is None or latest.value is None:
        return f"{head}还没有可比的年度值。"
    words = [f"最新值{with_unit(terms, latest.value)}（{latest.year}年，{grade(latest)}）"]
    if meets(found.goal, latest.value, terms.tolerance):
        words.append(f"已达到{found.year}年目标")
    else:
        gap = distance_words(terms, found.goal, latest.value)
        words.append(f"与{found.year}年目标比{gap}")
    if not found.is_floor:
        gap = distance_words(terms, found.aim, latest.value)
        words.append(f"与{found.aim.year}年目标{goal_value(terms, found.aim)}比{gap}")
    words.append(_left_to_do(terms, found))
    return f"{head}{'，'.join(words)}。"


def _left_to_do(terms: Terms, found: CarryOver) -> str:
    if found.is_kept:
        return "今后须保持"
    if found.needed is None:
        return "期限已到"
    if found.needed == 0:
        return f"今后须低于{plain(found.aim.value or Decimal(0))}"
    return f"今后年均需{yearly_step(terms, found.needed)}"


def _head(terms: Terms, year: int, goal: Goal | None) -> str:
    return f"{year}年目标{goal_value(terms, goal)}" if goal else f"{year}年目标"


def _signed(signed: Signature) -> str:
    return f"{signed.by}{zh_date(signed.on)}"


def _as_then(terms: Terms, grounds: Grounds) -> Terms:
    """Terms whose band is the one that held."""
    return terms.with_tolerance(grounds.tolerance_percent)


def _band(grounds: Grounds) -> str:
    if grounds.goal is None or not grounds.goal.is_band:
        return ""
    return f"（系统设置容差{_percent(grounds.tolerance_percent)}）"


def _percent(value: Decimal | None) -> str:
    return f"±{plain(value)}%" if value else "未设"


def _said(terms: Terms, ground: Ground, grounds: Grounds) -> str:
    """A ground in words with its version."""
    if ground == Ground.RULE:
        return f"{_percent(grounds.tolerance_percent)}（规则第{grounds.rule_version}版）"
    if ground == Ground.MILESTONE:
        if grounds.goal is None:
            return "没有现行目标"
        return f"{goal_value(terms, grounds.goal)}（第{grounds.milestone_version}版）"
    actual = grounds.actual
    if actual is None:
        return "没有可用的现行年度值"
    value = "不适用" if actual.value is None else with_unit(terms, actual.value)
    return f"{value}（{grade(actual)}，第{grounds.observation_version}版）"


def _by_how_much(terms: Terms, change: Change) -> str:
    amount = change.difference
    if amount is None:
        return "无法比较大小"
    if amount == 0:
        return "数值未变"
    verb = "增加" if amount > 0 else "减少"
    if change.ground == Ground.RULE:
        return f"{verb}{plain(abs(amount))}个百分点"
    return verb + difference(terms, amount)
