"""Which rounds of items stand, and under which number they are handed in. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One submitted item: the obligation's how many-th round, in which submission."""

    item: int
    obligation: int
    submission: int
    round: int
    is_withdrawn: bool
    is_approved: bool
    """Whether this round is approved."""
    is_settled: bool
    """Whether the obligation is approved now; an abandoned correction leaves the older round."""


class HandIn(NamedTuple):
    """A submission with the number and version of its sheet."""

    pk: int
    number: str
    version: int


def standing(rounds: Iterable[Round]) -> dict[int, Round]:
    """Obligation → the round that the agency answers for; none where all were withdrawn."""
    found = {}
    ordered = sorted(rounds, key=attrgetter("obligation", "round"))
    for obligation, group in groupby(ordered, key=attrgetter("obligation")):
        kept = [one for one in group if not one.is_withdrawn]
        approved = [one for one in kept if one.is_approved and one.is_settled]
        if kept:
            found[obligation] = (approved or kept)[-1]
    return found


def next_number(
    *,
    series: str,
    sent: Collection[HandIn],
    standing: Iterable[Round],
    sending: Collection[int],
) -> tuple[str, int]:
    """Number and version of the next submission: 2026Q3-JTJ-02, 1.

    It goes on with the last number where nothing of that submission stands once these obligations
    are handed in: it takes its place.
    """
    last = max(sent, key=attrgetter("pk"), default=None)
    if last is None:
        return f"{series}-01", 1
    same = [one for one in sent if one.number == last.number]
    keys = {one.pk for one in same}
    left = (one.submission in keys and one.obligation not in sending for one in standing)
    if not any(left):
        return last.number, max(one.version for one in same) + 1
    return f"{series}-{len({one.number for one in sent}) + 1:02d}", 1
