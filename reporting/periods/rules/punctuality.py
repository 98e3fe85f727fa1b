"""Punctuality of submissions. Pure.

An obligation is judged by the day of its first submission and its due day at that time: an
extension granted before counts, one refused or granted later does not. A submission after closing,
by an unlocking, is late. Backfilled quarters are never late.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class HandInDates:
    """The days that decide on one obligation: due at its first submission, first submitted."""

    due: datetime.date
    first: datetime.date | None
    is_backfill: bool = False


@dataclass(frozen=True, slots=True)
class Punctuality:
    """How many obligations were on time and how many late, of those that can be judged."""

    on_time: int = 0
    late: int = 0

    @property
    def judged(self) -> int:
        return self.on_time + self.late

    @property
    def percent(self) -> Decimal | None:
        """The on-time rate; None while nothing can be judged."""
        return Decimal(self.on_time) * 100 / self.judged if self.judged else None


def was_on_time(obligation: HandInDates, today: datetime.date) -> bool | None:
    """None while it is not yet due; for a backfilled quarter until it is submitted."""
    if obligation.is_backfill:
        return True if obligation.first else None
    if obligation.first is None:
        return None if today <= obligation.due else False
    return obligation.first <= obligation.due


def punctuality(obligations: Iterable[HandInDates], today: datetime.date) -> Punctuality:
    """The on-time rate of several obligations."""
    answers = [was_on_time(obligation, today) for obligation in obligations]
    return Punctuality(answers.count(True), answers.count(False))


def quarter_was_on_time(found: Punctuality, owed: int) -> bool | None:
    """Whether an agency was on time in a quarter; None while some may still come in time.

    One late obligation makes it False.
    """
    if found.late:
        return False
    return True if owed and found.on_time == owed else None
