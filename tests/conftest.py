"""What holds for every test."""

import pytest
from pytest_socket import socket_allow_hosts

THIS_MACHINE = ["127.0.0.1", "::1", "localhost"]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """No test reaches beyond this machine."""
    socket_allow_hosts(THIS_MACHINE, allow_unix_socket=True)
