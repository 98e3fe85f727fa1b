"""Who was on time. Pure.

An item is judged by the day on which it was first handed in and the day on which it was due then:
an extension that was granted before counts, one that was refused or came later does not. What is
handed in after closing, by an unlocking, is late. Back-filled quarters are never late.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class HandInDates:
    """One obligation: the day it was due when it was handed in, or is due; when it came first."""

    due: datetime.date
    first: datetime.date | None
    is_backfill: bool = False


@dataclass(frozen=True, slots=True)
class Punctuality:
    """How many obligations came in time and how many are late, of those that can be judged."""

    on_time: int = 0
    late: int = 0

    @property
    def judged(self) -> int:
        return self.on_time + self.late

    @property
    def percent(self) -> Decimal | None:
        """The on-time rate; None while nothing can be judged."""
        return Decimal(self.on_time) * 100 / self.judged if self.judged else None


def was_on_time(item: HandInDates, today: datetime.date) -> bool | None:
    """None while it is not yet due, and for a back-filled quarter until it is handed in."""
    if item.is_backfill:
        return True if item.first else None
    if item.first is None:
        return None if today <= item.due else False
    return item.first <= item.due


def punctuality(items: Iterable[HandInDates], today: datetime.date) -> Punctuality:
    """The on-time rate of several obligations."""
    answers = [was_on_time(item, today) for item in items]
    return Punctuality(answers.count(True), answers.count(False))


def quarter_was_on_time(found: Punctuality, owed: int) -> bool | None:
    """Whether an agency kept a quarter: one late item breaks it; None while some can still come."""
    if found.late:
        return False
    return True if owed and found.on_time == owed else None
