"""One obligation as a row of the workbook: references, answers, proposals, locks."""

from collections.abc import Mapping
from decimal import Decimal

from common.formats import DASH, rounded
from common.quantities import plain_decimal
from common.quarters import Period
from reporting.answers.rules.wording import figure
from reporting.answers.selectors.checking import CheckedObligation
from reporting.answers.selectors.last_figures import goal_words
from reporting.answers.selectors.reference import ProjectReference, TaskReference
from reporting.choices import ObligationState
from reporting.filling.selectors.form_hints import given_texts, hint_of, unit_of
from reporting.models import Obligation
from reporting.periods.rules.thresholds import Thresholds
from reporting.policies import is_writable_time
from reporting.rules.fields import VALUE_PERIOD
from reporting.workbooks.rules.book import Row
from reporting.workbooks.rules.layout import (
    BACKFILL,
    CODE,
    CONTRIBUTION,
    NAME,
    PROJECT,
    QUALITATIVE,
    SHEET_OF,
    SHEETS,
    TARGET,
    TASK,
    RowKey,
    Sheet,
    kind_of,
    shown,
)
from reporting.workflow import Step, transition
from targets import rules as target_rules

Reference = Mapping[str, str | Decimal]
_LOCKED: Mapping[str, str] = {
    ObligationState.SIGNING: "待本单位审核人，要改先在网页撤回",
    ObligationState.SUBMITTED: "已报送，要改先在网页撤回",
    ObligationState.REVIEWING: "区发改局审核中，不能改",
    ObligationState.APPROVED: "已通过，要改在网页用“更正”",
}
_LAST_YEAR = "上年"


def form_of(checked: CheckedObligation) -> str:
    """The form of an obligation's row."""
    return QUALITATIVE if checked.facts.is_qualitative else checked.obligation.kind


def key_of(obligation: Obligation) -> str:
    """The key of an obligation's row."""
    return str(RowKey(obligation.period.code, obligation.kind, obligation.subject_code))


def row_of(*, checked: CheckedObligation, limits: Thresholds, is_own_period: bool = True) -> Row:
    """The row of an obligation; one of another period stands on the sheet 补录."""
    obligation, form = checked.obligation, form_of(checked)
    sheet = SHEETS[SHEET_OF[form] if is_own_period else BACKFILL]
    locked = locked_words(obligation=obligation)
    texts = texts_of(checked=checked, proposes=not locked)
    reference = {
        CODE: obligation.subject.code, NAME: obligation.name,
        "quarter": obligation.period.period.label, "unit": _unit(checked),
        **_REFERENCES[form](checked, texts),
    }  # fmt: skip
    columns = {one.name: one.fields[form] for one in sheet.columns if form in one.fields}
    return Row(
        key=key_of(obligation),
        form=form,
        sheet=sheet.name,
        reference={one.name: reference[one.name] for one in sheet.columns if one.name in reference},
        cells={column: shown(kind_of(form), name, texts) for column, name in columns.items()},
        locked=locked,
        decimals=checked.facts.decimals if form == TARGET else None,
        shortfall=_shortfall(checked) if form == TARGET else None,
        was_completed=form == PROJECT and ProjectReference(checked).is_settled,
        prompts=_prompts(checked, sheet, form, limits),
    )


def texts_of(*, checked: CheckedObligation, proposes: bool) -> dict[str, str]:
    """The stored texts; with the form's proposals for fields that nobody has touched yet."""
    given = given_texts(checked) if proposes else {}
    return {**given, **checked.obligation.texts}


def takes_answers(*, obligation: Obligation) -> bool:
    """Whether the agency's reporters may fill the obligation in now, whoever downloads."""
    is_begun = transition(Step.EDIT, obligation.state) is not None
    return is_begun and is_writable_time(obligation=obligation)


def locked_words(*, obligation: Obligation) -> str:
    """Why the row takes no answers; empty where it does."""
    if takes_answers(obligation=obligation):
        return ""
    return _LOCKED.get(ObligationState(obligation.state), "这一期已经关闭，不能填")


def _unit(checked: CheckedObligation) -> str:
    return unit_of(checked, "value") if checked.obligation.target else ""


def _target(checked: CheckedObligation, texts: Mapping[str, str]) -> Reference:
    facts, judged = checked.facts, checked.judged
    required = facts.required
    return {
        "goal": goal_words(judged, checked.obligation.goal_year) if judged else "",
        "last": _last_value(checked),
        "required": DASH if required is None else rounded(required, facts.decimals),
        "period": _period_words(checked, texts),
    }


def _last_value(checked: CheckedObligation) -> str | Decimal:
    """Last quarter's value as a number; an older one with its period; 不适用 or 没有."""
    facts, last = checked.facts, checked.past.last
    if last and last.texts.get("availability") == "not_applicable":
        return "不适用"
    if not facts.history:
        return "没有"
    value, own = facts.history[-1], checked.obligation.own_period
    exact = rounded(value, max(facts.decimals, -int(value.as_tuple().exponent)))
    if own.quarter and facts.last_period in {None, own.previous}:
        return exact
    when = facts.last_period.code if facts.last_period else _LAST_YEAR
    return f"{figure(value, facts.decimals)}（{when}）"


def _period_words(checked: CheckedObligation, texts: Mapping[str, str]) -> str:
    try:
        return Period.parse(texts.get(VALUE_PERIOD, "")).label
    except ValueError:
        return checked.obligation.own_period.label


def _shortfall(checked: CheckedObligation) -> tuple[str, Decimal] | None:
    facts = checked.facts
    if facts.goal is None or facts.goal.value is None:
        return None
    low, high = target_rules.limits(facts.goal, facts.tolerance)
    if high is not None and low is None:
        return (">=" if facts.goal.comparison == target_rules.Comparison.BELOW else ">", high)
    return ("<", low) if low is not None else None


def _qualitative(checked: CheckedObligation, texts: Mapping[str, str]) -> Reference:
    return {**_target(checked, texts), "last": DASH, "required": DASH}


def _task(checked: CheckedObligation, _: Mapping[str, str]) -> Reference:
    known = TaskReference(checked)
    return {"last_status": known.status_words or "没有", "last": known.narrative or "没有"}


def _contribution(checked: CheckedObligation, _: Mapping[str, str]) -> Reference:
    task, last = checked.obligation.task, checked.past.last
    assert task is not None  # noqa: S101 - the database holds it to its subject
    lead = task.lead.short_name if task.lead else ""
    if not lead and task.convenor:
        lead = f"{task.convenor.short_name}汇总"
    return {
        "lead": lead or DASH,
        "last": shown(CONTRIBUTION, "text", last.texts) if last else "没有",
    }


def _project(checked: CheckedObligation, _: Mapping[str, str]) -> Reference:
    last, total = checked.past.last, checked.facts.total_investment_wan
    before = checked.facts.previous_cumulative_wan
    return {
        "total": "未列" if total is None else plain_decimal(total),
        "last_status": shown(PROJECT, "status", last.texts) if last else "没有",
        "last": "没有" if before is None else plain_decimal(before),
    }


_REFERENCES = {
    TARGET: _target, QUALITATIVE: _qualitative, TASK: _task, CONTRIBUTION: _contribution,
    PROJECT: _project,
}  # fmt: skip


def _prompts(
    checked: CheckedObligation, sheet: Sheet, form: str, limits: Thresholds
) -> dict[str, str]:
    """What is said beside a cell: what counts, and with which words one may answer."""
    said = {
        column.name: hint_of(checked, column.fields[form], limits)
        for column in sheet.columns
        if form in column.fields
    }
    if form == TARGET:
        words = "没有新数据写“与上季度相同”，还没有拿到写“尚未取得”，当期没有新增写“不适用”。"
        said["value"] = "。".join(filter(None, (said["value"], words)))
    return {name: words for name, words in said.items() if words}
