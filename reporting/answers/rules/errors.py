"""Errors E1 to E7, which block a submission. Pure.

Findings at the field `evidence` concern the files of the obligation.
"""
# ruff: noqa: ARG001 - all rules have one signature

from collections.abc import Iterator
from decimal import Decimal

from common.formats import zh_date
from common.quantities import plain
from projects.rules import Status as ProjectStatus
from reporting.answers.rules import jumps
from reporting.answers.rules.answers import Answers, ProjectAnswers, TargetAnswers
from reporting.answers.rules.facts import ERROR, FieldMessage, ObligationFacts, Rule
from reporting.answers.rules.missing import RULES as MISSING
from reporting.answers.rules.readers import TypedNumber, month_words
from reporting.answers.rules.wording import (
    PROJECT,
    TARGET,
    TASK,
    counts_points,
    distance,
    exact,
    typing,
    wan,
    with_unit,
)
from reporting.periods.rules.thresholds import Thresholds
from reporting.rules.enumerations import Kind
from reporting.rules.fields import FORMS

_MULTIPLES = {"万": Decimal(10) ** 4, "亿": Decimal(10) ** 8}
_CORRECT = "核对数字；确实要改以前的数据时，勾选“更正以前数据”"


def unreadable(
    answers: Answers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """E1: a text that cannot be read as what the field asks for."""
    for name, sentence in answers.unreadable.items():
        yield FieldMessage(name, sentence)


def value_unit(
    answers: TargetAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """E1: a unit other than the target's, or a rise or fall where a level is asked for."""
    found = answers.typed.get("value")
    if found and found.value is not None and found.turn and not facts.is_reduction:
        yield _turn_of_a_level(found.value, facts)
        return
    yield from _wrong_unit("value", found, facts.unit, facts.is_reduction)
    yield from _wrong_unit("annual_rate", answers.typed.get("annual_rate"), "%", is_reduction=True)


def _turn_of_a_level(moved: Decimal, facts: ObligationFacts) -> FieldMessage:
    """上升0.7 where the level is asked for: the sum with the last value is offered."""
    told = "写的是升降幅度，这里填写期末的数值"
    if not (facts.history and counts_points(facts)):
        return FieldMessage("value", f"{told}，如 78.6")
    last = facts.history[-1]
    level = -moved  # it was read as that of a reduction
    before = f"上期 {with_unit(last, facts)}"
    rise = f"{'上升' if level > 0 else '下降'} {distance(level, facts)}"
    result = typing(last + level)
    return FieldMessage("value", f"{told}：{before}，{rise}是 {result}", result)


def quantity_unit(
    answers: Answers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """E1: a unit typed into the quantity of a task, which has its own field for it."""
    unit = answers.texts.get("quantity_unit", "")
    found = answers.typed.get("quantity_value")
    if found and found.value is not None and found.unit and not unit and not found.turn:
        sentence = f"这里只填数字，把“{found.unit}”填到“量化单位”一栏"
        yield FieldMessage("quantity_value", sentence, typing(found.value))
        return
    yield from _wrong_unit("quantity_value", found, unit)


def works_unit(
    answers: ProjectAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """E1: works are reported in %."""
    yield from _wrong_unit("works_percent", answers.typed.get("works_percent"), "%")


def _wrong_unit(
    name: str, found: TypedNumber | None, unit: str, is_reduction: bool = False
) -> Iterator[FieldMessage]:
    if found is None or found.value is None:
        return
    if found.turn and not is_reduction:
        yield FieldMessage(name, "写的是升降幅度，这里填写期末的数值，如 78.6")
        return
    wanted = plain(unit)
    if wanted == "%" and found.unit[:1] in _MULTIPLES:
        told = f"“{found.unit}”与本项的单位不同：这里的单位是“%”，填写百分数，如 78.6"
        yield FieldMessage(name, told)
        return
    if found.unit in {"", wanted} or (found.unit in _MULTIPLES and wanted.startswith(found.unit)):
        return
    factor, base = _multiple(found.unit)
    own_factor, own_base = _multiple(wanted)
    fits = wanted != "" and base in {"", own_base}
    remedy = typing(found.value * factor / own_factor) if fits else ""
    asked = f"这里的单位是“{unit}”，填写{remedy or '数字'}" if unit else "这里没有单位，只填数字"
    yield FieldMessage(name, f"“{found.unit}”与本项的单位不同：{asked}", remedy)


def _multiple(unit: str) -> tuple[Decimal, str]:
    head = unit[:1]
    return (_MULTIPLES[head], unit[1:]) if head in _MULTIPLES else (Decimal(1), unit)


def share(
    answers: TargetAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """E2: a share lies between 0 and 100; a fall is at most 100."""
    value = answers.value
    if value is None:
        return
    if facts.is_share and not 0 <= value <= 100:
        slip = next(iter(jumps.slip(answers, facts, thresholds)), None)
        told = f"占比必须在 0–100% 之间，填写的是 {exact(value)}%"
        yield FieldMessage("value", told, slip.remedy if slip else "")
    elif facts.is_reduction and value > 100:
        yield FieldMessage("value", f"下降幅度不会超过 100%，填写的是 {exact(value)}%")


def unknown_basis(
    answers: TargetAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """E1: an accounting basis that the register does not have; it is never created from a form."""
    if facts.bases is None or not answers.basis or facts.bases.canonical(answers.basis):
        return
    near = "”“".join(facts.bases.nearest(answers.basis))
    like = f"，相近的有“{near}”" if near else ""
    told = f"口径登记册里没有“{answers.basis}”{like}：从列表里选择，确是新口径的请区发改局先登记"
    yield FieldMessage("basis", told)


def annual_rate(
    answers: TargetAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """E2: a yearly rate is below 100 and belongs to the year of a cumulative reduction."""
    rate = answers.annual_rate
    if rate is None:
        return
    if facts.base_year is None or facts.year_of(answers) is None or answers.reported is None:
        sentence = "当年降低率只和累计降低率的全年数值一起填：清空这一栏，或核对“数据属于”"
        yield FieldMessage("annual_rate", sentence)
    elif rate >= 100:
        yield FieldMessage("annual_rate", f"当年降低率须小于 100%，填写的是 {exact(rate)}%")


def works(
    answers: ProjectAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """E2: works lie between 0 and 100; invested amounts are not negative."""
    done, invested = answers.works_percent, answers.invested_wan
    if done is not None and not 0 <= done <= 100:
        yield FieldMessage("works_percent", f"形象进度必须在 0–100% 之间，填写的是 {exact(done)}%")
    if invested is not None and invested < 0:
        yield FieldMessage("invested_wan", f"累计完成投资不能小于 0，填写的是 {wan(invested)}")


def falling_value(
    answers: TargetAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """E3: a cumulative value below the last one, without 更正以前数据."""
    value = facts.comparable(answers)
    if value is None or answers.corrects_earlier or not (facts.is_cumulative and facts.history):
        return
    last = facts.history[-1]
    if value < last:
        shown, before = with_unit(value, facts), with_unit(last, facts)
        yield FieldMessage("value", f"累计值 {shown} 小于上期累计值 {before}：{_CORRECT}")


def falling_sum(
    answers: ProjectAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """E3: less invested than before, or a negative quarter, without 更正以前数据."""
    if answers.corrects_earlier or answers.no_change:
        return
    total, before = answers.invested_wan, facts.previous_cumulative_wan
    if total is not None and before is not None and total < before:
        yield FieldMessage(
            "invested_wan", f"累计 {wan(total)}小于上期累计 {wan(before)}：{_CORRECT}"
        )
    quarter = answers.invested_quarter_wan
    if quarter is not None and quarter < 0:
        yield FieldMessage("invested_quarter_wan", f"本季度完成投资是 {wan(quarter)}：{_CORRECT}")


def value_ahead(
    answers: TargetAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """E4: a value of a period that has not ended; the reporting period itself is allowed."""
    meant = answers.value_period
    if meant and meant.end > max(facts.today, facts.period.end):
        today = zh_date(facts.today)
        yield FieldMessage(
            "value_period", f"{meant.label}还没有结束（今天是{today}）：核对数据属于哪一期"
        )


def dates(
    answers: ProjectAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """E4: an actual date after today, an end before the start."""
    if answers.no_change:
        return
    labels = {item.name: item.label for item in FORMS[Kind.PROJECT]}
    for name, month in (("started_on", answers.started_on), ("completed_on", answers.completed_on)):
        if month and month > f"{facts.today:%Y-%m}":
            shown = f"{labels[name]}{month_words(month)}"
            yield FieldMessage(
                name, f"{shown}晚于今天（{zh_date(facts.today)}）：填写实际发生的时间"
            )
    start = answers.started_on
    ends = (("completed_on", answers.completed_on), ("expected_on", answers.expected_on))
    for name, month in ends:
        if month and start and month < start:
            shown = f"{labels[name]}{month_words(month)}"
            yield FieldMessage(name, f"{shown}早于实际开工{month_words(start)}：核对这两个时间")


def completion(
    answers: ProjectAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """E5: completed without date or evidence, or cancelled without a document; asked for once."""
    if answers.no_change or answers.status == facts.previous_status:
        return
    if answers.status == ProjectStatus.COMPLETED:
        if answers.completed_on is None and "completed_on" not in answers.unreadable:
            yield FieldMessage("completed_on", "已竣工的项目要填写实际竣工时间，如 2026-09")
        if not facts.evidence:
            yield FieldMessage("evidence", "已竣工的项目要上传佐证材料，如验收或备案证明")
    elif answers.status == ProjectStatus.CANCELLED and not facts.evidence:
        yield FieldMessage("evidence", "取消或调整的项目要上传有关文件")


RULES: tuple[Rule, ...] = (
    Rule("E1", ERROR, "看不出填的是什么", tuple(FORMS), unreadable),
    Rule("E1", ERROR, "单位与本项不同", TARGET, value_unit),
    Rule("E1", ERROR, "单位与本项不同", TASK, quantity_unit),
    Rule("E1", ERROR, "单位与本项不同", PROJECT, works_unit),
    Rule("E1", ERROR, "口径没有登记", TARGET, unknown_basis),
    Rule("E2", ERROR, "超出可能的范围", TARGET, share),
    Rule("E2", ERROR, "超出可能的范围", TARGET, annual_rate),
    Rule("E2", ERROR, "超出可能的范围", PROJECT, works),
    Rule("E3", ERROR, "累计值变小", TARGET, falling_value),
    Rule("E3", ERROR, "累计值变小", PROJECT, falling_sum),
    Rule("E4", ERROR, "日期不对", TARGET, value_ahead),
    Rule("E4", ERROR, "日期不对", PROJECT, dates),
    Rule("E5", ERROR, "没有竣工时间或佐证", PROJECT, completion),
    *MISSING,
)
