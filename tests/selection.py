"""Pytest plugin: what a run with a moved clock may fail, and a sample of what it does not.

`--sample N --seed TEXT` keeps N tests: the same for a seed, whatever else there is.
"""

import datetime
import hashlib
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.clock import start_of_run

LISTS = Path(__file__).with_name("expected_failures.toml")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("selection")
    group.addoption("--sample", type=int, metavar="N", help="run only N tests, chosen by the seed")
    group.addoption("--seed", default="", metavar="TEXT", help="chooses the sample")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    listed = expected_failures(start_of_run())
    fails = pytest.mark.xfail(strict=True, reason="listed in tests/expected_failures.toml")
    for item in items:
        if item.nodeid in listed:
            item.add_marker(fails)
    count = config.getoption("sample")
    if count is not None:
        kept = sample({item.nodeid for item in items} - listed, count, config.getoption("seed"))
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in kept])
        items[:] = [item for item in items if item.nodeid in kept]


def expected_failures(start: datetime.datetime) -> frozenset[str]:
    """Tests that fail in a run that starts at this moment; none for a moment without a list."""
    lists: dict[str, list[str]] = tomllib.loads(LISTS.read_text(encoding="utf-8"))
    return frozenset(lists.get(f"{start:%Y-%m-%dT%H:%M}", ()))


def sample(names: Iterable[str], count: int, seed: str) -> frozenset[str]:
    """Those whose hash with the seed is smallest: one test more changes at most one of them."""
    return frozenset(sorted(names, key=lambda name: _lot(seed, name))[:count])


def _lot(seed: str, name: str) -> bytes:
    return hashlib.sha256(f"{seed} {name}".encode()).digest()
