"""Accounting bases: spellings of one name, and the merging of their values into one series."""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import groupby
from typing import Self

_NARROW = str.maketrans("（）［］｛｝", "()[]{}")
_LIKE_ENOUGH = 0.3
_BLANKS = re.compile(r"\s+")


def spelling(name: str) -> str:
    """The normal form of a basis name: no blanks, narrow brackets."""
    return _BLANKS.sub("", name.translate(_NARROW))


def one_name_each(names: Iterable[str]) -> Mapping[str, str]:
    """Each spelling → the name that represents it: the first one given."""
    found: dict[str, str] = {}
    for name in names:
        if spelling(name):
            found.setdefault(spelling(name), name.strip())
    return found


@dataclass(frozen=True)
class BasisNames:
    """The names in the register, found by every spelling and by their former names."""

    names: tuple[str, ...] = ()
    former: Mapping[str, str] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, names: Iterable[str], former: Iterable[tuple[str, str]] = ()) -> Self:
        """From the names, and pairs of a former and a present name."""
        return cls(tuple(names), {spelling(before): now for before, now in former})

    def canonical(self, text: str) -> str | None:
        """The registered name that a text is a spelling of; None if there is none."""
        known = one_name_each(self.names)
        for _ in range(len(self.former) + 1):
            if spelling(text) in known:
                return known[spelling(text)]
            text = self.former.get(spelling(text), "")
        return None

    def nearest(self, text: str) -> list[str]:
        """At most three names that resemble a text, best first."""
        return get_close_matches(text, self.names, n=3, cutoff=_LIKE_ENOUGH)


@dataclass(frozen=True)
class Version:
    """A version of a value of one period, under the present name of its basis."""

    pk: int
    name: str
    version: int
    recorded_at: datetime.datetime
    is_current: bool
    is_retracted: bool
    is_settled: bool


@dataclass(frozen=True)
class VersionPlace:
    """The new place of a version: its number, and whether it is retracted."""

    pk: int
    version: int
    is_taken_back: bool


def one_series(rows: Sequence[Version], *, own: frozenset[str]) -> tuple[VersionPlace, ...]:
    """Merge the versions of one period, of several names of a basis, into one series.

    Of several current ones the newest stays and the others are retracted. The series that pages
    have shown so far gets the higher numbers, so that past days still show it; `own` are the names
    of the target's own basis.
    """
    ordered = sorted(rows, key=lambda row: (row.name, row.version))
    series = [list(group) for _, group in groupby(ordered, key=lambda row: row.name)]
    series.sort(key=lambda group: _shown(group, own))
    newest = max(
        (row for row in rows if row.is_current),
        key=lambda row: (row.recorded_at, row.pk),
        default=None,
    )
    stays = newest.name if newest else None
    numbered = enumerate((row for group in series for row in group), start=1)
    return tuple(
        VersionPlace(
            row.pk, number, newest is not None and row.name != stays and not row.is_retracted
        )
        for number, row in numbered
    )


def _shown(group: Sequence[Version], own: frozenset[str]) -> tuple[bool, bool, str]:
    """Order by which pages chose a value: of the own basis, final, under a name."""
    last = next((row for row in group if row.is_current), group[-1])
    return last.name in own, last.is_settled, last.name
