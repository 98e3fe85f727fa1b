"""scripts/test: everything that must hold, on real servers, ending with the number of tests."""

import os
import random
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from embedded import chromium, virtualenv
from embedded.clean_install import clean_install_stage
from embedded.errors import SetupError
from embedded.stages import Tally, run_pytest, source_stage
from embedded.virtualenv import ROOT

FLOOR = Path("/usr/lib/postgresql/15/bin")
FLOOR_PACKAGES = ("postgresql-15", "redis-server")
PROXY_PACKAGES = ("nginx-light", "openssl")
TWO_AT_ONCE = ("-n", "2", "--dist", "loadgroup")
# Who drives a browser waits most of the time: for it, for the server, for a session to end.
THREE_AT_ONCE = ("-n", "3", "--dist", "loadgroup")
# What differs between the servers shows where the stories run; the rules are the same on both.
# Of the stories those marked any_server make no demand on a server that another does not make.
SERVED = ("tests/workflow", "tests/fault", "tests/unit/demo")
SOURCE, LONG = "--source", "--long"
SAMPLE, SERVED_SAMPLE = 200, 120
"""Tests that CI takes of those that pass with the clock moved, and of those on the oldest servers;
the long run takes all.
"""
EXPECTED_FAILURES = ROOT / "tests" / "expected_failures.toml"
EVERY_FORM = "tests/browser/test_typed.py"
FUZZED = "tests/fuzz"
FUZZ_REQUESTS = "10000"
USAGE = """usage: scripts/test [--long | PYTEST ARGUMENTS]

Without arguments: lint, format, types, layers, migrations, then all tests on a PostgreSQL and a
broker of their own and in a real Chromium. With arguments: just those tests, e.g.
    scripts/test tests/unit/targets
    scripts/test -k trajectory
--long: what takes an hour and more: the branches of rules, policies and services that the tests
reach, the tests without a browser on each of the moved clocks, the locks installed from nothing,
the exhaustive fuzz, all stories on the oldest servers.
CI=true: a missing Chromium is a failure; a sample of the tests runs with the clock moved, and
a sample of the stories and faults runs once more on PostgreSQL 15 and redis-server.
scripts/check runs lint, format, types, layers and migrations alone."""


def main(arguments: Sequence[str]) -> int:
    if arguments and arguments[0] in {"-h", "--help"}:
        print(USAGE)
        return 0
    tally = Tally()
    try:
        virtualenv.enter([virtualenv.DEVELOPMENT], "embedded.suite", arguments)
        _run(list(arguments), tally)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        tally.failed += 1
    sys.stderr.flush()
    if tally.seconds:
        print(f"\n{tally.times()}")
    print(tally.line(), flush=True)
    return 1 if tally.failed or not tally.passed else 0


def _run(arguments: list[str], tally: Tally) -> None:
    if arguments == [SOURCE]:
        source_stage(tally)
    elif arguments == [LONG]:
        long_run(tally)
    elif arguments:
        run_pytest("tests", arguments, tally)
    else:
        everything(tally, in_ci=os.environ.get("CI") == "true")


def everything(tally: Tally, *, in_ci: bool) -> None:
    """All checks and stages; a failure does not keep the later ones from running."""
    source_stage(tally)
    if in_ci and not shutil.which("nginx"):
        install(PROXY_PACKAGES)
    run_pytest("tests", [*TWO_AT_ONCE, "-m", "not browser", "tests"], tally)
    browser_stage(tally, in_ci=in_ci)
    if in_ci:
        sample_stage(tally)
        oldest_servers_stage(tally, *_sampled(SERVED_SAMPLE, _commit()))


def long_run(tally: Tally) -> None:
    """What does not fit into CI; the figures of the last one stand in docs/testing.md."""
    without_browser = [*TWO_AT_ONCE, "-m", "not browser", "tests"]
    run_pytest("branch coverage", [*without_browser, "--cov"], tally)
    for clock in moved_clocks():
        run_pytest(clock, without_browser, tally, {"KAIFU_TEST_NOW": clock})
    if not missing_for_browser():
        run_pytest("every form", [EVERY_FORM], tally, {"KAIFU_EVERY_FORM": "1"})
    run_pytest("fuzz", [FUZZED], tally, {"KAIFU_FUZZ_REQUESTS": FUZZ_REQUESTS})
    oldest_servers_stage(tally)
    clean_install_stage(tally)


def sample_stage(tally: Tally) -> None:
    """Some of the tests with the clock moved; the commit decides which, and how far."""
    commit = _commit()
    chance = random.Random(commit)  # noqa: S311 no secret
    passing = [clock for clock, failures in moved_clocks().items() if not failures]
    clock = chance.choice(passing)
    arguments = ["-n", "2", *_sampled(SAMPLE, commit), "tests/unit"]
    run_pytest(f"sample at {clock}", arguments, tally, {"KAIFU_TEST_NOW": clock})


def _commit() -> str:
    command = ["git", "rev-parse", "HEAD"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return found.stdout.strip()


def _sampled(count: int, seed: str) -> tuple[str, str]:
    return (f"--sample={count}", f"--seed={seed}")


def moved_clocks() -> dict[str, list[str]]:
    """The moments that tests are moved to, each with the list of what still fails there."""
    return tomllib.loads(EXPECTED_FAILURES.read_text(encoding="utf-8"))


def browser_stage(tally: Tally, *, in_ci: bool) -> None:
    missing = missing_for_browser()
    if missing and install(missing):
        missing = missing_for_browser()
    if not missing:
        run_pytest("browser tests", [*THREE_AT_ONCE, "-m", "browser", "tests"], tally)
        return
    sentence = f"missing {' and '.join(missing)}; install them, or set CHROMIUM to the program"
    if in_ci:
        raise SetupError(f"The browser tests cannot run: {sentence}.")
    print(f"\n{'!' * 78}\nTHE BROWSER TESTS WERE SKIPPED: {sentence}.\n{'!' * 78}\n", flush=True)


def install(packages: Sequence[str]) -> bool:
    """Where this user may; says so."""
    if not chromium.can_install():
        return False
    print(f"\ninstalling {' '.join(packages)} …", flush=True)
    return chromium.install(packages)


def missing_for_browser() -> list[str]:
    """Debian's names of what is not there."""
    browser, font, fontconfig = chromium.PACKAGES
    missing = [] if chromium.find_chromium() else [browser]
    return missing if chromium.has_chinese_font() else [*missing, font, fontconfig]


def oldest_servers_stage(tally: Tally, *chosen: str) -> None:
    """The oldest servers of production: the system's PostgreSQL 15 and redis-server."""
    ready = (FLOOR / "postgres").exists() and shutil.which("redis-server")
    if not ready and install(FLOOR_PACKAGES):
        ready = (FLOOR / "postgres").exists() and shutil.which("redis-server")
    if not ready:
        raise SetupError(f"The tests on the oldest servers need {' and '.join(FLOOR_PACKAGES)}.")
    environment = {"KAIFU_PREFER_SYSTEM": "1", "KAIFU_POSTGRES_BIN": str(FLOOR)}
    arguments = [*THREE_AT_ONCE, "-m", "not browser and not any_server", *chosen, *SERVED]
    run_pytest("tests on PostgreSQL 15 and redis-server", arguments, tally, environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
