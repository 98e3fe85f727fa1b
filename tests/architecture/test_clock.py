"""The tests' own clock: the same in every process, and nothing beside it moves a day."""

import datetime
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.utils import timezone

from tests import clock as plugin
from tests.clock import CLOCK, ZONE

ROOT = Path(__file__).resolve().parents[2]
DAY = datetime.date(2033, 5, 6)
PROGRAM = "import django, time; django.setup(); print(time.time())"
REPLACED = re.compile(r"""(patch|setattr)[^\n]*\b(localdate|timezone\.now|datetime|time\.time)\b""")


def test_a_run_has_a_day_of_its_own():
    assert timezone.localdate() == plugin.start_of_run().date()


def test_a_moved_clock_ticks_on_and_comes_back():
    before = timezone.localdate()
    with CLOCK.kept() as clock:
        clock.move_to(DAY)
        assert timezone.localtime().isoformat().startswith("2033-05-06T09:00:0")
        clock.move_by(datetime.timedelta(days=1, hours=15))
        first = timezone.now()
        assert timezone.localdate() == datetime.date(2033, 5, 8)
        time.sleep(0.01)
        assert timezone.now() - first >= datetime.timedelta(milliseconds=10)
    assert timezone.localdate() == before


@pytest.mark.parametrize("text", ["2028-02-29T10:00", "2026-12-31T23:50"])
def test_a_run_is_moved_by_its_variable(monkeypatch, text):
    monkeypatch.setenv(plugin.NOW, text)
    assert plugin.start_of_run().isoformat() == f"{text}:00+08:00"


def test_a_process_of_a_test_has_its_clock(clock):
    clock.move_to(DAY)
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    said = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, capture_output=True, check=True
    ).stdout
    assert abs(float(said) - time.time()) < 60


@pytest.mark.parametrize(
    ("moment", "wound_back"),
    [("2026-12-31T23:54", False), ("2026-12-31T23:56", True), ("2027-01-01T00:03", True)],
)
def test_a_file_does_not_begin_shortly_before_midnight(
    monkeypatch, clock, request, moment, wound_back
):
    monkeypatch.setenv(plugin.NOW, "2026-12-31T23:50")
    clock.move_to(datetime.datetime.fromisoformat(moment))
    monkeypatch.setattr(plugin, "_file", {})
    plugin.pytest_runtest_setup(request.node)
    wanted = "2026-12-31T23:50" if wound_back else moment
    assert datetime.datetime.now(ZONE).isoformat().startswith(wanted)


def test_nothing_replaces_the_day_or_the_moment():
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("*.py")
        if path != Path(__file__) and REPLACED.search(path.read_text(encoding="utf-8"))
    }
    assert found == set()
