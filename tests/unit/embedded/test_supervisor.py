import os
import signal
import sys

import pytest

from embedded import processes
from embedded.errors import SetupError
from embedded.guardian import Guardian
from embedded.processes import wait_until
from embedded.supervisor import (
    FAILURES_BEFORE_GIVING_UP,
    Program,
    Stopping,
    StopSignals,
    Supervisor,
)

SLEEPS = "import time; print('up', flush=True); time.sleep(60)"
WRITES = """
import time
while True:
    print("line of the log", flush=True)
    time.sleep(0.05)
"""
FAILS = "import sys; print('no database', flush=True); sys.exit(3)"


@pytest.fixture
def clock():
    """A clock that the test moves, so that delays need no waiting."""
    return [1000.0]


@pytest.fixture
def supervisor(clock):
    guardian = Guardian()
    one = Supervisor(guardian, clock=lambda: clock[0])
    yield one
    one.stop_programs()
    guardian.dismiss()


def program(tmp_path, code):
    command = [sys.executable, "-c", code]
    return Program("web", command, dict(os.environ), tmp_path, tmp_path / "web.log")


def running(unit):
    return unit.process is not None and unit.process.poll() is None


def ended(unit):
    return wait_until(lambda: unit.process.poll() is not None, seconds=10)


def test_a_program_that_ended_is_started_again_after_a_delay(supervisor, clock, tmp_path):
    unit = program(tmp_path, SLEEPS)
    supervisor.start(unit)
    first = unit.process.pid
    unit.process.kill()
    assert ended(unit)
    supervisor.look()
    clock[0] += 0.9
    supervisor.look()
    assert not running(unit)
    clock[0] += 0.2
    supervisor.look()
    assert running(unit)
    assert unit.process.pid != first


def test_a_program_that_keeps_failing_ends_everything_with_its_log(supervisor, clock, tmp_path):
    unit = program(tmp_path, FAILS)
    supervisor.start(unit)

    def fail_and_restart():
        for _ in range(5 * FAILURES_BEFORE_GIVING_UP):
            if unit.process:
                assert ended(unit)
            supervisor.look()
            clock[0] += 2

    with pytest.raises(SetupError, match=r"web 反复退出（代码 3）[\s\S]*no database"):
        fail_and_restart()


def test_failures_long_ago_do_not_count(supervisor, clock, tmp_path):
    unit = program(tmp_path, FAILS)
    supervisor.start(unit)
    for _ in range(2 * FAILURES_BEFORE_GIVING_UP):
        assert ended(unit)
        supervisor.look()
        clock[0] += 61
        supervisor.look()
    assert unit.process is not None


def test_all_programs_are_stopped(supervisor, tmp_path):
    units = [program(tmp_path, SLEEPS) for _ in range(2)]
    for unit in units:
        supervisor.start(unit)
    running = [unit.process for unit in units]
    supervisor.stop_programs()
    assert [process.returncode for process in running] == [-signal.SIGTERM] * 2


def test_the_first_signal_stops_and_a_second_one_hurries():
    before = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)}
    signals, hurried = StopSignals(), []
    signals.hurry = lambda: hurried.append(True)
    try:
        signals.install()
        with pytest.raises(Stopping):
            signal.raise_signal(signal.SIGTERM)
        assert hurried == []
        signal.raise_signal(signal.SIGINT)
        assert hurried == [True]
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


def test_a_hangup_that_the_caller_ignores_stays_ignored():
    before = {
        name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        StopSignals().install()
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def test_a_program_that_refuses_to_start_is_not_started_again(supervisor, tmp_path):
    unit = program(tmp_path, FAILS.replace("3", "78"))
    supervisor.start(unit)
    assert ended(unit)
    with pytest.raises(SetupError, match=r"web 拒绝启动，已全部停止：\nno database"):
        supervisor.look()


def test_the_log_of_a_running_program_is_kept_short(supervisor, monkeypatch, tmp_path):
    monkeypatch.setattr(processes, "LOG_LIMIT", 10)
    unit = program(tmp_path, WRITES)
    supervisor.start(unit)
    older = unit.log.with_suffix(".log.1")
    assert wait_until(lambda: unit.log.stat().st_size > 10, seconds=10)
    supervisor.look()
    assert older.read_text().startswith("line of the log\n")
    older.unlink()
    assert wait_until(lambda: unit.log.stat().st_size > 10, seconds=10)
    assert unit.log.read_text().startswith("line of the log\n"), (
        "it is written from its start again"
    )
    assert running(unit)
