import os
import signal
import sys

import pytest

from embedded.guardian import Guardian
from embedded.processes import alive, start, wait_until

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
NOTES_ITS_END = """
import signal, sys, time
def end(*_):
    with open(sys.argv[1], "a") as notes:
        notes.write(sys.argv[2])
    sys.exit()
signal.signal(signal.SIGTERM, end)
open(sys.argv[1] + sys.argv[2], "w").close()
time.sleep(60)
"""


@pytest.fixture
def guardian():
    one = Guardian()
    yield one
    one.dismiss()


def test_it_stops_what_is_left_when_its_input_closes(guardian):
    left = start(SLEEPER)
    guardian.watch(left.pid, signal.SIGTERM, stage=0, grace=5)
    guardian.dismiss()
    assert left.wait(5) == -signal.SIGTERM


def test_it_leaves_alone_what_it_was_told_to_forget(guardian):
    kept = start(SLEEPER)
    guardian.watch(kept.pid, signal.SIGTERM, stage=0, grace=5)
    guardian.forget(kept.pid)
    guardian.dismiss()
    assert kept.poll() is None
    kept.kill()
    kept.wait()


def test_a_lower_stage_ends_before_a_higher_one_begins(guardian, tmp_path):
    notes = tmp_path / "notes"
    ends = [
        start([sys.executable, "-c", NOTES_ITS_END, notes, name]) for name in ("database", "web")
    ]
    assert wait_until(
        lambda: all((tmp_path / f"notes{name}").exists() for name in ("database", "web")),
        seconds=10,
    )
    for stage, process in zip((1, 0), ends, strict=True):
        guardian.watch(process.pid, signal.SIGTERM, stage=stage, grace=5)
    reapers = [process.pid for process in ends]
    os.close(guardian._process.stdin.fileno())
    assert wait_until(lambda: not any(alive(pid) for pid in reapers), seconds=15)
    assert notes.read_text() == "webdatabase"
    for process in ends:
        process.wait()


def test_it_removes_folders_at_the_end(guardian, tmp_path):
    folder = tmp_path / "sockets"
    (folder / "pg").mkdir(parents=True)
    guardian.remove(folder)
    guardian.dismiss()
    assert not folder.exists()


def test_stop_signals_do_not_end_it_and_a_killed_one_is_replaced(guardian, tmp_path):
    first = guardian.pid
    os.kill(first, signal.SIGTERM)
    guardian.remove(tmp_path / "folder")
    guardian.revive()
    assert guardian.pid == first
    (tmp_path / "folder").mkdir()
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: not alive(first), seconds=5)
    guardian.revive()
    assert guardian.pid != first
    guardian.dismiss()
    assert not (tmp_path / "folder").exists()
