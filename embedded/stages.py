"""Stages of scripts/test: checks of the source, runs of pytest, and their count together."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from embedded.virtualenv import ROOT

NO_SERVERS = {
    "DJANGO_SECRET_KEY": "only-for-checks-of-the-source",
    "DATABASE_URL": "postgresql://nobody@/none?host=/nonexistent",
    "CELERY_BROKER_URL": "redis+socket:///nonexistent",
}


@dataclass
class Tally:
    """Tests over all stages; a check that is not a test counts only when it fails."""

    passed: int = 0
    failed: int = 0
    seconds: dict[str, float] = field(default_factory=dict, compare=False)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Add what the block takes to the time of its stage."""
        started = time.monotonic()
        try:
            yield
        finally:
            spent = time.monotonic() - started
            self.seconds[name] = self.seconds.get(name, 0) + spent

    def times(self) -> str:
        """Where the time went, such as `tests 7:40, browser tests 6:05, together 13:45`."""
        spent = self.seconds | {"together": sum(self.seconds.values())}
        stages = ((name, *divmod(round(seconds), 60)) for name, seconds in spent.items())
        return ", ".join(f"{name} {minutes}:{left:02}" for name, minutes, left in stages)

    def line(self) -> str:
        return f"{self.passed} passed, {self.failed} failed"


# They come as programs without a module of Python.
OXFMT, OXLINT = (str(Path(sys.executable).with_name(name)) for name in ("oxfmt", "oxlint"))


def source_checks() -> Iterator[tuple[str, list[str]]]:
    """Name and command of each check; a module or file is run by this Python."""
    yield "ruff check", ["-m", "ruff", "check", "."]
    yield "ruff format", ["-m", "ruff", "format", "--check", "."]
    yield "mypy", ["-m", "mypy", "."]
    yield "djlint", ["-m", "djlint", "templates", "--check", "--lint", "--quiet"]
    yield "oxfmt", [OXFMT, "--check", "static/css", "static/js"]
    yield "oxlint", [OXLINT, "static/js"]
    yield "import layers", ["-c", "import importlinter.cli as c; c.lint_imports_command()"]
    yield "migrations", ["manage.py", "makemigrations", "--check", "--dry-run"]


def source_stage(tally: Tally) -> None:
    """All checks of the source, at once: the slowest alone decides how long it takes."""
    with tally.timed("source"):
        running = [(name, _begin(command)) for name, command in source_checks()]
        for name, process in running:
            _end(name, process, tally)


def check(name: str, command: Sequence[str], tally: Tally) -> None:
    """Run one check of the source, which needs no server."""
    _end(name, _begin(command), tally)


def _begin(command: Sequence[str]) -> subprocess.Popen[str]:
    python = [] if command[0] in {OXFMT, OXLINT} else [sys.executable, "-W", "ignore"]
    return subprocess.Popen(
        [*python, *command],
        cwd=ROOT,
        env=os.environ | NO_SERVERS,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _end(name: str, process: subprocess.Popen[str], tally: Tally) -> None:
    output, _ = process.communicate()
    print(f"{name}: {'FAILED' if process.returncode else 'ok'}", flush=True)
    if process.returncode:
        print(output, flush=True)
        tally.failed += 1


def run_pytest(
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
