"""What holds for every test."""

import pytest
import time_machine
from pytest_socket import socket_allow_hosts

from tests.clock import CLOCK, OF_2026Q3

THIS_MACHINE = ["127.0.0.1", "::1", "localhost"]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """No test reaches beyond this machine."""
    socket_allow_hosts(THIS_MACHINE, allow_unix_socket=True)


@pytest.fixture(autouse=True, scope="session")
def _files_are_as_old_as_the_machine_says():
    """A file is written at the machine's time, whatever the clock of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("common.files.store", "common.registers.uploads"):
            patch.setattr(f"{module}.time", time_machine.escape_hatch.time)
        yield


@pytest.fixture(autouse=True)
def _nothing_kept():
    """A version of the data means other data in another test."""
    from django.core.cache import caches

    caches["made"].clear()


@pytest.fixture
def of_2026q3(clock):
    """For a test that names quarters: 2026Q3 is the last one, whatever the clock of the run."""
    clock.move_to(OF_2026Q3)


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker):
    """The published plan with the demonstration set, loaded once for all tests of a file.

    The file runs on the set's own day, whatever the clock of the run. Each test of such a file is
    marked `django_db`, and takes back what it wrote.
    """
    from django.core.management import call_command

    from demo import services as demo
    from setup import services as setup

    with CLOCK.kept():
        CLOCK.move_to(OF_2026Q3)
        with django_db_blocker.unblock():
            setup.load_plan(by=None)
            demo.load()
        yield
        with django_db_blocker.unblock():
            call_command("flush", interactive=False, verbosity=0)
