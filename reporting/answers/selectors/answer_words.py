"""Answers in words: for the check page, the signer, the receipt and the printed sheet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from common.formats import DASH, number
from projects.models import Project
from reporting.answers.rules.answers import (
    Answers,
    ContributionAnswers,
    ProjectAnswers,
    TargetAnswers,
    TaskAnswers,
    read,
)
from reporting.answers.rules.options import label
from reporting.answers.rules.readers import month_words
from reporting.answers.rules.wording import characters
from reporting.answers.selectors.checking import CheckedObligation
from reporting.choices import Availability
from reporting.models import Obligation
from targets.choices import TargetKind
from targets.models import Target
from targets.rules.words.formatting import DIMENSIONLESS

Line = tuple[str, str]
NARRATIVE, SOURCE = "进展", "来源"


@dataclass(frozen=True)
class AnswerWords:
    """The answer, its context in brackets, and the other fields with their labels."""

    value: str
    note: str = ""
    lines: tuple[Line, ...] = ()

    @property
    def short_lines(self) -> tuple[Line, ...]:
        """The lines of a printed sheet: without the long text and the source of a value."""
        return tuple(line for line in self.lines if line[0] not in {NARRATIVE, SOURCE})

    @property
    def whole(self) -> str:
        """78.60 %（部门统计，2026年第三季度）."""
        return f"{self.value}（{self.note}）" if self.note else self.value


def answer_words(*, obligation: Obligation, answers: Answers) -> AnswerWords:
    """The words of parsed answers; unreadable ones stay as typed."""
    return _WORDS[type(answers)](answers, obligation)


def last_words(*, checked: CheckedObligation) -> str:
    """What is on record from before: 上季度 77.90%, 2025 93.5%, 上季度 正常推进; or empty."""
    obligation, last = checked.obligation, checked.past.nearest
    if last is None:
        return ""
    near = "上季度" if obligation.own_period.quarter else "上年"
    when = near if last.period == obligation.own_period.previous else last.period.short_label
    answers = read(obligation.kind, last.texts, last.period)
    return f"{when} {answer_words(obligation=obligation, answers=answers).value}"


def submitted_words(*, obligation: Obligation, texts: Mapping[str, str]) -> AnswerWords:
    """The words of submitted texts."""
    answers = read(obligation.kind, texts, obligation.period.period)
    return answer_words(obligation=obligation, answers=answers)


def _target(answers: TargetAnswers, obligation: Obligation) -> AnswerWords:
    assert obligation.target is not None  # noqa: S101 - the database holds it to its subject
    lines = _lines((SOURCE, answers.source), ("口径", answers.basis), ("备注", answers.note))
    if answers.availability and answers.availability != Availability.NEW:
        return AnswerWords(label("Availability", answers.availability), "", lines)
    if obligation.target.kind == TargetKind.QUALITATIVE or answers.attainment:
        return AnswerWords(label("Attainment", answers.attainment) or DASH, "", lines)
    grade = label("DataGrade", answers.grade) if answers.grade else ""
    period = answers.value_period.label if answers.value_period else ""
    note = "，".join(part for part in (grade, period, _annual_rate(answers)) if part)
    return AnswerWords(_value(answers, obligation.target), note, lines)


def _value(answers: TargetAnswers, target: Target) -> str:
    if answers.value is None:
        return _raw(answers, "value") or DASH
    return value_words(answers.value, target)


def value_words(value: Decimal, target: Target) -> str:
    """78.60%, 52.3 万吨: with the target's decimals, more where more were typed."""
    unit = "" if target.unit == DIMENSIONLESS else target.unit
    space = "" if unit == "%" else " "
    text = number(value, _decimals(value, target.decimals))
    return f"{text}{space}{unit}".rstrip()


def _annual_rate(answers: TargetAnswers) -> str:
    rate, text = answers.annual_rate, _raw(answers, "annual_rate")
    if rate is None:
        return f"当年降低率{text}" if text else ""
    return f"当年降低率{number(rate, _decimals(rate, 0))}%"


def _task(answers: TaskAnswers, obligation: Obligation) -> AnswerWords:  # noqa: ARG001
    note = f"进展{characters(answers.narrative)}字" if answers.narrative else ""
    steps = answers.next_steps
    if answers.next_due:
        steps = f"{steps}（{month_words(answers.next_due)}前）"
    amount = amount_words(answers.quantity_value, answers.quantity_unit)
    lines = _lines(
        (NARRATIVE, answers.narrative),
        ("问题", answers.problems),
        ("需要协调", answers.coordination),
        ("下一步", steps),
        (answers.quantity_name or "量化进展", amount),
    )
    return AnswerWords(label("TaskStatus", answers.status) or DASH, note, lines)


def _contribution(answers: ContributionAnswers, obligation: Obligation) -> AnswerWords:  # noqa: ARG001
    if answers.nothing:
        return AnswerWords("本季度无配合事项")
    if not answers.text:
        return AnswerWords(DASH)
    words = f"配合情况{characters(answers.text)}字"
    return AnswerWords(words, "", (("配合情况", answers.text),))


def _project(answers: ProjectAnswers, obligation: Obligation) -> AnswerWords:
    assert obligation.project is not None  # noqa: S101 - the database holds it to its subject
    if answers.no_change:
        return AnswerWords("本季度无变化", "", _lines(("备注", answers.problems)))
    parts = (_invested(answers, obligation.project), _works(answers))
    months = (("开工", answers.started_on), ("竣工", answers.completed_on),
              ("预计竣工", answers.expected_on))  # fmt: skip
    nodes = "，".join(f"{word}{month_words(month)}" for word, month in months if month)
    lines = _lines(
        ("本季度完成投资", amount_words(answers.invested_quarter_wan, "万元")),
        ("形象进度说明", answers.works_note),
        ("节点", nodes),
        ("问题", answers.problems),
    )
    status = label("ProjectStatus", answers.status) or DASH
    return AnswerWords(status, "，".join(part for part in parts if part), lines)


def _invested(answers: ProjectAnswers, project: Project) -> str:
    if answers.invested_wan is None:
        text = _raw(answers, "invested_wan")
        return f"累计完成投资{text}" if text else ""
    words = f"累计完成投资{number(answers.invested_wan)}万元"
    if not project.total_investment_wan:
        return words
    share = answers.invested_wan / project.total_investment_wan * 100
    return f"{words}，占总投资{number(share, 1)}%"


def _works(answers: ProjectAnswers) -> str:
    if answers.works_percent is None:
        text = _raw(answers, "works_percent")
        return f"形象进度{text}" if text else ""
    return f"形象进度{number(answers.works_percent)}%"


_WORDS: Mapping[type[Answers], Callable[[Any, Obligation], AnswerWords]] = {
    TargetAnswers: _target,
    TaskAnswers: _task,
    ContributionAnswers: _contribution,
    ProjectAnswers: _project,
}


def _lines(*pairs: Line) -> tuple[Line, ...]:
    return tuple((name, text) for name, text in pairs if text)


def _raw(answers: Answers, name: str) -> str:
    """An unreadable text as typed, in quotation marks."""
    return f"“{answers.texts.get(name, '')}”" if name in answers.unreadable else ""


def amount_words(value: Decimal | None, unit: str) -> str:
    """3,412个; empty without a value."""
    return f"{number(value)}{unit}" if value is not None else ""


def _decimals(value: Decimal, least: int) -> int:
    """The target's number of decimals, more where more were typed."""
    exponent = value.normalize().as_tuple().exponent
    return max(least, -exponent if isinstance(exponent, int) else 0)
