"""Matching what a reader typed with names and texts, and marking where it stands.

Chinese words are found as parts of a text; width and case do not matter.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

LONGEST = 100
"""Characters of a query; the rest is left out."""
_MOST_TERMS = 5
_BEFORE = 14
_AROUND = 72


@dataclass(frozen=True)
class Piece:
    """A part of a text; a hit is one of the words that were looked for."""

    text: str
    is_hit: bool = False


@lru_cache(maxsize=8192)
def _folded_character(character: str) -> str:
    return unicodedata.normalize("NFKC", character).casefold()


def folded(text: str) -> str:
    """The form in which texts are compared."""
    return "".join(map(_folded_character, text))


def terms_of(query: str) -> tuple[str, ...]:
    """The words of a query, all of which have to be found."""
    return tuple(dict.fromkeys(folded(query[:LONGEST]).split()))[:_MOST_TERMS]


def matches(terms: Iterable[str], *texts: str) -> bool:
    """Whether each word stands in one of the texts."""
    compared = [folded(text) for text in texts]
    return all(any(term in text for text in compared) for term in terms)


def marked(text: str, terms: Iterable[str]) -> tuple[Piece, ...]:
    """The text in pieces, those that were looked for as hits."""
    hits = _hits(text, terms)
    parts = groupby(enumerate(text), key=lambda one: one[0] in hits)
    return tuple(Piece("".join(letter for _, letter in part), is_hit) for is_hit, part in parts)


def excerpt(text: str, terms: Iterable[str]) -> tuple[Piece, ...]:
    """The words around the first hit, marked; empty where there is none."""
    plain, looked_for = " ".join(text.split()), tuple(terms)
    hits = _hits(plain, looked_for)
    if not hits:
        return ()
    start = max(min(hits) - _BEFORE, 0)
    end = start + _AROUND
    cut = f"{'…' if start else ''}{plain[start:end]}{'…' if end < len(plain) else ''}"
    return marked(cut, looked_for)


def _hits(text: str, terms: Iterable[str]) -> set[int]:
    """Places of the characters that belong to a word looked for."""
    parts = [_folded_character(character) for character in text]
    compared = "".join(parts)
    places = [place for place, part in enumerate(parts) for _ in part]
    found: set[int] = set()
    for term in terms:
        start = compared.find(term)
        while start >= 0:
            found.update(places[start : start + len(term)])
            start = compared.find(term, start + 1)
    return found
