"""What of a target's values differs between two days."""

import datetime
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from common.formats import number, rounded
from dashboard.rules.changes.change import Change, Direction, Kind, short_period
from dashboard.rules.changes.snapshots import TargetSnapshot
from targets.rules import Actual, Terms, actual_words, shown_actual
from targets.rules import Kind as TargetKind
from targets.rules.words.formatting import apart, unit_of
from targets.rules.words.provenance import Stamp, stamp_of

NO_VALUE, TAKEN_BACK = "没有数值", "已撤销"


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


def value_changes(
    before: TargetSnapshot, after: TargetSnapshot, day: datetime.date
) -> Iterator[Change]:
    """The newest value of a year or a quarter: newer, first, corrected or taken back."""
    old, new = before.terms.newest_value, after.terms.newest_value
    if old == new:
        return
    if new is None or old is None:
        yield _appeared(before, after, day)
    elif replace(old, grade=new.grade) == new:
        yield _regraded(after, old, new, day)
    elif old.value != new.value or not _is_one_basis(after.terms, old, new):
        yield _moved(after, old, new, day)


def earlier_corrections(
    before: TargetSnapshot, after: TargetSnapshot, day: datetime.date
) -> Iterator[Change]:
    """Annual values that were corrected though a newer one is shown: verdicts rest on them."""
    now = {(actual.year, actual.basis): actual for actual in after.terms.actuals}
    for old in before.terms.actuals:
        new = now.get((old.year, old.basis))
        if new and is_corrected(old, new) and new != after.terms.newest_value:
            yield _moved(after, old, new, day)


def _moved(after: TargetSnapshot, old: Actual, new: Actual, day: datetime.date) -> Change:
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


def _regraded(after: TargetSnapshot, old: Actual, new: Actual, day: datetime.date) -> Change:
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


def _appeared(before: TargetSnapshot, after: TargetSnapshot, day: datetime.date) -> Change:
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


def _stamp(then: TargetSnapshot, value: Actual) -> Stamp:
    held = then.verdicts.get(value.year)
    is_settled = value.quarter is None and held is not None and held.is_settled
    return stamp_of(value.grade, is_settled=is_settled)
