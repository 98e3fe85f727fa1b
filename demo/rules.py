"""Derives the quarters of the demonstration projects from their present state. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from common.quarters import Period

WHOLE = Decimal(1)


@dataclass(frozen=True)
class ProjectQuarter:
    """The state of a project at the end of a quarter; money in 万元, works in %."""

    period: Period
    status: str
    invested_wan: Decimal | None
    works_percent: Decimal | None
    started_on: str
    completed_on: str
    expected_on: str
    problems: str


def project_quarters(
    facts: Mapping[str, Any], quarters: tuple[Period, ...]
) -> Iterator[ProjectQuarter]:
    """Straight from the start to the present (or to completion); nothing after a cancellation."""
    last = quarters[-1]
    start = _quarter(facts["started_on"])
    end = _quarter(facts["completed_on"]) or last
    for period in quarters:
        cancelled = facts["status"] == "cancelled"
        done = bool(facts["completed_on"]) and _index(period) >= _index(end)
        begun = start is not None and _index(period) >= _index(start)
        share = _share(start, end, period) if begun and start else Decimal(0)
        yield ProjectQuarter(
            period=period,
            status=_status(facts, period, last=last, begun=begun, done=done),
            invested_wan=None if cancelled else _part(facts["invested_wan"], share, WHOLE),
            works_percent=None if cancelled else _part(facts["works_percent"], share, WHOLE),
            started_on=facts["started_on"] if begun else "",
            completed_on=facts["completed_on"] if done else "",
            expected_on="" if done else facts["expected_on"],
            problems=facts["problems"] if period == last else "",
        )


def _status(
    facts: Mapping[str, Any], period: Period, *, last: Period, begun: bool, done: bool
) -> str:
    if facts["status"] == "cancelled":
        return "cancelled" if period == last else "not_started"
    if done:
        return "completed"
    if period.code in facts.get("suspended", ()):
        return "suspended"
    return "under_way" if begun else "not_started"


def _share(start: Period, end: Period, period: Period) -> Decimal:
    length = max(_index(end) - _index(start), 1)
    return min(Decimal(_index(period) - _index(start) + 1) / (length + 1), Decimal(1))


def _part(amount: str | None, share: Decimal, step: Decimal) -> Decimal | None:
    return None if amount is None else (Decimal(amount) * share).quantize(step, ROUND_HALF_UP)


def _quarter(month: str) -> Period | None:
    if not month:
        return None
    year, _, number = month.partition("-")
    return Period(int(year), (int(number) + 2) // 3)


def _index(period: Period) -> int:
    return period.year * 4 + (period.quarter or 4)
