"""Pieces of which the sentences of the overview are made."""

from collections.abc import Iterable
from dataclasses import dataclass

from targets.rules.words.provenance import Stamp


@dataclass(frozen=True)
class Phrase:
    """A piece of a sentence; with an address it is a link to what is behind it."""

    text: str
    url: str = ""
    is_strong: bool = False
    stamp: Stamp | None = None


def joined(parts: Iterable[Iterable[Phrase]], between: str) -> tuple[Phrase, ...]:
    """Several sentences in one, with the mark between them."""
    found: list[Phrase] = []
    for part in parts:
        found += [Phrase(between)] if found else []
        found += part
    return tuple(found)
