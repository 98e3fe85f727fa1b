"""What of a target differs between two days: value, light, verdicts."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from common.formats import number, rounded
from common.lights import Level
from dashboard.rules.changes import Change, Direction, Kind, short_period
from dashboard.rules.snapshots import Held, TargetThen
from targets.rules import (
    Actual,
    Terms,
    Verdict,
    actual_words,
    shown_actual,
)
from targets.rules import (
    Kind as TargetKind,
)
from targets.rules.printing import apart, unit_of
from targets.rules.provenance import Stamp, stamp_of
from targets.rules.verdicts import SETTLED

NO_VALUE, TAKEN_BACK = "没有数值", "已撤销"
_LEVELS: Mapping[str, int] = {Level.RED: 0, Level.ORANGE: 1, Level.GREEN: 2}
_RANKS: Mapping[str, int] = {Verdict.MISSED: 0, Verdict.FELL_SHORT: 1, Verdict.ACHIEVED: 2}


def target_changes(
    before: TargetThen, after: TargetThen, *, years: Iterable[int], day: datetime.date
) -> Iterator[Change]:
    """The changes of one target; `years` are the milestone years whose verdicts are compared."""
    yield from _value(before, after, day)
    yield from _earlier_corrections(before, after, day)
    yield from _light(before, after)
    for year in sorted(set(years)):
        yield from _verdict(before, after, year)


def better_sign(terms: Terms) -> int:
    """1 where a higher value is better, −1 where a lower one is, 0 where neither can be said."""
    if terms.is_peak or terms.lower_is_better:
        return -1
    if terms.is_qualitative or any(goal.is_band for goal in terms.goals):
        return 0
    return 0 if terms.kind == TargetKind.ASSIGNED and not terms.compounds else 1


def is_corrected(old: Actual | None, new: Actual | None) -> bool:
    """Whether a settled number was replaced; a preliminary one was to be revised anyway."""
    if old is None or new is None or old.period != new.period or old.basis != new.basis:
        return False
    has_both = old.value is not None and new.value is not None
    return has_both and old.is_settled and old.value != new.value


def _value(before: TargetThen, after: TargetThen, day: datetime.date) -> Iterator[Change]:
    old, new = before.terms.newest_value, after.terms.newest_value
    if old == new:
        return
    if new is None or old is None:
        yield _appeared(before, after, day)
    elif replace(old, grade=new.grade) == new:
        yield _regraded(after, old, new, day)
    elif old.value != new.value or not _is_one_basis(after.terms, old, new):
        yield _moved(after, old, new, day)


def _earlier_corrections(
    before: TargetThen, after: TargetThen, day: datetime.date
) -> Iterator[Change]:
    """Annual values that were corrected though a newer one is shown: verdicts rest on them."""
    now = {(actual.year, actual.basis): actual for actual in after.terms.actuals}
    for old in before.terms.actuals:
        new = now.get((old.year, old.basis))
        if new and is_corrected(old, new) and new != after.terms.newest_value:
            yield _moved(after, old, new, day)


def _moved(after: TargetThen, old: Actual, new: Actual, day: datetime.date) -> Change:
    terms = after.terms
    can_compare = _can_compare(terms, old, new)
    step = (new.value or Decimal(0)) - (old.value or Decimal(0))
    return Change(
        Kind.VALUE,
        _direction(terms, old, new, step) if can_compare else Direction.MOVED,
        after.thing,
        *_words(terms, old, new),
        _basis(terms, old, new, day),
        difference=_difference(terms, old, new) if can_compare else "",
        stamp=_stamp(after, new),
        period=new.period,
        weight=abs(step / old.value * 100) if old.value and can_compare else Decimal(0),
    )


def _regraded(after: TargetThen, old: Actual, new: Actual, day: datetime.date) -> Change:
    """The same number of another 数据状态."""
    words = actual_words(after.terms, new)
    return Change(
        Kind.VALUE,
        Direction.MOVED,
        after.thing,
        f"{words}（{old.grade.label}）",
        f"{words}（{new.grade.label}）",
        f"{short_period(new.period, day)}值",
        stamp=_stamp(after, new),
        period=new.period,
    )


def _appeared(before: TargetThen, after: TargetThen, day: datetime.date) -> Change:
    """A first value, or the last one that was taken back."""
    old, new = before.terms.newest_value, after.terms.newest_value
    if new is None:
        assert old is not None  # noqa: S101 - one of them is there
        words = actual_words(before.terms, old)
        basis = f"{short_period(old.period, day)}值"
        return Change(
            Kind.VALUE, Direction.CORRECTED, after.thing, words, TAKEN_BACK, basis, stamp=Stamp.GONE
        )
    return Change(
        Kind.VALUE,
        Direction.FILLED,
        after.thing,
        NO_VALUE,
        actual_words(after.terms, new),
        f"{short_period(new.period, day)}值",
        stamp=_stamp(after, new),
        period=new.period,
    )


def _direction(terms: Terms, old: Actual, new: Actual, step: Decimal) -> Direction:
    if is_corrected(old, new) or new.period.end < old.period.end:
        return Direction.CORRECTED
    if old.period == new.period:
        return Direction.MOVED
    return Direction.of(step * better_sign(terms))


def _basis(terms: Terms, old: Actual, new: Actual, day: datetime.date) -> str:
    """三季度值; that it is a correction, another basis or another time of the year."""
    said = f"{short_period(new.period, day)}值"
    if new.period.end < old.period.end:
        return f"{said}，后来的值已撤销"
    if not _is_one_basis(terms, old, new):
        return f"{said}，口径不同"
    if old.period != new.period:
        return said if _can_compare(terms, old, new) else f"{said}，与原值时段不同"
    return f"{said}更正" if is_corrected(old, new) else f"{said}，{new.grade.label}"


def _is_one_basis(terms: Terms, old: Actual, new: Actual) -> bool:
    is_own = terms.is_own_basis(old) and terms.is_own_basis(new)
    return is_own or old.basis == new.basis


def _can_compare(terms: Terms, old: Actual, new: Actual) -> bool:
    """Whether two values say the same of two times: what was new in a year begins anew with it."""
    if not _is_one_basis(terms, old, new):
        return False
    if not terms.is_flow or old.quarter == new.quarter:
        return True
    return old.year == new.year and bool(old.quarter and new.quarter)


def _words(terms: Terms, old: Actual, new: Actual) -> tuple[str, str]:
    """Both as printed, with the same digits: as many as the one of them needs that needs more."""
    unit = unit_of(terms)
    first, last = _shown(terms, old, new)
    return number(first) + unit, number(last) + unit


def _shown(terms: Terms, old: Actual, new: Actual) -> tuple[Decimal, Decimal]:
    first = shown_actual(terms, old, others=_value_of(new))
    last = shown_actual(terms, new, others=_value_of(old))
    places = max(-int(one.as_tuple().exponent) for one in (first, last))
    return rounded(old.value or Decimal(0), places), rounded(new.value or Decimal(0), places)


def _value_of(actual: Actual) -> list[Decimal]:
    return [] if actual.value is None else [actual.value]


def _difference(terms: Terms, old: Actual, new: Actual) -> str:
    """提高2.0个百分点: of the numbers as printed, which are told apart."""
    first, last = _shown(terms, old, new)
    up, down = ("提高", "降低") if terms.unit == "%" else ("增加", "减少")
    return (up if last > first else down) + apart(terms, last, first)


def _stamp(then: TargetThen, value: Actual) -> Stamp:
    held = then.verdicts.get(value.year)
    is_settled = value.quarter is None and held is not None and held.is_settled
    return stamp_of(value.grade, is_settled=is_settled)


def _light(before: TargetThen, after: TargetThen) -> Iterator[Change]:
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


def _light_basis(before: TargetThen, after: TargetThen) -> str:
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


def _verdict(before: TargetThen, after: TargetThen, year: int) -> Iterator[Change]:
    old, new = before.verdicts.get(year), after.verdicts.get(year)
    if old is None or new is None or _said(old) == _said(new):
        return
    if old.verdict == Verdict.AHEAD and new.verdict not in _RANKS:
        return
    is_correction = is_corrected(before.terms.actual(year), after.terms.actual(year))
    yield Change(
        Kind.VERDICT,
        Direction.CORRECTED if is_correction else _ranked(_RANKS, old.verdict, new.verdict),
        after.thing,
        _said(old),
        _said(new),
        f"{year}年结论",
        stamp=Stamp.SETTLED if new.is_settled else None,
        weight=_weight(_RANKS, old.verdict, new.verdict),
    )


def _said(held: Held) -> str:
    """已达标 once settled, 已达标，待判定 before."""
    waits = held.words == held.verdict.label and held.verdict in SETTLED and not held.is_settled
    return f"{held.words}，待判定" if waits else held.words
