"""How similar two texts are, and where they differ. Pure."""

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from reporting.answers.rules.standstill import standstill_reason

Kind = Literal["same", "del", "ins"]
HUNDRED = Decimal(100)
_COMPARED = 4000
"""Only so many first characters are compared; forms allow far fewer."""
_ALIGNED = 1_000_000
"""Largest product of two numbers of pieces to align; beyond it, all counts as changed."""

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*%?|[A-Za-z]+|\s+|.", re.DOTALL)
_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]?")
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A stretch of text: kept, deleted from the old or inserted by the new."""

    kind: Kind
    text: str

    @property
    def is_same(self) -> bool:
        return self.kind == "same"

    @property
    def is_gone(self) -> bool:
        return self.kind == "del"

    @property
    def is_new(self) -> bool:
        return self.kind == "ins"


_MOVED = re.compile(
    "完成|建成|新增|新建|新签|新引进|增加|增长|上升|提高|下降|减少|降低|淘汰|更新|更换|改造|投用|投运|投入"
    "|竣工|开工|启用|上线|接入|安装|发放|印发|签约|通过|达到|累计"
)
_COUNTED = re.compile(
    r"\d|[零一二两三四五六七八九十百千万亿]+(?:个|家|处|辆|台|套|座|次|项|户|人|批|公里|千米|平方米|亩|吨|万元|月|日|%)"
)


def claims_movement(text: str) -> bool:
    """Whether a sentence says that something moved, with a number or a date: 新增126个.

    Such a text cannot be true of two quarters or of two tasks; 督促2家企业按月报送 can.
    """
    if standstill_reason(text) is not None:
        return False
    sentences = _split(_SENTENCE, text[:_COMPARED])
    return any(_MOVED.search(one) and _COUNTED.search(one) for one in sentences)


def likeness(old: str, new: str) -> Decimal:
    """How similar two texts are, 0 to 100; 0 where one of them is empty.

    Blanks and punctuation do not count; reordered sentences lower it little.
    """
    first, second = _letters(old), _letters(new)
    if not first or not second:
        return Decimal(0)
    if first == second:
        return HUNDRED
    common = 2 * max(_longest_common(first, second), _common_pairs(first, second))
    return HUNDRED * common / (len(first) + len(second))


def changes(old: str, new: str) -> tuple[TextPiece, ...]:
    """The pieces that turn the old text into the new.

    Kept and deleted pieces give the old text, kept and inserted ones the new. Compared sentence by
    sentence; a changed sentence by numbers, words and characters.
    """
    return tuple(_joined(_by_sentence(_split(_SENTENCE, old), _split(_SENTENCE, new))))


def _letters(text: str) -> str:
    shown = unicodedata.normalize("NFKC", text[:_COMPARED]).lower()
    return "".join(_WORD.findall(shown))


def _longest_common(first: str, second: str) -> int:
    """Length of the longest common subsequence, one integer operation per character.

    Bit i of `open_` is 0 where the subsequence grows at character i (Hyyrö 2004).
    """
    places: dict[str, int] = {}
    for place, letter in enumerate(first):
        places[letter] = places.get(letter, 0) | 1 << place
    full = (1 << len(first)) - 1
    open_ = full
    for letter in second:
        matched = open_ & places.get(letter, 0)
        open_ = ((open_ + matched) | (open_ - matched)) & full
    return len(first) - open_.bit_count()


def _common_pairs(first: str, second: str) -> int:
    """How many pairs of neighbouring characters both texts have."""
    pairs = (Counter(pairwise(text)) for text in (first, second))
    ours, theirs = pairs
    return (ours & theirs).total()


def _split(pattern: re.Pattern[str], text: str) -> list[str]:
    return [found[0] for found in pattern.finditer(text) if found[0]]


def _by_sentence(old: list[str], new: list[str]) -> Iterator[TextPiece]:
    for kind, ours, theirs in _steps(old, new):
        if kind == "same":
            yield TextPiece("same", "".join(ours))
        else:
            yield from _by_word("".join(ours), "".join(theirs))


def _by_word(old: str, new: str) -> Iterator[TextPiece]:
    """Compare by words; texts that share too little become one deletion and one insertion."""
    ours, theirs = _split(_TOKEN, old), _split(_TOKEN, new)
    steps = list(_steps(ours, theirs))
    kept = sum(len("".join(left)) for kind, left, _ in steps if kind == "same")
    if kept * 3 < max(len(old), len(new)):
        yield from _replaced(old, new)
        return
    for kind, left, right in _without_crumbs(steps):
        if kind == "same":
            yield TextPiece("same", "".join(left))
        else:
            yield from _replaced("".join(left), "".join(right))


Step = tuple[str, list[str], list[str]]
_EQUAL = "equal"
"""The name that difflib gives to a stretch that both texts have."""


def _steps(old: list[str], new: list[str]) -> Iterator[Step]:
    """Stretches that both texts have, and those that differ."""
    if len(old) * len(new) > _ALIGNED:
        yield "changed", old, new
        return
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        same = kind == _EQUAL
        yield "same" if same else "changed", old[start:end], new[new_start:new_end]


def _without_crumbs(steps: list[Step]) -> Iterator[Step]:
    """Join changes that only a single kept character separates: it is noise."""
    last = len(steps) - 1
    for place, (kind, left, right) in enumerate(steps):
        between = 0 < place < last
        crumb = kind == "same" and between and len(left) == 1 and len(left[0]) == 1
        yield ("changed" if crumb else kind), left, right


def _replaced(old: str, new: str) -> Iterator[TextPiece]:
    if old:
        yield TextPiece("del", old)
    if new:
        yield TextPiece("ins", new)


def _joined(pieces: Iterable[TextPiece]) -> Iterator[TextPiece]:
    """Join neighbouring pieces of one kind; deletions stand before insertions."""
    gone, come, kept = "", "", ""
    for piece in pieces:
        if piece.is_same:
            yield from _replaced(gone, come)
            gone = come = ""
            kept += piece.text
            continue
        if kept:
            yield TextPiece("same", kept)
            kept = ""
        gone, come = (gone + piece.text, come) if piece.kind == "del" else (gone, come + piece.text)
    yield from _replaced(gone, come)
    if kept:
        yield TextPiece("same", kept)
