"""Texts reported quarter by quarter, and how long each was repeated unchanged. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from common.quarters import Period

_BLANK = re.compile(r"[\s，,。.；;：:、]+")


@dataclass(frozen=True, slots=True)
class RepeatedText:
    """A text with the first and the last quarter that reported it, and how many did in a row.

    `is_last`: the newest quarter still reports it.
    """

    text: str
    first: Period
    last: Period
    times: int
    is_last: bool


def repeated_texts(
    texts: Iterable[tuple[Period, str]], *, nothing: Sequence[str] = ()
) -> tuple[RepeatedText, ...]:
    """The texts of consecutive reports, the newest first; blanks and punctuation do not count.

    `texts` may come in any order. An empty text, or one of `nothing`, says nothing and ends a run.
    """
    ordered = sorted(texts, key=lambda one: (one[0].year, one[0].quarter or 0))
    silent = {"", *map(_plain, nothing)}
    found: list[list[tuple[Period, str]]] = []
    before = ""
    for period, text in ordered:
        plain = _plain(text)
        if plain in silent:
            before = ""
            continue
        if plain != before:
            found.append([])
        found[-1].append((period, text))
        before = plain
    newest = ordered[-1][0] if ordered else None
    return tuple(
        RepeatedText(run[-1][1], run[0][0], run[-1][0], len(run), run[-1][0] == newest)
        for run in reversed(found)
    )


def _plain(text: str) -> str:
    return _BLANK.sub("", text)
