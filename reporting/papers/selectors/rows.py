"""Submitted items as they are printed: read once, when a sheet is issued."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from common.formats import DASH
from reporting.answers.rules.answers import (
    Answers,
    ContributionAnswers,
    TargetAnswers,
    TaskAnswers,
    read,
)
from reporting.answers.rules.options import label
from reporting.answers.rules.readers import month_words
from reporting.answers.selectors.answer_words import (
    amount_words,
    submitted_words,
    value_words,
)
from reporting.answers.selectors.checking import judged_by_key
from reporting.answers.selectors.history import EarlierRecord, SubjectHistory, with_history
from reporting.answers.selectors.last_figures import goal_words
from reporting.choices import ObligationKind
from reporting.models import Obligation, SubmittedItem
from reporting.papers.rules.contents import Line, PrintedRow
from targets.choices import TargetKind
from targets.models import Target
from targets.selectors import Judged

_BLANK = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
NOTHING, NOTHING_NEW = "无配合事项。", "没有新情况"


def printed_rows(*, items: Collection[int]) -> dict[int, PrintedRow]:
    """Key → row of these submitted items, in three statements; none for no items."""
    copies = SubmittedItem.objects.filter(pk__in=items) if items else ()
    by_obligation = {copy.obligation_id: copy for copy in copies}
    obligations = with_history(
        Obligation.objects.filter(pk__in=by_obligation).select_related(
            "period", "target", "task__lead", "task__convenor", "project"
        )
    ) if by_obligation else ()  # fmt: skip
    judged = judged_by_key(keys={row.target_id for row in obligations if row.target_id})
    rows = (
        _row(obligation, by_obligation[obligation.pk], judged.get(obligation.target_id or 0))
        for obligation in obligations
    )
    return {row.item: row for row in rows}


def _row(obligation: Obligation, copy: SubmittedItem, judged: Judged | None) -> PrintedRow:
    answers = read(obligation.kind, copy.texts, obligation.period.period)
    last = SubjectHistory(obligation).last
    return PrintedRow(
        item=copy.pk,
        kind=obligation.kind,
        code=obligation.subject.code,
        name=obligation.name,
        doubts=tuple((_observed(one["message"]), one["reason"]) for one in copy.doubts),
        evidence=tuple(one["name"] for one in copy.evidence),
        **_PRINTED[ObligationKind(obligation.kind)](obligation, answers, last, judged),
    )


def _target(
    obligation: Obligation,
    answers: TargetAnswers,
    last: EarlierRecord | None,
    judged: Judged | None,
) -> dict[str, Any]:
    assert obligation.target is not None  # noqa: S101 - the database holds it to its subject
    words = submitted_words(obligation=obligation, texts=answers.texts)
    own = obligation.own_period.label
    return {
        "value": words.value,
        "beside": "，".join(part for part in words.note.split("，") if part != own),
        "goal": goal_words(judged, obligation.goal_year) if judged else DASH,
        "last": _last_value(obligation, obligation.target, last),
        "source": answers.source or DASH,
        "lines": words.short_lines,
    }


def _last_value(obligation: Obligation, target: Target, last: EarlierRecord | None) -> str:
    if target.kind == TargetKind.QUALITATIVE:
        return DASH
    if last is None:
        return "没有数值"
    if last.value is None:
        return "不适用"
    words = value_words(last.value, target)
    is_next = last.period == obligation.own_period.previous
    return words if is_next else f"{words}（{last.period.label}）"


def _task(
    obligation: Obligation,  # noqa: ARG001 - all kinds have one signature
    answers: TaskAnswers,
    last: EarlierRecord | None,
    judged: Judged | None,  # noqa: ARG001
) -> dict[str, Any]:
    quantity = amount_words(answers.quantity_value, answers.quantity_unit)
    due = f"（{month_words(answers.next_due)}前）" if answers.next_due else ""
    return {
        "value": label("TaskStatus", answers.status) or DASH,
        "beside": _last_state("TaskStatus", last),
        "lines": _lines(
            ("", answers.narrative),
            ("量化进展", f"{answers.quantity_name}　{quantity}".strip("　") if quantity else ""),
            ("存在问题", answers.problems),
            ("需要协调", answers.coordination),
            ("下一步", f"{answers.next_steps}{due}"),
        ),
    }


def _contribution(
    obligation: Obligation,
    answers: ContributionAnswers,
    last: EarlierRecord | None,
    judged: Judged | None,  # noqa: ARG001
) -> dict[str, Any]:
    task = obligation.task
    assert task is not None  # noqa: S101 - the database holds it to its subject
    gathers = f"{task.convenor.short_name}汇总" if task.convenor else ""
    return {
        "value": NOTHING if answers.nothing else _told(answers.text, last),
        "beside": task.lead.short_name if task.lead else gathers,
    }


def _told(text: str, last: EarlierRecord | None) -> str:
    """The text; where it says that nothing is new, with what was told last quarter."""
    before = last.texts.get("text", "") if last else ""
    is_old = text.rstrip("。") == NOTHING_NEW and before
    return f"{NOTHING_NEW}（上季度：{before.rstrip('。')}）。" if is_old else text


def _project(
    obligation: Obligation,
    answers: Answers,
    last: EarlierRecord | None,
    judged: Judged | None,  # noqa: ARG001
) -> dict[str, Any]:
    words = submitted_words(obligation=obligation, texts=answers.texts)
    return {
        "value": words.value,
        "beside": _last_state("ProjectStatus", last),
        "lines": _lines(("", words.note), *words.lines),
    }


_PRINTED: Mapping[ObligationKind, Callable[..., dict[str, Any]]] = {
    ObligationKind.TARGET: _target,
    ObligationKind.TASK: _task,
    ObligationKind.CONTRIBUTION: _contribution,
    ObligationKind.PROJECT: _project,
}


def _last_state(choices: str, last: EarlierRecord | None) -> str:
    state = last.texts.get("status", "") if last else ""
    return f"上季度{label(choices, state)}" if state else ""


def _lines(*pairs: Line) -> tuple[Line, ...]:
    return tuple((name, text) for name, text in pairs if text)


def _observed(message: str) -> str:
    """A doubt without what it asks for, set as print is: 低于进度要求100.0%，差2.8个百分点。"""
    return f"{_BLANK.sub('', message.rpartition('：')[0] or message.rstrip('。'))}。"
