"""Carries the series of the set on to the day for which it is loaded.

A later day adds to what an earlier one gives and changes none of it, but for the annual value
that becomes final when the next one comes.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from common.quarters import Period
from demo.rules.publication_days import FINAL_REASON

_DONE, _NOT_STARTED, _ON_TRACK = "d", "n", "o"
_QUARTER, _NOISE, _REVISION = Decimal("0.25"), Decimal("0.2"), Decimal("0.1")


@dataclass(frozen=True)
class FormerValue:
    """An earlier value of a year, since corrected."""

    value: Decimal
    grade: str
    reason: str


@dataclass(frozen=True)
class DemoValue:
    """The value of a year or quarter, with the one that it corrected."""

    period: Period
    value: Decimal
    grade: str
    former: FormerValue | None = None


def annual_values(code: str, facts: Mapping[str, Any], newest: int) -> Iterator[DemoValue]:
    """The years of the set and those after them, to the newest that has come."""
    corrected = {year: FormerValue(Decimal(old), grade, reason)
                 for year, old, grade, reason in facts.get("corrections", ())}  # fmt: skip
    for year, text, grade in facts["annual"]:
        value = DemoValue(Period(year), Decimal(text), grade, corrected.get(year))
        yield _final(code, value, facts, newest)
    known = [row[0] for name in ("annual", "other_basis") for row in facts.get(name, ())]
    if not facts["annual"]:
        return
    for year in range(max(known) + 1, newest + 1):
        value = DemoValue(Period(year), _of_year(code, facts, year), facts["annual"][-1][-1])
        yield _final(code, value, facts, newest)


def quarterly_values(code: str, facts: Mapping[str, Any], last: Period) -> Iterator[DemoValue]:
    """The quarters of the set and those after them, to the last that is reported."""
    known = [DemoValue(Period.parse(text), Decimal(value), grade)
             for text, value, grade in facts.get("quarterly", ())]  # fmt: skip
    yield from known
    if not known:
        return
    newest = known[-1]
    for period in last.back(last.quarters_since(newest.period) + 1)[1:]:
        yield DemoValue(period, _carried_on(code, facts, newest, period), newest.grade)


def later_states(states: str, count: int) -> str:
    """The letters of a task with those of `count` quarters more.

    The pattern comes again, so that the newest quarter reads as the newest of the set does; what
    has started has started, and what is done stays done.
    """
    if _DONE in states:
        return states + _DONE * count
    again = states * (count // len(states) + 1)
    return states + again[len(again) - count :].replace(_NOT_STARTED, _ON_TRACK)


def _of_year(code: str, facts: Mapping[str, Any], year: int) -> Decimal:
    """Of what is counted by quarters the fourth one."""
    if facts.get("quarterly"):
        return list(quarterly_values(code, facts, Period(year, 4)))[-1].value
    known, text, grade = facts["annual"][-1]
    return _carried_on(code, facts, DemoValue(Period(known), Decimal(text), grade), Period(year))


def _carried_on(code: str, facts: Mapping[str, Any], last: DemoValue, period: Period) -> Decimal:
    """So much a year, less by `slowing` each year, never above `most`; in the same decimals."""
    later = facts["later"]
    yearly, slowing = Decimal(later["yearly"]), Decimal(later.get("slowing", 0))
    years, step = Decimal(period.year - last.period.year), Decimal(1)
    if period.quarter:
        years, step = period.quarters_since(last.period) * _QUARTER, _QUARTER
    change = yearly * years - slowing * years * (years - 1) / 2
    change += yearly * step * _NOISE * _drawn(f"{code} {period.code}")
    found = (last.value + change).quantize(last.value, ROUND_HALF_UP)
    return min(found, Decimal(later["most"])) if "most" in later else found


def _final(code: str, value: DemoValue, facts: Mapping[str, Any], newest: int) -> DemoValue:
    """With the next year's value the last one gets the grade that older years have."""
    grade = facts["annual"][-2][-1]
    if value.period.year >= newest or value.grade == grade or value.former:
        return value
    change = Decimal(facts["later"]["yearly"]) * _REVISION * _drawn(f"{code} {value.period.code}F")
    final = (value.value + change).quantize(value.value, ROUND_HALF_UP)
    return DemoValue(
        value.period, final, grade, FormerValue(value.value, value.grade, FINAL_REASON)
    )


def _drawn(seed: str) -> Decimal:
    """Between −1 and 1, always the same for a seed."""
    drawn = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4])
    return Decimal(drawn % 2001 - 1000) / 1000
