"""scripts/run and scripts/manage as a user calls them, and what is left when they are killed."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from embedded.processes import alive, wait_until
from tests.fault.embedded_scene import (
    ROOT,
    assert_nothing_left,
    clean_environment,
    left_of,
    stop_all,
)

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc"),
    pytest.mark.xdist_group("run command"),  # one first start for all of them
]
LAST_LINE = "按 Ctrl+C 停止"
PAGE_SECONDS = 60.0
NEW_NAME = "from agencies.models import User; User.objects.filter(pk=1).update(name='改过的名字')"
READ_NAME = "from agencies.models import User; print(User.objects.get(pk=1).name)"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def page(port):
    """The status of the start page, or None while nobody answers."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("GET", "/")
        return line.getresponse().status
    except OSError:
        return None
    finally:
        line.close()


class Run:
    """scripts/run, read until it serves or ends."""

    def __init__(self, data, *options):
        self.port = free_port()
        command = ["bash", ROOT / "scripts" / "run", "--data", data, "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*map(str, command), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env=clean_environment(),
            # Tests that themselves run under nohup would hand down that it is not heard.
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
        )
        self.output = ""
        for line in self.process.stdout:
            self.output += line
            if LAST_LINE in line:
                return
        self.process.communicate()

    def end(self, signum):
        """Send a signal and return the exit status, keeping the output."""
        self.process.send_signal(signum)
        self.output += self.process.communicate(timeout=60)[0]
        return self.process.returncode


def manage(data, *arguments):
    command = ["bash", ROOT / "scripts" / "manage", "--data", data, *arguments]
    return subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        cwd="/",
        env=clean_environment(),
        check=False,
    )


def processes_called(data, words):
    return [pid for pid, line in left_of(data).items() if words in line]


def web_workers(data):
    """Gunicorn's processes beside their arbiter, who was there first."""
    return set(sorted(processes_called(data, "gunicorn"))[1:])


@pytest.fixture(scope="module")
def served():
    """A data directory after a first start that was stopped; the start itself."""
    home = Path(tempfile.mkdtemp(prefix="kaifu-data-"))
    home.chmod(0o755)
    try:
        run = Run(home / "data")
        assert LAST_LINE in run.output, run.output
        assert page(run.port) == http.client.FOUND
        assert run.end(signal.SIGTERM) == 0
        assert_nothing_left(home / "data")
        yield home / "data", run
    finally:
        stop_all(home / "data")
        shutil.rmtree(home)


@pytest.fixture
def start(served):
    """Calls scripts/run on the prepared data directory; what still runs is ended."""
    runs = []

    def call(*options):
        runs.append(Run(served[0], *options))
        return runs[-1]

    yield call
    for run in runs:
        if run.process.poll() is None:
            run.end(signal.SIGKILL)
    assert_nothing_left(served[0])


def accounts(output):
    return re.findall(
        r"^(\w+) +\S+ +(?:填报员|单位审核人|审核员|领导|管理员)", output, re.MULTILINE
    )


def test_the_first_start_prints_an_account_for_each_role_and_the_address(served):
    _, run = served
    assert f"http://127.0.0.1:{run.port}/" in run.output
    assert len(accounts(run.output)) >= 5
    for role in ("填报员", "单位审核人", "审核员", "领导", "管理员"):
        assert role in run.output


def test_the_next_start_does_nothing_again_and_leaves_what_was_entered(served, start):
    data, first = served
    changed = manage(data, "shell", "--command", NEW_NAME)
    assert changed.returncode == 0, changed.stderr
    run = start()
    assert "正在" not in run.output
    assert accounts(run.output) == accounts(first.output)
    read = manage(data, "shell", "--verbosity=0", "--command", READ_NAME)
    assert read.stdout.strip() == "改过的名字"
    assert run.end(signal.SIGINT) == 0
    assert "已停止" in run.output
    assert_nothing_left(data)


def test_manage_without_running_services_starts_and_stops_its_own(served):
    data, _ = served
    done = manage(data, "check", "--database", "default")
    assert (done.returncode, done.stderr) == (0, "")
    assert_nothing_left(data)
    assert manage(data, "no_such_command").returncode == 1


def test_a_command_before_the_first_start_says_what_to_run():
    home = Path(tempfile.mkdtemp(prefix="kaifu-data-"))
    home.chmod(0o755)
    try:
        done = manage(home / "data", "import_annex", ROOT / "fixtures/annex1_key_items.xlsx")
        assert done.returncode == 1
        assert done.stderr.strip().endswith("再运行这个命令。")
        assert "scripts/run" in done.stderr
        assert "Traceback" not in done.stderr
    finally:
        stop_all(home / "data")
        shutil.rmtree(home)


def test_the_web_server_notices_a_changed_template(served, start):
    """For developers: the page after the change, without a new start."""
    template = ROOT / "templates" / "agencies" / "login.html"
    run = start("--reload")
    workers = web_workers(served[0])
    os.utime(template)
    assert wait_until(
        lambda: workers.isdisjoint(web_workers(served[0])) and page(run.port) == http.client.FOUND,
        seconds=PAGE_SECONDS,
    )


def test_kill_9_leaves_no_process_and_the_next_start_recovers(served, start):
    data, _ = served
    run = start()
    assert processes_called(data, "celery")
    run.end(signal.SIGKILL)
    assert_nothing_left(data)
    again = start()
    assert page(again.port) == http.client.FOUND
    assert again.end(signal.SIGHUP) == 0
    assert_nothing_left(data)


def test_killed_parts_are_started_again(served, start):
    data, _ = served
    run = start()
    server = next(iter(processes_called(data, "postgres -D")))
    web = min(processes_called(data, "gunicorn"))
    for pid in (server, web):
        os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not alive(web) and not alive(server), seconds=10)
    assert wait_until(lambda: page(run.port) == http.client.FOUND, seconds=PAGE_SECONDS)
    reads = ("shell", "--verbosity=0", "--command", READ_NAME)
    assert wait_until(lambda: manage(data, *reads).returncode == 0, seconds=PAGE_SECONDS)
    assert run.end(signal.SIGTERM) == 0
    assert "web 意外退出" in run.output
    assert "postgres 意外退出" in run.output
    assert_nothing_left(data)


def test_a_second_run_on_the_same_data_says_who_has_it(start):
    run = start()
    second = start()
    assert second.process.returncode == 1
    assert f"进程 {run.process.pid}，网址 http://127.0.0.1:{run.port}/" in second.output
    assert page(run.port) == http.client.FOUND
    assert run.end(signal.SIGTERM) == 0


def test_a_busy_port_is_said_at_once(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = ["bash", ROOT / "scripts" / "run", "--data", tmp_path / "data", "--port", port]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"端口 {port} 不能使用" in done.stderr
    assert not (tmp_path / "data").exists()


def test_help_needs_nothing(tmp_path):
    command = ["bash", ROOT / "scripts" / "run", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0
    for option in ("--port", "--empty", "--data"):
        assert option in done.stdout
