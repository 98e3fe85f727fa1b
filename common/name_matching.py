"""Comparing names of organisations that people spell in more than one way."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz, process

_BRACKETS = str.maketrans({"〔": "(", "〕": ")", "【": "(", "】": ")", "[": "(", "]": ")"})
_DROPPED = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad“”‘’\"'「」『』《》·•]+")
_ABBREVIATION_SCORE = 90.0
_CONTAINED_SCORE = 92.0
_LEAST_SCORE = 45.0


@lru_cache(maxsize=16384)
def name_key(text: str) -> str:
    """The form in which two spellings of one name are equal, whatever width, brackets or case."""
    text = unicodedata.normalize("NFKC", text).translate(_BRACKETS)
    return _DROPPED.sub("", text).casefold()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A known name that resembles an unknown spelling, with a likeness from 0 to 100."""

    name: str
    score: int


@dataclass(frozen=True)
class KnownNames:
    """Every spelling that is known, each leading to one canonical name."""

    by_key: Mapping[str, str]
    groups: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, spellings: Iterable[tuple[str, str]], groups: Iterable[str] = ()) -> "KnownNames":
        """From pairs of a spelling and its canonical name; canonical names know themselves."""
        pairs = list(spellings)
        by_key = {name_key(spelling): name for spelling, name in pairs}
        by_key.update((name_key(name), name) for _spelling, name in pairs)
        return cls(by_key, frozenset(groups))

    def canonical(self, spelling: str) -> str | None:
        """The canonical name of a spelling, or None."""
        return self.by_key.get(name_key(spelling))

    def nearest(self, spelling: str, limit: int = 3) -> tuple[Suggestion, ...]:
        """The canonical names that resemble a spelling most, best first."""
        key = name_key(spelling)
        best: dict[str, float] = {}
        matches = process.extract(
            key, self.by_key.keys(), scorer=fuzz.ratio, limit=None, score_cutoff=_LEAST_SCORE / 2
        )
        for candidate, ratio, _index in matches:
            name = self.by_key[candidate]
            best[name] = max(best.get(name, 0.0), _likeness(key, candidate, ratio))
        ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))
        return tuple(
            Suggestion(name, round(score))
            for name, score in ranked[:limit]
            if score >= _LEAST_SCORE
        )


def _likeness(one: str, other: str, ratio: float) -> float:
    """Ratio of edits, lifted where one is an abbreviation of the other or a part of it."""
    short, long = sorted((one, other), key=len)
    if len(short) < 3 or short == long:
        return ratio
    if short in long:
        return max(ratio, _CONTAINED_SCORE)
    if short[0] == long[0] and short[-1] == long[-1] and _is_subsequence(short, long):
        return max(ratio, _ABBREVIATION_SCORE)
    return ratio


def _is_subsequence(short: str, long: str) -> bool:
    rest = iter(long)
    return all(letter in rest for letter in short)
