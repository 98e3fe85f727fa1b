"""The years whose value an annual target owes in a quarter. Pure.

A year's value comes twice: preliminary in the year after it, final in the one after that. The
preliminary one is asked for by the quarter whose period asks for annual values, the final one until
it exists.
"""

from collections.abc import Collection, Set
from dataclasses import dataclass

from common.quarters import Period


@dataclass(frozen=True)
class Known:
    """The years of which a target has a value, and those that are settled."""

    years: Set[int] = frozenset()
    settled: Set[int] = frozenset()


def last_year(period: Period) -> int:
    """The newest year that has ended by the end of the quarter."""
    return period.year if period.quarter in {None, 4} else period.year - 1


def is_preliminary(year: int, period: Period) -> bool:
    """Whether the quarter asks for the preliminary value of the year."""
    return year >= last_year(period)


def owed_years(
    *,
    period: Period,
    asking: Collection[Period],
    since: int,
    known: Known = Known(),
    is_counted: bool = True,
) -> tuple[int, ...]:
    """The years of which a quarter asks for a value, newest first.

    `asking` are the quarters whose periods ask for annual values. Last year's value is owed from
    the first of them on, until there is one; for the asking quarter itself an existing preliminary
    value is not enough. Older years are owed until their value is settled, back to `since`, the
    plan's first milestone year. A target that is not `is_counted` has no value that could become
    final; only asking quarters ask for it.
    """
    last, asks = last_year(period), period in asking
    begun = any(last_year(one) == last and one.is_up_to(period) for one in asking)
    is_owed = asks and last not in known.settled
    if is_counted:
        is_owed = is_owed or (begun and last not in known.years)
    older = range(last - 1, since - 1, -1) if is_counted else ()
    newest = (last,) if is_owed else ()
    return (*newest, *(year for year in older if year not in known.settled))


def words(year: int, period: Period) -> str:
    """The value that a quarter asks for: 2026年度（初步）, 2025年度（最终）."""
    return f"{year}年度（{'初步' if is_preliminary(year, period) else '最终'}）"
