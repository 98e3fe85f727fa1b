"""Settlements, outlooks and carried-over goals as sentences, from the numbers of the page."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from common.formats import zh_date
from targets.rules.terms import Actual, Goal, Terms
from targets.rules.trends.outlook import DISCLAIMER, Outlook, Prospect
from targets.rules.verdicts.carryover import CarryOver
from targets.rules.verdicts.judgement import Judgement, meets
from targets.rules.verdicts.settlements import GroundChange, GroundKind, Grounds, ground_changes
from targets.rules.verdicts.verdicts import Verdict
from targets.rules.words.formatting import (
    actual_words,
    apart,
    difference,
    distance_words,
    goal_head,
    goal_words,
    plain,
    shown_actual,
    span,
    with_unit,
)
from targets.rules.words.newest_value import aged, annual_name, grade, graded, newer_quarter
from targets.rules.words.wording import needed_words, tail_words, verb

BUREAU = "区发改局"
"""The settling body, for readers who may not read the person."""


@dataclass(frozen=True)
class Signature:
    """Who settled a milestone and when, with their reason and document."""

    by: str
    on: datetime.date
    document: str = ""
    note: str = ""
    proposed_by: str = ""
    is_named: bool = True
    """Whether the reader may read the person; others read that it was the bureau."""

    @property
    def words(self) -> str:
        """李敏提出，赵六2026年11月22日确认; settled by one person: 赵六2026年11月22日单人判定."""
        if not self.is_named:
            return f"{BUREAU}{zh_date(self.on)}{'判定' if self.proposed_by else '单人判定'}"
        if self.proposed_by:
            return f"{self.proposed_by}提出，{self.by}{zh_date(self.on)}确认"
        return f"{self.by}{zh_date(self.on)}单人判定"


def settlement_sentence(
    terms: Terms, year: int, verdict: Verdict, grounds: Grounds, signed: Signature
) -> str:
    """2025年目标75%以上，实际77.10%（部门统计），已达标，高2.10个百分点（李敏提出，赵六…确认）。"""
    head = _head(terms, year, grounds.goal)
    actual = grounds.actual
    if actual is None or actual.value is None or grounds.goal is None:
        why = f"：{signed.note}" if signed.note else ""
        said = f"依据{signed.document}认定为{verdict.label}"
        return f"{head}，{said}（{signed.words}）{why}。"
    then = _as_then(terms, grounds)
    when = f"{year}年" if grounds.goal.year is None else ""
    value = f"{when}实际{actual_words(then, actual, grounds.goal)}（{grade(actual)}）"
    tail = tail_words(distance_words(then, grounds.goal, actual))
    return f"{head}{_band(grounds)}，{value}，{verdict.label}{tail}（{signed.words}）。"


def grounds_words(terms: Terms, grounds: Grounds) -> str:
    """实际值77.10%（部门统计，第1版）；阶段目标≥75%（第1版）；判定规则第1版, for the ledger."""
    words = [f"{GroundKind.MILESTONE}{_ground_words(terms, GroundKind.MILESTONE, grounds)}"]
    if grounds.actual is not None:
        words.insert(0, f"{GroundKind.VALUE}{_ground_words(terms, GroundKind.VALUE, grounds)}")
    if grounds.base is not None:
        words.append(f"{GroundKind.BASE}{_ground_words(terms, GroundKind.BASE, grounds)}")
    if grounds.tolerance_percent is not None:
        words.append(f"{GroundKind.RULE}{_percent(grounds.tolerance_percent)}")
    return "；".join([*words, f"判定规则第{grounds.rule_version}版"])


def settled_by_words(terms: Terms, verdict: Verdict, then: Grounds) -> str:
    """原按实际99.50%、目标99%以上判定为已达标，须重新判定: the former grounds of a verdict."""
    goal = goal_words(terms, then.goal) if then.goal else "—"
    actual = then.actual
    value = f"实际{actual_words(_as_then(terms, then), actual, then.goal)}、" if actual else ""
    return f"原按{value}目标{goal}判定为{verdict.label}，须重新判定"


def outdated_sentence(
    terms: Terms,
    verdict: Verdict,
    then: Grounds,
    now: Grounds,
    present: Judgement,
    signed: Signature,
) -> str:
    """原判定为已达标（李敏提出，赵六…确认）；此后实际值由77.10%（第1版）改为74.20%（第2版），下降2.90个百分点，须重新判定…

    Empty if nothing has changed. Ends with what the present numbers would say.
    """
    found = ground_changes(then, now)
    if not found:
        return ""
    what = "；".join(change_words(terms, change, then, now) for change in found)
    return (
        f"原判定为{verdict.label}（{signed.words}）；此后{what}，须重新判定（按现有数据：{present.label}），"
        "重新判定以前原结论不变。"
    )


def change_words(terms: Terms, change: GroundChange, then: Grounds, now: Grounds) -> str:
    """One change in words: from what to what, in which versions, by how much."""
    others = _values(then, now) if change.ground == GroundKind.VALUE else ()
    before, after = (
        _ground_words(terms, change.ground, grounds, others) for grounds in (then, now)
    )
    if change.ground == GroundKind.RULE and change.difference == 0:
        return f"{change.ground}{_percent(now.tolerance_percent)}还没有依据文件确认"
    moved = _by_how_much(terms, change, then, now)
    return f"{change.ground}由{before}改为{after}，{moved}"


def _values(*grounds: Grounds) -> tuple[Decimal, ...]:
    found = (one.actual.value for one in grounds if one.actual is not None)
    return tuple(value for value in found if value is not None)


def outlook_sentence(terms: Terms, found: Outlook, *, today: datetime.date) -> str:
    """2030年目标22%以上，按2020—2025年趋势预计21.8%（80%区间21.2%—22.4%），不确定（外推，不是承诺）。"""
    if found.goal is None:
        return f"{found.reason}，{found.prospect.label}。"
    head = goal_head(terms, found.goal) + ("（巩固）" if found.is_floor else "")
    at, line = found.projection, found.trend
    if at is None or line is None:
        return f"{head}，{_not_projected(found, head)}。"
    age = aged(terms.latest, today) if terms.latest else ""
    return (
        f"{head}，按{line.first_year}—{line.last_year}年趋势{age}预计"
        f"{with_unit(terms, at.expected)}（80%区间{span(terms, at.low, at.high)}），"
        f"{found.prospect.label}（{DISCLAIMER}）。"
    )


def _not_projected(found: Outlook, head: str) -> str:
    """数据不足（还没有年度值…）, 不作外推：…; without repeating the head."""
    label = found.prospect.label
    if found.prospect == Prospect.TOO_LITTLE:
        return f"{label}（{found.reason}）"
    reason = "，".join(part for part in found.reason.split("，") if part not in head)
    return f"{label}：{reason}" if reason else label


def carry_over_sentence(terms: Terms, found: CarryOver) -> str:
    """2025年目标20%以上未完成，结转到2030年：最新值19.6%（2026年），与2025年目标比差0.4个百分点…"""
    head = f"{goal_head(terms, found.goal)}未完成，{carried_words(found.until)}："
    latest, quarter = found.latest, newer_quarter(terms, today=found.today)
    tail = f"；最新值{quarter.text}（{quarter.when}，{quarter.grade}）。" if quarter else "。"
    if latest is None or latest.value is None:
        return f"{head}还没有可比的年度值{tail}"
    value = actual_words(terms, latest, found.goal, found.aim)
    words = [f"{annual_name(terms)}{value}（{latest.year}年，{graded(latest, found.today)}）"]
    words.append(_against(terms, found.goal, latest, f"{found.year}年目标"))
    if not found.is_floor:
        words.append(_against(terms, found.aim, latest, goal_head(terms, found.aim)))
    words.append(_left_to_do(terms, found, latest))
    return f"{head}{'，'.join(words)}{tail}"


def carried_words(until: int | None) -> str:
    """结转到2030年, the last milestone year that still has to keep the goal."""
    return f"结转到{until}年" if until else "没有下一个目标年，目标继续有效"


def _against(terms: Terms, goal: Goal, latest: Actual, name: str) -> str:
    if latest.value is not None and meets(goal, latest.value, terms.tolerance):
        return f"已达到{name}"
    return f"与{name}比{distance_words(terms, goal, latest)}"


def _left_to_do(terms: Terms, found: CarryOver, latest: Actual) -> str:
    if found.is_kept:
        return "今后须保持"
    if found.needed is None:
        return "期限已到"
    if found.needed == 0:
        return f"今后须低于{plain(found.aim.value or Decimal(0))}"
    return needed_words(terms, found.aim, latest, found.needed, today=found.today)


def _head(terms: Terms, year: int, goal: Goal | None) -> str:
    return goal_head(terms, goal) if goal else f"{year}年目标"


def _as_then(terms: Terms, grounds: Grounds) -> Terms:
    """Terms with the tolerance of the settlement."""
    return terms.with_tolerance(grounds.tolerance_percent)


def _band(grounds: Grounds) -> str:
    if grounds.goal is None or not grounds.goal.is_band:
        return ""
    percent = grounds.tolerance_percent
    return f"（左右按{_percent(percent)}）" if percent else "（左右没有规定容差）"


def _percent(value: Decimal | None) -> str:
    return f"±{plain(value)}%" if value else "未设"


def _ground_words(
    terms: Terms, ground: GroundKind, grounds: Grounds, others: tuple[Decimal, ...] = ()
) -> str:
    """A ground in words with its version; a value is distinguished from `others`."""
    if ground == GroundKind.RULE:
        return f"{_percent(grounds.tolerance_percent)}（规则第{grounds.rule_version}版）"
    if ground == GroundKind.MILESTONE:
        if grounds.goal is None:
            return "没有现行目标"
        return f"{goal_words(terms, grounds.goal)}（第{grounds.milestone_version}版）"
    is_base = ground == GroundKind.BASE
    actual = grounds.base if is_base else grounds.actual
    version = grounds.base_version if is_base else grounds.observation_version
    if actual is None:
        return "没有可用的现行年度值"
    value = (
        "不适用"
        if actual.value is None
        else actual_words(terms, actual, None if is_base else grounds.goal, others=others)
    )
    return f"{value}（{grade(actual)}，第{version}版）"


def _by_how_much(terms: Terms, change: GroundChange, then: Grounds, now: Grounds) -> str:
    """The difference of the two numbers as printed."""
    amount = change.difference
    if amount is None:
        return "无法比较大小"
    if amount == 0:
        return "数值未变"
    if change.ground == GroundKind.RULE:
        return f"{'增加' if amount > 0 else '减少'}{plain(abs(amount))}个百分点"
    moved = verb(terms, amount)
    if change.ground == GroundKind.MILESTONE:
        return moved + difference(terms, amount)
    others = _values(then, now)
    ends = [
        shown_actual(terms, one.actual, one.goal, others=others)
        for one in (then, now)
        if one.actual is not None
    ]
    return moved + apart(terms, *ends)
