"""The order in which matters are looked at. Pure.

Overdue matters come first, then those without a handler, then the higher level and the earlier due
date.
"""

import datetime
from dataclasses import dataclass

LEVELS = ("high", "middle", "low")
"""The levels of the ledger, worst first."""

Key = tuple[bool, bool, int, datetime.date, datetime.date]
_LAST = datetime.date.max


@dataclass(frozen=True, slots=True)
class Urgency:
    """What the urgency of a matter depends on; `due_on` is judged against `today`."""

    today: datetime.date
    raised_on: datetime.date
    due_on: datetime.date | None = None
    level: str = ""
    has_handler: bool = True

    @property
    def is_overdue(self) -> bool:
        return self.due_on is not None and self.due_on < self.today


def urgency_key(of: Urgency) -> Key:
    """The sort key of a list of matters."""
    place = LEVELS.index(of.level) if of.level in LEVELS else len(LEVELS)
    return not of.is_overdue, of.has_handler, place, of.due_on or _LAST, of.raised_on
