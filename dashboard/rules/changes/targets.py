"""What of a target differs between two days: value, light, verdicts."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from dashboard.rules.changes.change import Change, Direction, Kind
from dashboard.rules.changes.snapshots import TargetSnapshot, VerdictSnapshot
from dashboard.rules.changes.values import earlier_corrections, is_corrected, value_changes
from targets.rules import Verdict
from targets.rules.levels import Level
from targets.rules.verdicts.verdicts import SETTLED
from targets.rules.words.provenance import Stamp

_LEVELS: Mapping[str, int] = {Level.RED: 0, Level.ORANGE: 1, Level.GREEN: 2}
_RANKS: Mapping[str, int] = {Verdict.MISSED: 0, Verdict.FELL_SHORT: 1, Verdict.ACHIEVED: 2}


def target_changes(
    before: TargetSnapshot, after: TargetSnapshot, *, years: Iterable[int], day: datetime.date
) -> Iterator[Change]:
    """The changes of one target; `years` are the milestone years whose verdicts are compared."""
    yield from value_changes(before, after, day)
    yield from earlier_corrections(before, after, day)
    yield from _light(before, after)
    for year in sorted(set(years)):
        yield from _verdict(before, after, year)


def _light(before: TargetSnapshot, after: TargetSnapshot) -> Iterator[Change]:
    if before.level == after.level:
        return
    old, new = before.terms.latest, after.terms.latest
    is_correction = is_corrected(old, new)
    yield Change(
        Kind.LIGHT,
        Direction.CORRECTED if is_correction else _ranked(_LEVELS, before.level, after.level),
        after.thing,
        f"预警{before.level.label}",
        f"预警{after.level.label}",
        _light_basis(before, after),
        weight=_weight(_LEVELS, before.level, after.level),
    )


def _light_basis(before: TargetSnapshot, after: TargetSnapshot) -> str:
    if after.is_by_hand:
        return "人工判定"
    if before.is_by_hand:
        return "不再人工判定"
    new = after.terms.latest
    if new == before.terms.latest:
        return "目标或判定规则变化"
    return f"按{new.year}年值" if new else "没有年度值"


def _ranked(ranks: Mapping[str, int], old: str, new: str) -> Direction:
    """What is judged for the first time counts by itself: the best is better, all else worse."""
    if new not in ranks:
        return Direction.MOVED
    if old in ranks:
        return Direction.of(ranks[new] - ranks[old])
    return Direction.BETTER if ranks[new] == max(ranks.values()) else Direction.WORSE


def _weight(ranks: Mapping[str, int], old: str, new: str) -> Decimal:
    """How many steps it went; what was not judged before comes from the top."""
    best = max(ranks.values())
    return Decimal(abs(ranks.get(new, best) - ranks.get(old, best)))


def _verdict(before: TargetSnapshot, after: TargetSnapshot, year: int) -> Iterator[Change]:
    old, new = before.verdicts.get(year), after.verdicts.get(year)
    if old is None or new is None or _verdict_words(old) == _verdict_words(new):
        return
    if old.verdict == Verdict.AHEAD and new.verdict not in _RANKS:
        return
    is_correction = is_corrected(before.terms.actual(year), after.terms.actual(year))
    yield Change(
        Kind.VERDICT,
        Direction.CORRECTED if is_correction else _ranked(_RANKS, old.verdict, new.verdict),
        after.thing,
        _verdict_words(old),
        _verdict_words(new),
        f"{year}年结论",
        stamp=Stamp.SETTLED if new.is_settled else None,
        weight=_weight(_RANKS, old.verdict, new.verdict),
    )


def _verdict_words(held: VerdictSnapshot) -> str:
    """已达标 once settled, 已达标，待判定 before."""
    waits = held.words == held.verdict.label and held.verdict in SETTLED and not held.is_settled
    return f"{held.words}，待判定" if waits else held.words
