"""Marks that printing leaves in words: footnote signs, and superscripts that became digits."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = r"\u4e00-\u9fff）)”》%％A-Za-z"
_SIGN = re.compile(
    rf"(?<=[{_WORD}])(?:[\[〔【]\s*(?:注\s*)?\d{{1,2}}\s*[\]〕】]|[（(]\s*[注见]注?\s*\d*\s*[)）]"
    r"|(?<=[\u4e00-\u9fff）)”》])"
    r"(?:[¹²³⁰⁴-⁹]+|[*＊※]+\d{0,2}(?=[\u4e00-\u9fff，。；、]|$)))"
)
_CIRCLED = re.compile(rf"(?<=[{_WORD}])[①-⑳]")
_ANY_CIRCLED = re.compile(r"[①-⑳]")
_GLUED = re.compile(r"(?<=[\u4e00-\u9fff])(\d{1,2})(?=[\u4e00-\u9fff，、；。（(]|$)")
_TELLING = re.compile(
    r"(?:率|量|值|比例|比重|水平|强度|面积|指标|能力|程度|系数)\d{1,2}"
    r"(?=稳定|保持|达|不低|不高|不超|提高|提升|下降|降低|控制|完成|进一步|明显|较|比|在|为|，|。|$)"
)
_SPECIAL = re.compile(r"[\[〔【（(¹²³⁰⁴-⁹*＊※①-⑳]|[\u4e00-\u9fff]\d")
_NOTE_ITEM = re.compile(
    r"(?:^|[。；;\s：:])[（(]?\s*(\d{1,2}|[①-⑳])\s*[)）]?\s*[、.．\s:：]?\s*([^\d\s][^。；;]{1,40})"
)

_POWER = re.compile(
    r"(?<=\d)\s*[*×xX✕·]\s*10([2-9])(?=\s*(?:m[23]|t\b|吨|立方|平方|万|千瓦|kw|nm3|/|m³|m²|公里|亩|人|户|株|个|kg|g\b))",
    re.IGNORECASE,
)
_CUBIC = re.compile(r"(?<=[\d万亿⁴-⁹ ])((?:[kdchnN])?m)([23])(?![\d.A-Za-z])")
_LOST = re.compile(r"10[2-9]|m[23]")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote mark in a text, and the text without it."""

    mark: str
    text: str
    certain: bool


def footnote_in(text: str, notes: Sequence[str]) -> Footnote | None:
    """The footnote mark in a title or name, certain where its form or a note below proves it."""
    if not _SPECIAL.search(text):
        return None
    shorter = _SIGN.sub("", text)
    if shorter != text:
        found = _SIGN.search(text)
        return Footnote(found[0] if found else "", shorter, certain=True)
    if len(_ANY_CIRCLED.findall(text)) == 1 and (circled := _CIRCLED.search(text)):
        return Footnote(circled[0], _CIRCLED.sub("", text), certain=True)
    return _glued_digit(text, notes)


def _glued_digit(text: str, notes: Sequence[str]) -> Footnote | None:
    """“森林覆盖率1稳定在”: a digit glued to the words that a note with this number explains."""
    if not notes and not _TELLING.search(text):
        return None
    for found in _GLUED.finditer(text):
        before = text[: found.start()]
        shorter = before + text[found.end() :]
        if _is_explained(before, found[1], notes):
            return Footnote(found[1], shorter, certain=True)
        if _TELLING.search(text[max(0, found.start() - 3) : found.end() + 4]):
            return Footnote(found[1], shorter, certain=False)
    return None


def _is_explained(before: str, mark: str, notes: Sequence[str]) -> bool:
    for note in notes:
        for number, words in _NOTE_ITEM.findall(note):
            if number == mark and _shared(before, words) >= 3:
                return True
    return False


def _shared(before: str, words: str) -> int:
    """How many of the last characters before the mark the note's first words repeat."""
    return max(
        (size for size in range(2, min(12, len(before)) + 1) if before[-size:] in words[:24]),
        default=0,
    )


def raised(text: str) -> str | None:
    """The text with its lost superscripts put back (m3 → m³, 30*104m3 → 30×10⁴ m³), or None."""
    if not _LOST.search(text):
        return None
    powers = _POWER.sub(lambda found: f"×10{found[1].translate(_RAISED)} ", text)
    units = _CUBIC.sub(lambda found: found[1] + found[2].translate(_RAISED), powers)
    units = re.sub(r"(?<=[⁰¹²³⁴-⁹]) {2,}", " ", units)
    return units if units != text else None
