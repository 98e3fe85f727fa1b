"""Doubts W1 to W14: each needs a reason that the reviewer and the ledger see. Pure."""
# ruff: noqa: ARG001 - all rules have one signature

from collections.abc import Iterator, Mapping
from decimal import Decimal

from projects.rules import Status as ProjectStatus
from reporting.answers.rules import jumps
from reporting.answers.rules.answers import (
    Answers,
    ContributionAnswers,
    ProjectAnswers,
    TargetAnswers,
    TaskAnswers,
)
from reporting.answers.rules.facts import DOUBT, FieldMessage, ObligationFacts, Rule
from reporting.answers.rules.likeness import HUNDRED, claims_movement, likeness
from reporting.answers.rules.wording import (
    CONTRIBUTION,
    PROJECT,
    TARGET,
    TASK,
    change,
    characters,
    distance,
    exact,
    size,
    typing,
    wan,
    with_unit,
)
from reporting.periods.rules.thresholds import Thresholds
from reporting.rules.enumerations import Attainment, Kind
from reporting.rules.fields import FORMS
from targets.rules import AnnualRate, Grade, chain_sentence, check_chain
from tasks.rules.progress import Status as TaskStatus

_SHORTEST_COMPARED = 10
"""Shorter texts (in characters) are not compared: they are alike by nature."""


def below_requirement(
    answers: TargetAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """W4: worse than the trajectory or milestone requires; only once no slip (W3) is suspected."""
    value, required = facts.comparable(answers), facts.required
    if value is None or required is None or not facts.misses_requirement(value):
        return
    if any(jumps.slip(answers, facts, thresholds)):
        return
    asked = with_unit(required, facts, most=facts.decimals)
    gap = value - required
    if not gap:
        said = f"没有低于要求的 {asked}（不含本数）"
    elif gap > 0:
        said = f"高于进度要求 {asked}，高 {distance(gap, facts)}"
    else:
        said = f"低于进度要求 {asked}，差 {distance(gap, facts)}"
    yield FieldMessage("value", f"{said}：写明原因和下一步措施。")


def investment(
    answers: ProjectAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """W5: more invested than planned, or works complete with too little invested."""
    invested, total = answers.invested_wan, facts.total_investment_wan
    if answers.no_change or invested is None or not total:
        return
    part, least = invested / total * HUNDRED, thresholds["W5_INVESTED"]
    built = answers.status == ProjectStatus.COMPLETED or answers.works_percent == HUNDRED
    if invested > total:
        yield FieldMessage(
            "invested_wan",
            f"累计投资 {wan(invested)}超过总投资 {wan(total)}（超 {wan(invested - total)}）："
            "说明超概原因。",
        )
    elif built and part < least:
        state = "已竣工" if answers.status == ProjectStatus.COMPLETED else "形象进度 100%"
        yield FieldMessage(
            "invested_wan",
            f"{state}，累计投资只占总投资的 {size(part, 1)}%，低于 {exact(least)}%：说明原因。",
        )


def stale_task(
    answers: TaskAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """W6: last quarter's text claims to be news; a task that stays completed may keep its text."""
    before = facts.previous
    if isinstance(before, TaskAnswers) and not answers.status == before.status == TaskStatus.DONE:
        yield from _stale("narrative", before.narrative, answers.narrative, thresholds)


def stale_contribution(
    answers: ContributionAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """W6: last quarter's text claims to be news."""
    if isinstance(facts.previous, ContributionAnswers):
        yield from _stale("text", facts.previous.text, answers.text, thresholds)


def _stale(name: str, old: str, new: str, thresholds: Thresholds) -> Iterator[FieldMessage]:
    alike = _alike(old, new, thresholds)
    if alike:
        yield FieldMessage(
            name, f"与上季度文字 {int(alike)}% 相同：写出本季度的新进展，或说明为什么没有变化。"
        )


def repeated_task(
    answers: TaskAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """W6: one paragraph claims to be the news of several tasks of the quarter.

    It is one doubt, at the first of those tasks that the agency can still change.
    """
    same = [one for one in facts.siblings if _alike(one.narrative, answers.narrative, thresholds)]
    if not same or any(one.is_before and one.is_open for one in same):
        return
    codes = "、".join(one.code for one in same)
    yield FieldMessage(
        "narrative", f"与{codes}写的是同一段文字：各写各的进展，或说明为什么可以共用。"
    )


def _alike(old: str, new: str, thresholds: Thresholds) -> Decimal:
    """How alike two texts are where that is doubted, else 0: news cannot be told twice."""
    if characters(new) < _SHORTEST_COMPARED or not claims_movement(new):
        return Decimal(0)
    alike = likeness(old, new)
    return alike if alike >= thresholds["W6_LIKENESS"] else Decimal(0)


def final_value_differs(
    answers: TargetAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """W7: the final value is far from the provisional one."""
    value, before = facts.comparable(answers), facts.provisional
    if value is None or before is None or answers.grade != Grade.FINAL or value == before:
        return
    limit = thresholds["W7_CHANGE"]
    moved = (value - before) / abs(before) * HUNDRED if before else None
    if moved is not None and abs(moved) <= limit:
        return
    much = f"变动 {change(moved, 1)}%，超过 {exact(limit)}%" if moved is not None else "变动较大"
    yield FieldMessage(
        "value",
        f"最终核实 {with_unit(value, facts)}，比初步值 {with_unit(before, facts)} {much}："
        "说明核定差异的原因。",
    )


def unproved_value(
    answers: TargetAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """W8: a value, or 已实现, without an evidence file."""
    if facts.evidence:
        return
    if answers.reported is not None:
        yield FieldMessage("evidence", "填了数值但没有佐证材料：上传佐证，或说明为什么没有。")
    elif answers.attainment == Attainment.REALISED:
        yield FieldMessage("evidence", "选了“已实现”但没有佐证材料：上传佐证，或说明为什么没有。")


def unproved_task(
    answers: TaskAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """W8: completed without an evidence file, asked only in the quarter of completion."""
    if (
        answers.status == TaskStatus.DONE
        and facts.previous_status != TaskStatus.DONE
        and not facts.evidence
    ):
        yield FieldMessage("evidence", "选了“已完成”但没有佐证材料：上传佐证，或说明为什么没有。")


def adding_up(
    answers: ProjectAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """W9: the cumulative value is not the previous one plus this quarter's."""
    total, quarter = answers.invested_wan, answers.invested_quarter_wan
    before = facts.previous_cumulative_wan
    if answers.no_change or total is None or quarter is None or before is None:
        return
    if total != before + quarter:
        yield FieldMessage(
            "invested_wan",
            f"上期累计 {wan(before)}加本季度 {wan(quarter)}应为 {wan(before + quarter)}，"
            f"填写的累计是 {wan(total)}：改正，或说明原因。",
            typing(max(before + quarter, Decimal(0))),
        )


def negative_fall(
    answers: TargetAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """W10: −15 typed where a fall of 15% is 15."""
    value = answers.reported
    if value is None or not jumps.is_negative_fall(answers, facts):
        return
    fall = with_unit(-value, facts)
    yield FieldMessage(
        "value",
        f"填写的是 {with_unit(value, facts)}，表示上升 {fall}；下降 {fall} 时填 {typing(-value)}。",
        typing(-value),
    )


def other_basis(
    answers: TargetAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """W11: another accounting basis, which takes the value out of all comparisons."""
    if answers.reported is not None and facts.has_other_basis(answers):
        before = f"（以前是“{facts.basis}”）" if facts.basis else ""
        yield FieldMessage(
            "basis",
            f"口径与以前不同{before}，数值不再与以前的比较：说明改变的原因，从哪一期起用新口径。",
        )


def rates_do_not_compound(
    answers: TargetAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """W12: the yearly rates do not compound to the cumulative one."""
    value, rate, base = facts.comparable(answers), answers.annual_rate, facts.base_year
    year = facts.year_of(answers)
    if value is None or rate is None or base is None or year is None or year <= base:
        return
    if rate >= 100:  # an error already, nothing is left to chain
        return
    rates = [*(one for one in facts.rates if one.year < year), AnnualRate(year, rate)]
    decimals = max(facts.decimals, 1)
    found = check_chain(rates, value, base_year=base, year=year, decimals=decimals)
    if not found.problem and not found.agrees:
        told = chain_sentence(found, decimals=decimals)
        yield FieldMessage("annual_rate", f"{told}核对这两个数，确实如此的说明原因。")


def year_end_mismatch(
    answers: TargetAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """W13: the annual value of a stock differs from the value of its fourth quarter."""
    value, other = facts.comparable(answers), facts.twin
    if value is None or other is None or value == other:
        return
    own, beside = "四季度末值", "年度值"
    if facts.twin_period(answers).quarter:
        own, beside = beside, own
    yield FieldMessage(
        "value",
        f"{own} {with_unit(value, facts)}，{beside} {with_unit(other, facts)}，相差 "
        f"{distance(value - other, facts)}：两者都是年末数，核对后改正，或说明为什么不同。",
    )


_SPOKEN_FIELD: Mapping[str, str] = {
    Kind.TARGET: "note",
    Kind.TASK: "narrative",
    Kind.CONTRIBUTION: "text",
    Kind.PROJECT: "problems",
}
"""The field of each kind at which the item as a whole is spoken of."""


def returned_unchanged(
    answers: Answers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """W14: sent again as it came back; remarks at fields have their own replies."""
    if facts.returned is None or facts.evidence != facts.returned_evidence:
        return
    names = [item.name for item in FORMS[answers.kind]]
    before = {name: facts.returned.get(name, "").strip() for name in names}
    if before == {name: answers.texts.get(name, "") for name in names}:
        told = "退回以后内容没有改动：按退回意见修改，核实无误的写明核实情况。"
        yield FieldMessage(_SPOKEN_FIELD[answers.kind], told)


RULES: tuple[Rule, ...] = (
    Rule("W1", DOUBT, "与上期相比变化过大", TARGET, jumps.jump),
    Rule("W2", DOUBT, "连续两期没有变化", TARGET, jumps.unchanged_value),
    Rule("W2", DOUBT, "连续两期没有变化", PROJECT, jumps.unchanged_investment),
    Rule("W2", DOUBT, "连续两期没有变化", TASK, jumps.unchanged_quantity),
    Rule("W3", DOUBT, "可能填错单位或小数点", TARGET, jumps.slip),
    Rule("W3", DOUBT, "可能填错单位或小数点", PROJECT, jumps.slip_wan),
    Rule("W4", DOUBT, "没有达到进度要求", TARGET, below_requirement),
    Rule("W5", DOUBT, "投资与总投资或形象进度不符", PROJECT, investment),
    Rule("W6", DOUBT, "文字与上季度雷同", TASK, stale_task),
    Rule("W6", DOUBT, "文字与上季度雷同", TASK, repeated_task),
    Rule("W6", DOUBT, "文字与上季度雷同", CONTRIBUTION, stale_contribution),
    Rule("W7", DOUBT, "最终值与初步值相差较大", TARGET, final_value_differs),
    Rule("W8", DOUBT, "没有佐证材料", TARGET, unproved_value),
    Rule("W8", DOUBT, "没有佐证材料", TASK, unproved_task),
    Rule("W9", DOUBT, "累计不等于上期累计加本季度", PROJECT, adding_up),
    Rule("W10", DOUBT, "降幅填了负数", TARGET, negative_fall),
    Rule("W11", DOUBT, "口径改变", TARGET, other_basis),
    Rule("W12", DOUBT, "年度降低率与累计不符", TARGET, rates_do_not_compound),
    Rule("W13", DOUBT, "年度值与四季度末值不同", TARGET, year_end_mismatch),
    Rule("W14", DOUBT, "退回以后没有改动", tuple(FORMS), returned_unchanged),
)
