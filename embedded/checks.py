"""scripts/test: everything that must hold, on real servers, ending with the number of tests."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from embedded import chromium, virtualenv
from embedded.errors import SetupError
from embedded.virtualenv import ROOT

FLOOR = Path("/usr/lib/postgresql/15/bin")
FLOOR_PACKAGES = ("postgresql-15", "redis-server")
TWO_AT_ONCE = ("-n", "2", "--dist", "loadgroup")
# Who drives a browser waits most of the time: for it, for the server, for a session to end.
THREE_AT_ONCE = ("-n", "3", "--dist", "loadgroup")
# What differs between the servers shows where the stories run; the rules are the same on both.
# Of the stories those marked any_server make no demand on a server that another does not make.
SERVED = ("tests/workflow", "tests/fault", "tests/unit/demo")
NO_SERVERS = {
    "DJANGO_SECRET_KEY": "only-for-checks-of-the-source",
    "DATABASE_URL": "postgresql://nobody@/none?host=/nonexistent",
    "CELERY_BROKER_URL": "redis+socket:///nonexistent",
}
USAGE = """usage: scripts/test [PYTEST ARGUMENTS]

Without arguments: lint, format, types, layers, migrations, then all tests on a PostgreSQL and a
broker of their own and in a real Chromium. With arguments: just those tests, e.g.
    scripts/test tests/unit/targets
    scripts/test -k trajectory
CI=true: a missing Chromium is a failure, and the stories and faults run once more on the system's
PostgreSQL 15 and redis-server."""


@dataclass
class Tally:
    """Tests over all legs; a check that is not a test counts only when it fails."""

    passed: int = 0
    failed: int = 0
    seconds: dict[str, float] = field(default_factory=dict, compare=False)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Add what the block takes to the time of its leg."""
        started = time.monotonic()
        try:
            yield
        finally:
            spent = time.monotonic() - started
            self.seconds[name] = self.seconds.get(name, 0) + spent

    def times(self) -> str:
        """Where the time went, such as `tests 7:40, browser tests 6:05, together 13:45`."""
        spent = self.seconds | {"together": sum(self.seconds.values())}
        legs = ((name, *divmod(round(seconds), 60)) for name, seconds in spent.items())
        return ", ".join(f"{name} {minutes}:{left:02}" for name, minutes, left in legs)

    def line(self) -> str:
        return f"{self.passed} passed, {self.failed} failed"


def main(arguments: Sequence[str]) -> int:
    if arguments and arguments[0] in {"-h", "--help"}:
        print(USAGE)
        return 0
    tally = Tally()
    try:
        virtualenv.enter([virtualenv.DEVELOPMENT], "embedded.checks", arguments)
        if arguments:
            leg("tests", arguments, tally)
        else:
            everything(tally, in_ci=os.environ.get("CI") == "true")
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        tally.failed += 1
    sys.stderr.flush()
    if tally.seconds:
        print(f"\n{tally.times()}")
    print(tally.line(), flush=True)
    return 1 if tally.failed or not tally.passed else 0


def everything(tally: Tally, *, in_ci: bool) -> None:
    """All checks and legs; a failure does not keep the later ones from running."""
    with tally.timed("source"):
        for name, command in source_checks():
            check(name, command, tally)
    leg("tests", [*TWO_AT_ONCE, "-m", "not browser", "tests"], tally)
    browser_leg(tally, in_ci=in_ci)
    if in_ci:
        floor_leg(tally)


def source_checks() -> Iterator[tuple[str, list[str]]]:
    yield "ruff check", ["-m", "ruff", "check", "."]
    yield "ruff format", ["-m", "ruff", "format", "--check", "."]
    yield "mypy", ["-m", "mypy", "."]
    yield "import layers", ["-c", "import importlinter.cli as c; c.lint_imports_command()"]
    yield "migrations", ["manage.py", "makemigrations", "--check", "--dry-run"]


def check(name: str, command: Sequence[str], tally: Tally) -> None:
    """Run one check of the source, which needs no server."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *command],
        cwd=ROOT,
        env=os.environ | NO_SERVERS,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - started
    print(f"{name}: {'FAILED' if done.returncode else 'ok'} ({seconds:.0f} s)", flush=True)
    if done.returncode:
        print(done.stdout, flush=True)
        tally.failed += 1


def leg(
    name: str, arguments: Sequence[str], tally: Tally, environment: Mapping[str, str] | None = None
) -> None:
    """One run of pytest, counted by its own report."""
    print(f"\n=== {name}", flush=True)
    with tally.timed(name), tempfile.TemporaryDirectory(prefix="kaifu-report-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", f"--junitxml={report}", *arguments]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | (environment or {}),
            stdin=subprocess.DEVNULL,
            check=False,
        )
        passed, failed = count(report)
    tally.passed += passed
    tally.failed += failed
    if done.returncode and not failed:
        print(f"{name}: pytest ended with {done.returncode}", flush=True)
        tally.failed += 1


def count(report: Path) -> tuple[int, int]:
    """Passed and failed tests of a JUnit report; an error in a fixture is a failure."""
    if not report.exists():
        return 0, 0
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))  # noqa: S314 our own file

    def total(kind: str) -> int:
        return sum(int(suite.get(kind, "0")) for suite in suites)

    failed = total("failures") + total("errors")
    return max(total("tests") - failed - total("skipped"), 0), failed


def browser_leg(tally: Tally, *, in_ci: bool) -> None:
    missing = missing_for_browser()
    if missing and chromium.can_install():
        print(f"\ninstalling {' '.join(missing)} …", flush=True)
        chromium.install(missing)
        missing = missing_for_browser()
    if not missing:
        leg("browser tests", [*THREE_AT_ONCE, "-m", "browser", "tests"], tally)
        return
    sentence = f"missing {' and '.join(missing)}; install them, or set CHROMIUM to the program"
    if in_ci:
        raise SetupError(f"The browser tests cannot run: {sentence}.")
    print(f"\n{'!' * 78}\nTHE BROWSER TESTS WERE SKIPPED: {sentence}.\n{'!' * 78}\n", flush=True)


def missing_for_browser() -> list[str]:
    """Debian's names of what is not there."""
    browser, font, fontconfig = chromium.PACKAGES
    missing = [] if chromium.find_chromium() else [browser]
    return missing if chromium.has_chinese_font() else [*missing, font, fontconfig]


def floor_leg(tally: Tally) -> None:
    """The oldest servers of production: the system's PostgreSQL 15 and redis-server."""
    ready = (FLOOR / "postgres").exists() and shutil.which("redis-server")
    if not ready and chromium.can_install():
        print(f"\ninstalling {' '.join(FLOOR_PACKAGES)} …", flush=True)
        chromium.install(FLOOR_PACKAGES)
        ready = (FLOOR / "postgres").exists() and shutil.which("redis-server")
    if not ready:
        raise SetupError(f"The tests on the oldest servers need {' and '.join(FLOOR_PACKAGES)}.")
    environment = {"KAIFU_PREFER_SYSTEM": "1", "KAIFU_POSTGRES_BIN": str(FLOOR)}
    arguments = [*THREE_AT_ONCE, "-m", "not browser and not any_server", *SERVED]
    leg("tests on PostgreSQL 15 and redis-server", arguments, tally, environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
