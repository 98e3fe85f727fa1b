"""Cleaning the text of cells: white space, numbering marks, footnote marks, lost superscripts."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

CHINESE_DIGITS = "一二三四五六七八九十百零〇两"
_DIGIT_VALUES = {digit: value for value, digit in enumerate("一二三四五六七八九", start=1)}

_INVISIBLE = re.compile(
    "[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f]|_x000[Dd]_"
)
_DIRTY = re.compile(r"[\s\u00a0\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\x00-\x1f]|_x000[Dd]_")
_BETWEEN_CHINESE = re.compile(r"(?<=[^\x00-\x7f])[ \t\u00a0\u3000]+(?=[^\x00-\x7f])")
_LINE_BREAK = re.compile(r"[ \t\u00a0\u3000]*(?:\r\n|\r|\n)[\s\u00a0]*")
_SPACES = re.compile(r"[ \t\u00a0\u3000]+")
_TRAILING = " 。．；;，,、："


@lru_cache(maxsize=8192)
def one_line(text: str) -> str:
    """A name, title or label: no line breaks, no padding, no spaces between Chinese characters."""
    if not _DIRTY.search(text):
        return text
    text = _INVISIBLE.sub("", text.replace("\u2028", "\n")).strip()
    text = _LINE_BREAK.sub(_joint, text)
    return _SPACES.sub(" ", _BETWEEN_CHINESE.sub("", text))


def _joint(found: re.Match[str]) -> str:
    """A wrapped line: a space only between two Latin words."""
    text, start, end = found.string, found.start(), found.end()
    latin = start > 0 and end < len(text) and text[start - 1].isascii() and text[end].isascii()
    return " " if latin else ""


def paragraphs(text: str) -> str:
    """A longer text: its own line breaks stay, padding and empty lines go."""
    if not _DIRTY.search(text):
        return text
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (line.strip(" \t\u00a0\u3000") for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def without_full_stop(text: str) -> str:
    """A title as it is cited: without the stop that ends it in the table."""
    return text.rstrip(_TRAILING)


def number_of_chinese(digits: str) -> int | None:
    """The value of 一 … 九十九; None for anything else."""
    if digits in _DIGIT_VALUES:
        return _DIGIT_VALUES[digits]
    tens, ten, ones = digits.partition("十")
    if not ten or (tens and tens not in _DIGIT_VALUES) or (ones and ones not in _DIGIT_VALUES):
        return None
    return _DIGIT_VALUES.get(tens, 1) * 10 + _DIGIT_VALUES.get(ones, 0)


@dataclass(frozen=True, slots=True)
class NumberingMark:
    """A numbering mark at the start of a text, its style, and the text after it."""

    style: str
    number: int | str
    rest: str


_CN = f"[{CHINESE_DIGITS}]{{1,4}}"
_STRICT_MARKS = (
    ("cn", re.compile(rf"第?({_CN})(?:[、．.:：]|，(?=是|要))\s*")),
    ("(cn)", re.compile(rf"[（(]\s*({_CN})\s*[)）][、.．]?\s*")),
    ("cn", re.compile(rf"第({_CN})[章节条项类批]\s*")),
    ("1.", re.compile(r"([0-9０-９]{1,3})(?:[、．](?![0-9０-９])|\.(?!\d))\s*")),
    ("1)", re.compile(r"(\d{1,3})\s*[)）][、.．]?\s*")),
    ("(1)", re.compile(r"[（(]\s*([0-9０-９]{1,3})\s*[)）][、.．]?\s*")),
    ("1.1", re.compile(r"(\d{1,2}(?:[.．\-－—–]\d{1,2}){1,3})(?:[、．.]\s*|\s+)(?=\D)")),
    ("①", re.compile(r"([①-⑳])[、.．]?\s*")),
    ("(1)", re.compile(r"([⑴-⒇])[、.．]?\s*")),
    ("1.", re.compile(r"([⒈-⒛])\s*")),
    ("(cn)", re.compile(r"([㈠-㈩])[、.．]?\s*")),
)
_LOOSE_MARKS = (
    ("1.", re.compile(r"(\d{1,2})[、．](?=\d)")),
    ("1.1", re.compile(r"(\d{1,2}(?:[.．\-－—–]\d{1,2}){1,3})(?=[\u4e00-\u9fff《“])")),
    ("1.", re.compile(r"(\d{1,2})\s+(?=[\u4e00-\u9fff《“])")),
    ("1.", re.compile(r"(\d{1,2})(?=[\u4e00-\u9fff《“])")),
)
_ANY_MARK = re.compile(
    "|".join(pattern.pattern for _style, pattern in (*_STRICT_MARKS, *_LOOSE_MARKS))
)


@lru_cache(maxsize=8192)
def leading_mark(text: str, loose: bool = False) -> NumberingMark | None:
    """The numbering mark that a text begins with; loose also takes digits glued to the words."""
    if not _ANY_MARK.match(text):
        return None
    patterns = (*_STRICT_MARKS, *_LOOSE_MARKS) if loose else _STRICT_MARKS
    for style, pattern in patterns:
        found = pattern.match(text)
        if found and found.end() < len(text):
            return NumberingMark(style, mark_number(found[1]), text[found.end() :])
    return None


def mark_number(text: str) -> int | str:
    """The number of a mark: an int where it is one, else the text (1.1, 5-1)."""
    plain = unicodedata.normalize("NFKC", text).strip("()（） .、")
    if plain.isdecimal():
        return int(plain)
    chinese = number_of_chinese(plain)
    return chinese if chinese is not None else plain


_COUNT = re.compile(
    rf"[（(]?\s*[共计合]{{0,2}}\s*(\d{{1,4}}|{_CN})\s*[个项类条](?:重点|子)?(?:项目|任务|工程|事项)?\s*[)）]?$"
)
_BARE_COUNT = re.compile(r"[（(]\s*(\d{1,4})\s*[)）]$")
_SAID_COUNT = re.compile(
    r"[\s:：，,；;]+[共计合]{0,2}\s*(\d{1,4})\s*[个项条](?:重点)?(?:项目|任务|工程)?$"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A category or section heading: “（三）交通工程（5个）” has number 3 and declares 5."""

    text: str
    number: int | None
    style: str
    declared: int | None


@lru_cache(maxsize=4096)
def heading_of(text: str) -> Heading:
    mark = leading_mark(text)
    words = mark.rest if mark else text
    words, declared = _declared_count(without_full_stop(words).strip())
    number = mark.number if mark and isinstance(mark.number, int) else None
    return Heading(without_full_stop(words), number, mark.style if mark else "", declared)


def _declared_count(text: str) -> tuple[str, int | None]:
    bracketed = _COUNT.search(text) if text.endswith((")", "）")) else None
    found = bracketed or _BARE_COUNT.search(text) or _SAID_COUNT.search(text)
    if found is None or found.start() == 0 or text[found.start()] not in "（( \u3000:：，,；;":
        return text, None
    count = mark_number(found[1])
    return (text[: found.start()].strip(), count) if isinstance(count, int) else (text, None)


def declared_total(title: str) -> int | None:
    """The number of rows that a table's title declares: “重点项目清单（共20个）”."""
    return _declared_count(title.strip())[1]
