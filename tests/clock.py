"""Pytest plugin: tests run on the run's clock, whatever day the machine has.

The clock starts at BASE, or at the moment in KAIFU_TEST_NOW, and ticks. Processes that a test
starts with tests.settings follow it.
"""

import datetime
import os
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine

ZONE = ZoneInfo("Asia/Shanghai")
BASE = "2026-11-30T09:00"
OF_2026Q3 = datetime.date(2026, 11, 30)
"""The day of the demonstration and of tests that name quarters."""
MORNING = datetime.time(9)
# A file of tests that began later than this before midnight could see two days.
EVENING = datetime.timedelta(minutes=5)
NOW = "KAIFU_TEST_NOW"
AHEAD = "KAIFU_TEST_CLOCK_AHEAD"


def start_of_run() -> datetime.datetime:
    return datetime.datetime.fromisoformat(os.environ.get(NOW, BASE)).replace(tzinfo=ZONE)


class Clock:
    """Seconds that this process and those it starts are ahead of the machine's clock."""

    def __init__(self) -> None:
        self._traveller: time_machine.Traveller | None = None
        self.ahead = 0.0

    def move_to(self, moment: datetime.date) -> None:
        """Tick on from another moment; a day without a time means its morning."""
        if not isinstance(moment, datetime.datetime):
            moment = datetime.datetime.combine(moment, MORNING)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=ZONE)
        self.be_ahead(moment.timestamp() - self._of_machine())

    def move_by(self, delta: datetime.timedelta) -> None:
        self.be_ahead(self.ahead + delta.total_seconds())

    def be_ahead(self, seconds: float) -> None:
        self.ahead = seconds
        os.environ[AHEAD] = repr(seconds)
        self._travelling().move_to(self._of_machine() + seconds)
        time.time()  # a traveller ticks from when it is first asked

    def _of_machine(self) -> float:
        self._travelling()
        return time_machine.escape_hatch.time.time()

    def _travelling(self) -> time_machine.Traveller:
        if self._traveller is None:
            self._traveller = time_machine.travel(None).start()
        return self._traveller

    @contextmanager
    def kept(self) -> Iterator["Clock"]:
        """Moves inside end with the block."""
        before = self.ahead
        try:
            yield self
        finally:
            self.be_ahead(before)


CLOCK = Clock()


def follow() -> None:
    """In a process that a test started: the clock of that test."""
    if AHEAD in os.environ:
        CLOCK.be_ahead(float(os.environ[AHEAD]))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    CLOCK.move_to(start_of_run())
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A day does not end within a run: a file that would see midnight starts as the run did."""
    if _file.get("now") != item.path:
        _file["now"] = item.path
        now = datetime.datetime.now(ZONE)
        if now.date() != (now + EVENING).date() or now.date() != start_of_run().date():
            CLOCK.move_to(start_of_run())


_file: dict[str, Path] = {}


@pytest.fixture
def clock() -> Iterator[Clock]:
    """For a test that needs another moment: `clock.move_to(day)`, `clock.move_by(delta)`."""
    with CLOCK.kept():
        yield CLOCK
