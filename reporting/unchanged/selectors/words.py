"""Last quarter's answer and this quarter's in one line each."""

from dataclasses import dataclass

from common.quarters import Period
from reporting.answers.rules.answers import (
    Answers,
    ContributionAnswers,
    ProjectAnswers,
    TargetAnswers,
    TaskAnswers,
    read,
)
from reporting.answers.rules.options import label
from reporting.answers.rules.standstill import NO_NEWS
from reporting.answers.rules.wording import characters, step
from reporting.answers.selectors.answer_words import AnswerWords, answer_words
from reporting.rules.enumerations import Availability
from reporting.unchanged.rules import NOTHING
from reporting.unchanged.selectors.offers import LAST_SENT, OfferedObligation


@dataclass(frozen=True)
class LastWords:
    """What stands in bold and what follows it."""

    value: str
    more: str = ""


def last_words(offered: OfferedObligation) -> LastWords:
    """Last quarter's answer: 96.0% 部门统计，充电设施名录; 正常推进 公共充电桩累计3,286个."""
    obligation, last = offered.obligation, offered.last
    if offered.checked.facts.is_qualitative:
        said = LAST_SENT.of(obligation).get("attainment", "")
        return LastWords(label("Attainment", said) or "没有填报")
    if last is None:
        return _nothing(offered)
    answers = read(obligation.kind, last.texts, last.period)
    return _words(offered, answers, answer_words(obligation=obligation, answers=answers))


def now_words(offered: OfferedObligation) -> LastWords:
    """The present answer, with the step from last quarter's: 78.60% 高0.70个百分点."""
    answers = offered.checked.answers
    words = answer_words(obligation=offered.obligation, answers=answers)
    if isinstance(answers, TargetAnswers):
        return LastWords(_availability(answers) or words.value, _moved(offered, answers))
    if isinstance(answers, TaskAnswers):
        return LastWords(words.value, f"已写{characters(answers.narrative)}字")
    if isinstance(answers, ContributionAnswers):
        if answers.nothing:
            return LastWords(NOTHING)
        told = NO_NEWS if answers.text == NO_NEWS else f"已写{characters(answers.text)}字"
        return LastWords(told)
    assert isinstance(answers, ProjectAnswers)  # noqa: S101 - there are four kinds
    if answers.no_change:
        return LastWords(label("ProjectStatus", offered.checked.facts.previous_status))
    return LastWords(words.value, words.note)


def _words(offered: OfferedObligation, answers: Answers, words: AnswerWords) -> LastWords:
    if isinstance(answers, TargetAnswers):
        if answers.availability == Availability.NOT_APPLICABLE:
            return LastWords("不适用", answers.note)
        grade = label("DataGrade", answers.grade) if answers.grade else ""
        year = offered.last.period.label if offered.last and not offered.last.period.quarter else ""
        return LastWords(words.value, "，".join(filter(None, (year, grade, answers.source))))
    if isinstance(answers, TaskAnswers):
        return LastWords(words.value, answers.narrative)
    if isinstance(answers, ContributionAnswers):
        return LastWords("", NOTHING if answers.nothing else answers.text)
    assert isinstance(answers, ProjectAnswers)  # noqa: S101 - there are four kinds
    return LastWords(words.value, words.note)


def _nothing(offered: OfferedObligation) -> LastWords:
    if offered.obligation.target is None:
        return LastWords("没有填报")
    records = offered.checked.past.records
    own = offered.obligation.period.period
    known = next(
        (row for row in records if row.value is not None and row.period.end < own.end), None
    )
    if known is None or known.value is None:
        return LastWords("没有数值")
    answers = read(offered.obligation.kind, known.texts, known.period)
    words = answer_words(obligation=offered.obligation, answers=answers)
    return LastWords("没有数值", f"最近是{_short(known.period)} {words.value}")


def _short(period: Period) -> str:
    return period.label if period.quarter else f"{period.year}年"


def _availability(answers: TargetAnswers) -> str:
    if answers.availability == Availability.NOT_APPLICABLE:
        return "不适用"
    if answers.availability in {Availability.AWAITED, Availability.ANNUAL}:
        return label("Availability", answers.availability)
    return ""


def _moved(offered: OfferedObligation, answers: TargetAnswers) -> str:
    last, facts = offered.last, offered.checked.facts
    value = facts.comparable(answers)
    if last is None or last.value is None or value is None or value == last.value:
        return ""
    size = step(value, last.value, facts.decimals).lstrip("+−-")
    unit = "个百分点" if facts.unit == "%" else facts.unit
    return f"{'高' if value > last.value else '低'}{size}{unit}"
