"""The summary at the top of a target's page: sentences whose numbers are emphasised."""

import re
from dataclasses import dataclass, replace

from targets import rules
from targets.selectors.judging.judged import Judged

_AGAIN, _LAST_YEAR = "须重新判定", "本年须完成"


@dataclass(frozen=True)
class SummaryPiece:
    """A piece of a sentence; strong pieces are emphasised."""

    text: str
    is_strong: bool = False
    period: str = ""
    """The period of a value of the target: 2025, 2026Q3."""


def page_summary(judged: Judged) -> tuple[tuple[SummaryPiece, ...], ...]:
    """One line each: settled year, a later year, pace to the next milestone, outlook, quarter."""
    used = judged.settled.actual if judged.settled_actual else judged.latest
    value = f"实际{judged.settled_actual}" if judged.settled_actual else judged.latest_text
    settled = emphasised(
        judged.settled_sentence,
        value,
        judged.settled.label,
        judged.settled_gap,
        judged.peak.words if judged.peak else "",
        _AGAIN,
    )
    outlook = judged.outlook.prospect.label
    lines = [
        _sourced(settled, value, used),
        _on_the_way(judged),
        emphasised(_ahead(judged), judged.needed_text.lstrip("+−"), _LAST_YEAR),
    ]
    lines.append(emphasised(_outlook(judged), outlook))
    if judged.newest:
        newest = emphasised(_newest_quarter(judged), judged.newest.text)
        lines.append(_sourced(newest, judged.newest.text, judged.newest.actual))
    return tuple(line for line in lines if line)


def emphasised(sentence: str, *strong: str) -> tuple[SummaryPiece, ...]:
    """The sentence cut at the words to emphasise; () for an empty one."""
    words = sorted({word for word in strong if word}, key=len, reverse=True)
    if not words:
        return (SummaryPiece(sentence),) if sentence else ()
    pattern = "|".join(re.escape(word) for word in words)
    return tuple(
        SummaryPiece(text, text in words) for text in re.split(f"({pattern})", sentence) if text
    )


def _sourced(
    pieces: tuple[SummaryPiece, ...], text: str, value: rules.Actual | None
) -> tuple[SummaryPiece, ...]:
    """The pieces; the one with the value gets its period."""
    period = value.period.code if value else ""
    return tuple(replace(one, period=period) if one.text == text else one for one in pieces)


def _on_the_way(judged: Judged) -> tuple[SummaryPiece, ...]:
    """A value after the settled year against the requirement of its own year."""
    value = f"实际{judged.latest_text}"
    found = emphasised(judged.way_sentence, value, judged.way_gap)
    return _sourced(found, value, judged.latest)


def _ahead(judged: Judged) -> str:
    """The pace that the next milestone needs, or what it waits for, or that it was the last one."""
    if judged.years.next is None:
        return f"方案没有提出{judged.years.settled}年以后的目标。"
    if judged.pace_sentence or _outlook(judged):
        return judged.pace_sentence
    if judged.ahead.goal is None or judged.ahead.goal.year is None:
        return ""
    return rules.verdict_sentence(judged.terms, judged.ahead)


def _outlook(judged: Judged) -> str:
    """The outlook, or why there is none, for a numeric goal ahead."""
    goal = judged.outlook.goal
    if judged.years.next is None or judged.peak is not None or goal is None or not goal.is_number:
        return ""
    return rules.outlook_sentence(judged.terms, judged.outlook, today=judged.today)


def _newest_quarter(judged: Judged) -> str:
    """The newest value with its light, if it is of a quarter; it settles nothing."""
    newest = judged.newest
    if newest is None or not newest.is_quarter:
        return ""
    said = f"最新：{newest.words}"
    light = judged.light_of(newest.actual)
    if light.required is None:
        return f"{said}。季度值不作判定。"
    need = rules.with_unit(judged.terms, light.required)
    level = f"当期进度要求{need}，{light.level.label}：{light.reason}"
    return f"{said}，{level}。预警等级和判定以年度值为准。"
