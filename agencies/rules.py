"""How many wrong passwords are too many."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol


class Failure(Protocol):
    """A wrong password: for which account (empty: it cannot be one), from where, when."""

    @property
    def account(self) -> str: ...
    @property
    def address(self) -> str | None: ...
    @property
    def device(self) -> str: ...
    @property
    def at(self) -> datetime.datetime: ...


class Limit(NamedTuple):
    """So many failures within so long a time begin a wait of the same time."""

    failures: int
    within: datetime.timedelta

    def counted(self, times: Iterable[datetime.datetime], now: datetime.datetime) -> int:
        return sum(now - self.within < at <= now for at in times)

    def wait_ends(self, times: Iterable[datetime.datetime]) -> datetime.datetime | None:
        """When the wait after the last failure ends; None where they were too few.

        Who waits is not counted, so that a wait ends by itself.
        """
        times = list(times)
        last = max(times, default=None)
        if last is None or self.counted(times, last) < self.failures:
            return None
        return last + self.within


class Counter(Enum):
    """What is counted together."""

    HERE = Limit(5, datetime.timedelta(minutes=15))  # an account at an address
    ACCOUNT = Limit(20, datetime.timedelta(hours=1))  # an account, wherever from
    ADDRESS = Limit(50, datetime.timedelta(minutes=15))  # an address, whatever the account


DEVICE = Limit(10, datetime.timedelta(hours=1))
"""So many failures end the trust in a browser."""
KEPT = 2 * max(counter.value.within for counter in Counter)
"""A wait depends on failures of this time."""


@dataclass(frozen=True)
class Wait:
    """Passwords are not looked at until then."""

    counter: Counter
    ends: datetime.datetime


@dataclass(frozen=True)
class Standing:
    """What the counters say of an account at an address at a moment."""

    waits: tuple[Wait, ...]
    left: int

    def wait(self, *, known: bool) -> Wait | None:
        """What holds the caller back. Who is known is held back only by the own mistakes."""
        binding = (one for one in self.waits if one.counter is Counter.HERE or not known)
        return next(binding, None)

    def has(self, counter: Counter) -> bool:
        return any(one.counter is counter for one in self.waits)


def standing(
    failures: Iterable[Failure], *, account: str, address: str | None, now: datetime.datetime
) -> Standing:
    """Count failures of the time that is kept, in the three ways."""
    of_account = [one for one in failures if one.account == account]
    times = {
        Counter.HERE: [one.at for one in of_account if one.address == address],
        Counter.ACCOUNT: [one.at for one in of_account if account],
        Counter.ADDRESS: [one.at for one in failures if one.address == address],
    }
    ends = ((counter, counter.value.wait_ends(times[counter])) for counter in Counter)
    waits = tuple(Wait(counter, end) for counter, end in ends if end and end > now)
    here = Counter.HERE.value
    return Standing(waits, here.failures - here.counted(times[Counter.HERE], now))
