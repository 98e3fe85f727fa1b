"""The lists of expected failures and the seeded sample."""

import datetime
import subprocess
import sys
import tomllib
from importlib import import_module

import pytest

from tests import selection
from tests.architecture.source import ROOT

NAMES = frozenset(f"tests/test_{number}.py::test" for number in range(100))
CLOCKS = tomllib.loads(selection.LISTS.read_text(encoding="utf-8"))
PROGRAM = """
import pytest

def test_listed():
    assert {fine}

@pytest.mark.parametrize("number", range(9))
def test_other(number):
    pass
"""


@pytest.fixture
def run(tmp_path):
    """Runs a file of ten tests with the plugin, the first one listed as failing in 2028."""

    def call(*options, fine, now="2028-02-29T10:00"):
        (tmp_path / "test_it.py").write_text(PROGRAM.format(fine=fine), encoding="utf-8")
        lists = tmp_path / "lists.toml"
        lists.write_text('"2028-02-29T10:00" = ["test_it.py::test_listed"]', encoding="utf-8")
        start = (
            f"import pathlib, sys, pytest; sys.path.insert(0, {str(ROOT)!r});"
            f"from tests import selection; selection.LISTS = pathlib.Path({str(lists)!r});"
            "sys.exit(pytest.main(sys.argv[1:], [selection]))"
        )
        return subprocess.run(
            [sys.executable, "-c", start, "-q", "-p", "no:django", "-p", "no:cacheprovider",
             *options], cwd=tmp_path, capture_output=True, text=True, check=False,
            env={"KAIFU_TEST_NOW": now},
        )  # fmt: skip

    return call


def test_a_listed_test_may_fail_at_its_clock_only(run):
    assert "9 passed, 1 xfailed" in run(fine=False).stdout
    assert "1 failed, 9 passed" in run(fine=False, now="2028-03-01T10:00").stdout


def test_a_listed_test_that_passes_fails_the_run(run):
    done = run(fine=True)
    assert "1 failed, 9 passed" in done.stdout
    assert "[XPASS(strict)]" in done.stdout
    assert done.returncode == 1


def test_a_sample_leaves_out_what_is_listed(run):
    assert "9 passed, 1 deselected" in run("--sample", "20", "--seed", "a", fine=True).stdout
    assert "4 passed, 6 deselected" in run("--sample", "4", "--seed", "a", fine=True).stdout


def test_a_sample_is_that_of_its_seed():
    first = selection.sample(NAMES, 10, "one")
    assert len(first) == 10
    assert first == selection.sample(sorted(NAMES, reverse=True), 10, "one")
    assert first != selection.sample(NAMES, 10, "two")


def test_another_test_changes_a_sample_by_one_at_most():
    first = selection.sample(NAMES, 10, "one")
    for number in range(100, 150):
        more = selection.sample(NAMES | {f"tests/test_{number}.py::test"}, 10, "one")
        assert len(first & more) >= 9


@pytest.mark.parametrize("clock", CLOCKS)
def test_each_clock_is_a_moment_and_each_listed_test_is_there(clock):
    assert f"{datetime.datetime.fromisoformat(clock):%Y-%m-%dT%H:%M}" == clock
    for name in CLOCKS[clock]:
        path, *names = name.partition("[")[0].split("::")
        found = import_module(path.removesuffix(".py").replace("/", "."))
        for part in names:  # a class may have its tests from another
            found = getattr(found, part, None)
        assert callable(found), name
