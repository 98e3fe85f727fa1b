"""Numbers that are probably typing mistakes, so that the user is asked; for every way of entry."""

from decimal import Decimal

from common.formats import number
from targets.rules.enumerations import REDUCTIONS
from targets.rules.terms import Actual, Terms
from targets.rules.trends.trajectory import HUNDRED, required_at
from targets.rules.words.formatting import plain, unit_of, with_unit

_FACTORS = (
    (Decimal(10), "10 倍"),
    (Decimal(100), "100 倍"),
    (Decimal(10000), "1 万倍"),
    (Decimal("0.1"), "1/10"),
    (Decimal("0.01"), "1/100"),
    (Decimal("0.0001"), "1/10 000"),
)
_TOLERANCE = Decimal(20)
"""Percent by which a factor may differ from 10, 100 or 10 000; the forms' default."""
_FAR_FROM = 10
"""Percent from which a required value makes a value below 1 % implausible."""


def slip_factor(
    value: Decimal, last: Decimal, tolerance: Decimal = _TOLERANCE
) -> tuple[Decimal, str] | None:
    """The factor by which a point or unit slipped against the last value, with its words: 10 倍."""
    if not last or value / last <= 0:
        return None
    for factor, words in _FACTORS:
        if abs(value / last / factor - 1) * HUNDRED <= tolerance:
            return factor, words
    return None


def is_fraction(value: Decimal, asked: Decimal | None) -> bool:
    """0.786 typed for 78.6%: only where so small a value is implausible for the requirement."""
    return 0 < value < 1 and (asked or Decimal(0)) >= _FAR_FROM


def doubt_of_percent(value: Decimal, unit: str) -> str:
    """The question whether a goal of 15 % was typed as 0.15; empty if it was not."""
    if unit != "%" or not 0 < value < 1:
        return ""
    return f"{plain(value)}%不到1%：核对是否把“{plain(value)}”当成“{plain(value * HUNDRED)}%”"


def doubt_of_reduction(value: Decimal, reached: Decimal | None, base_year: int | None) -> str:
    """The question whether a document states a cumulative reduction against another base year.

    Asked if it is below one that was required or reached before; else empty.
    """
    if reached is None or value >= reached:
        return ""
    return (
        f"较{base_year}年的累计降低率低于以前的目标或实际（{plain(reached)}%）："
        "文件如写较2025年，比较基年要填2025"
    )


def doubt_of_value(terms: Terms, value: Actual, last: Decimal | None) -> str:
    """The question about a value that looks like a slip of sign, point or unit; else empty.

    `last` is the annual value of the same basis before it.
    """
    if value.value is None or not terms.is_own_basis(value):
        return ""
    told = _typed(terms, value.value)
    if terms.kind in REDUCTIONS and value.value < 0:
        return f"{told}表示上升；下降{_typed(terms, -value.value)}时填正数"
    if terms.unit == "%" and is_fraction(
        value.value, required_at(terms, value.year, value.quarter)
    ):
        return doubt_of_percent(value.value, terms.unit)
    found = slip_factor(value.value, last) if last is not None else None
    return (
        f"{told}约为上一年（{with_unit(terms, last)}）的{found[1]}，核对单位和小数点"
        if found
        else ""
    )


def _typed(terms: Terms, value: Decimal) -> str:
    """The value as typed, not as the target prints it."""
    return number(Decimal(plain(value))) + unit_of(terms)
