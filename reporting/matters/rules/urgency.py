"""In which order matters are looked at. Pure.

A matter that is overdue comes first, then one that nobody carries out, then the worse and the more
urgent.
"""

import datetime
from dataclasses import dataclass

LEVELS = ("high", "middle", "low")
"""The levels of the ledger, the worst first."""

Key = tuple[bool, bool, int, datetime.date, datetime.date]
_LAST = datetime.date.max


@dataclass(frozen=True, slots=True)
class Urgency:
    """What says how urgent a matter is; `due_on` is judged against `today`."""

    today: datetime.date
    raised_on: datetime.date
    due_on: datetime.date | None = None
    level: str = ""
    has_handler: bool = True

    @property
    def is_overdue(self) -> bool:
        return self.due_on is not None and self.due_on < self.today


def urgency_key(of: Urgency) -> Key:
    """The key by which matters of a list are sorted."""
    place = LEVELS.index(of.level) if of.level in LEVELS else len(LEVELS)
    return not of.is_overdue, of.has_handler, place, of.due_on or _LAST, of.raised_on
