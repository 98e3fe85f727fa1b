import os
import signal
import sys
import time

from embedded import processes
from embedded.processes import StopStep

STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up'); time.sleep(60)"
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


def started(code, log):
    process = processes.start([sys.executable, "-u", "-c", code], log=log)
    assert processes.wait_until(lambda: bool(log.read_text()), seconds=10)
    return process


def test_a_child_that_ignores_the_request_is_killed(tmp_path):
    process = started(STUBBORN, tmp_path / "log")
    processes.stop(process, [StopStep(signal.SIGTERM, 0.2)])
    assert process.returncode == -signal.SIGKILL


def test_what_a_child_started_is_killed_with_it(tmp_path):
    log = tmp_path / "log"
    process = started(PARENT, log)
    grandchild = int(log.read_text())
    processes.stop(process, [StopStep(signal.SIGKILL, 5)])
    assert processes.wait_until(lambda: not processes.alive(grandchild), seconds=5)


def test_a_child_leads_its_own_session(tmp_path):
    process = started(STUBBORN, tmp_path / "log")
    try:
        assert os.getsid(process.pid) == process.pid != os.getsid(0)
    finally:
        processes.stop(process, [])


def test_a_process_that_has_ended_is_not_alive():
    process = processes.start([sys.executable, "-c", ""])
    time.sleep(0.05)
    assert processes.wait_until(lambda: not processes.alive(process.pid), seconds=5)
    process.wait()
    assert not processes.alive(process.pid)


def test_waiting_gives_up_after_its_time():
    assert not processes.wait_until(lambda: False, seconds=0.05)


def test_a_log_past_its_limit_is_put_aside(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "LOG_LIMIT", 3)
    log = tmp_path / "web.log"
    log.write_text("four")
    processes.rotate(log)
    assert log.read_text() == ""
    assert (tmp_path / "web.log.1").read_text() == "four"


def test_a_short_log_stays(tmp_path):
    log = tmp_path / "web.log"
    log.write_text("one\ntwo\nthree\n")
    processes.rotate(log)
    assert processes.tail(log, 2) == "two\nthree"


def test_the_environment_of_servers_has_nothing_of_the_callers(monkeypatch):
    monkeypatch.setenv("PGDATA", "/elsewhere")
    assert set(processes.plain_environment()) == {"PATH", "LC_ALL"}
