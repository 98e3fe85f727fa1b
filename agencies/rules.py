"""Limits on wrong passwords. Pure."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol


class FailureRecord(Protocol):
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
    """A number of failures within a period; reaching it starts a wait of the same length."""

    failures: int
    within: datetime.timedelta

    def counted(self, times: Iterable[datetime.datetime], now: datetime.datetime) -> int:
        return sum(now - self.within < at <= now for at in times)

    def wait_ends(self, times: Iterable[datetime.datetime]) -> datetime.datetime | None:
        """When the wait after the last failure ends; None if there were too few failures.

        Attempts during a wait are not counted, so that it ends by itself.
        """
        times = list(times)
        last = max(times, default=None)
        if last is None or self.counted(times, last) < self.failures:
            return None
        return last + self.within


class FailureCounter(Enum):
    """What is counted together."""

    HERE = Limit(5, datetime.timedelta(minutes=15))  # an account at an address
    ACCOUNT = Limit(20, datetime.timedelta(hours=1))  # an account, wherever from
    ADDRESS = Limit(50, datetime.timedelta(minutes=15))  # an address, whatever the account


DEVICE = Limit(10, datetime.timedelta(hours=1))
"""So many failures end the trust in a browser."""
KEPT = 2 * max(counter.value.within for counter in FailureCounter)
"""A wait depends on failures of this time."""


@dataclass(frozen=True)
class Wait:
    """Until then no password is checked."""

    counter: FailureCounter
    ends: datetime.datetime


@dataclass(frozen=True)
class LockoutStatus:
    """Which waits hold for an account at an address, at a given moment."""

    waits: tuple[Wait, ...]
    left: int

    def wait(self, *, known: bool) -> Wait | None:
        """What holds the caller back. Who is known is held back only by the own mistakes."""
        binding = (one for one in self.waits if one.counter is FailureCounter.HERE or not known)
        return next(binding, None)

    def has(self, counter: FailureCounter) -> bool:
        return any(one.counter is counter for one in self.waits)


def lockout_status(
    failures: Iterable[FailureRecord], *, account: str, address: str | None, now: datetime.datetime
) -> LockoutStatus:
    """Count failures of the time that is kept, in the three ways."""
    of_account = [one for one in failures if one.account == account]
    times = {
        FailureCounter.HERE: [one.at for one in of_account if one.address == address],
        FailureCounter.ACCOUNT: [one.at for one in of_account if account],
        FailureCounter.ADDRESS: [one.at for one in failures if one.address == address],
    }
    ends = ((counter, counter.value.wait_ends(times[counter])) for counter in FailureCounter)
    waits = tuple(Wait(counter, end) for counter, end in ends if end and end > now)
    here = FailureCounter.HERE.value
    return LockoutStatus(waits, here.failures - here.counted(times[FailureCounter.HERE], now))
