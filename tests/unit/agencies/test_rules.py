"""How many wrong passwords are too many, counted in three ways."""

import datetime
from typing import NamedTuple

import pytest

from agencies.rules import KEPT, FailureCounter, lockout_status

NOW = datetime.datetime(2026, 11, 22, 9, 0, tzinfo=datetime.UTC)
HERE = "192.0.2.7"


class Wrong(NamedTuple):
    account: str
    address: str | None
    at: datetime.datetime
    device: str = ""


def before(minutes):
    return NOW - datetime.timedelta(minutes=minutes)


def wrong(count, account="ld", address=HERE, minutes=1):
    return [Wrong(account, address, before(minutes))] * count


def found(failures, account="ld", address=HERE):
    return lockout_status(failures, account=account, address=address, now=NOW)


def counters(failures, **more):
    return {wait.counter for wait in found(failures, **more).waits}


def test_five_at_one_address_wait_a_quarter_of_an_hour_after_the_last():
    assert found(wrong(4)).waits == ()
    assert found(wrong(4)).left == 1
    stand = found([*wrong(4, minutes=14), *wrong(1, minutes=3)])
    assert stand.wait(known=True).ends == before(3) + datetime.timedelta(minutes=15)
    assert found(wrong(5, minutes=15)).waits == ()
    assert found(wrong(5, minutes=15)).left == 5


def test_failures_further_apart_than_the_time_are_not_added_up():
    assert counters([*wrong(4, minutes=16), *wrong(1, minutes=1)]) == set()
    assert counters([*wrong(4, minutes=15), *wrong(1, minutes=1)]) == {FailureCounter.HERE}


def test_what_is_counted_elsewhere_or_of_others_does_not_hold_back():
    elsewhere = wrong(5, address="198.51.100.1")
    assert counters(elsewhere) == set()
    assert counters(wrong(49, account="jtj_a")) == set()


def test_twenty_wherever_from_hold_back_whoever_is_not_known():
    spread = [one for n in range(20) for one in wrong(1, address=f"198.51.100.{n}", minutes=3 * n)]
    assert counters(spread[:19]) == set()
    stand = found(spread)
    assert stand.wait(known=True) is None
    assert stand.wait(known=False).counter is FailureCounter.ACCOUNT
    assert stand.wait(known=False).ends == NOW + datetime.timedelta(hours=1)
    assert counters(wrong(20, address="198.51.100.1", minutes=60)) == set()


def test_fifty_at_one_address_hold_back_whoever_is_not_known():
    many = [one for n in range(50) for one in wrong(1, account=f"user{n}")]
    assert counters(many[:49]) == set()
    stand = found(many)
    assert stand.wait(known=True) is None
    assert stand.wait(known=False).counter is FailureCounter.ADDRESS
    assert stand.wait(known=False).ends == before(1) + datetime.timedelta(minutes=15)


def test_callers_without_an_address_are_counted_among_themselves():
    assert counters(wrong(5, address=None), address=None) == {FailureCounter.HERE}
    assert counters(wrong(5, address=None)) == set()
    assert counters(wrong(5), address=None) == set()


def test_what_cannot_be_an_account_is_no_account_together():
    typed = [one for n in range(20) for one in wrong(1, account="", address=f"198.51.100.{n}")]
    assert counters(typed, account="") == set()


@pytest.mark.parametrize("counter", FailureCounter)
def test_what_is_kept_is_enough_for_every_wait(counter):
    assert 2 * counter.value.within <= KEPT
