"""The answer at the top of a target's page: sentences whose numbers stand out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from targets import rules
from targets.models import Observation
from targets.selectors.facts import actual_of
from targets.selectors.judged import Judged

_AGAIN = "须重新判定"


@dataclass(frozen=True)
class Piece:
    """A piece of a sentence; strong ones carry the answer."""

    text: str
    is_strong: bool = False


def answer(judged: Judged, observations: Sequence[Observation]) -> tuple[tuple[Piece, ...], ...]:
    """One line each: settled year, pace to the next milestone, outlook, newest quarter."""
    settled = emphasised(
        judged.settled_sentence,
        f"实际{judged.settled_actual}" if judged.settled_actual else judged.latest_text,
        judged.settled.label,
        judged.settled_gap,
        judged.peak.words if judged.peak else "",
        _AGAIN,
    )
    outlook = judged.outlook.prospect.label
    lines = [settled, emphasised(_ahead(judged), judged.needed_text.lstrip("+−"))]
    lines.append(emphasised(_outlook(judged), outlook))
    lines.append(emphasised(_newest_quarter(judged, observations)))
    return tuple(line for line in lines if line)


def emphasised(sentence: str, *strong: str) -> tuple[Piece, ...]:
    """The sentence cut around the words that are to stand out; () for an empty one."""
    words = sorted({word for word in strong if word}, key=len, reverse=True)
    if not words:
        return (Piece(sentence),) if sentence else ()
    pattern = "|".join(re.escape(word) for word in words)
    return tuple(Piece(text, text in words) for text in re.split(f"({pattern})", sentence) if text)


def _ahead(judged: Judged) -> str:
    """The pace that the next milestone needs, or what it waits for."""
    if judged.pace_sentence or _outlook(judged):
        return judged.pace_sentence
    if judged.ahead.goal is None or judged.ahead.goal.year is None:
        return ""
    return rules.verdict_sentence(judged.terms, judged.ahead)


def _outlook(judged: Judged) -> str:
    """Where the trend leads, or why there is none; of a goal that is a number."""
    goal = judged.outlook.goal
    if judged.peak is not None or goal is None or not goal.is_number:
        return ""
    return rules.outlook_sentence(judged.terms, judged.outlook)


def _newest_quarter(judged: Judged, observations: Sequence[Observation]) -> str:
    """The newest quarterly value after the newest annual one with its light; it settles nothing."""
    found = [
        row
        for row in observations
        if row.is_current and row.quarter and row.value is not None
        and row.year > (judged.latest_year or 0)
    ]  # fmt: skip
    if not found:
        return ""
    newest = max(found, key=lambda row: (row.year, row.quarter or 0))
    value = rules.actual_words(judged.terms, actual_of(newest))
    said = f"最新：{newest.period.label}{value}（{newest.get_grade_display()}）"
    light = judged.light_of(actual_of(newest))
    if light.required is None:
        return f"{said}。季度值不作判定。"
    need = rules.with_unit(judged.terms, light.required)
    level = f"当期进度要求{need}，{light.level.label}：{light.reason}"
    return f"{said}，{level}。预警等级和判定以年度值为准。"
