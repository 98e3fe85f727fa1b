"""The application as it runs for users: plan, demonstration data, hashed files, real web server."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = ("migrate", "load_plan", "load_demo", "create_demo_accounts", "collectstatic --noinput")
# One process for all: starting one takes longer than most of the commands.
PREPARATION = """
import sys, django
from django.core.management import call_command
django.setup()
for command in sys.argv[1:]:
    call_command(*command.split(), verbosity=0)
"""
SECONDS = 60.0


@dataclass(frozen=True)
class Site:
    """A running installation: address, process and the demonstration accounts."""

    address: str
    pid: int
    passwords: Mapping[str, str]
    environment: Mapping[str, str]


@contextmanager
def serving(folder: Path, addresses: Mapping[str, str], **variables: str) -> Iterator[Site]:
    """Serve on a free port until the end of the block; `addresses` name database and broker."""
    environment = {
        "KAIFU_MODE": "trial",
        **os.environ,
        **addresses,
        "KAIFU_DATA_DIR": str(folder),
        "KAIFU_HASHED_STATIC": "1",
        "DJANGO_SETTINGS_MODULE": "kaifu_carbon.settings",
        "DJANGO_SECRET_KEY": "a-key-of-a-site-for-tests-0123456789-abcdefghij",
        **variables,
    }
    _prepare(environment)
    with web_server(environment) as (address, web):
        yield Site(address, web.pid, _passwords(folder), environment)


@contextmanager
def web_server(
    environment: Mapping[str, str], workers: int = 2
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Gunicorn on a free port: its address and process. A site may have a second one."""
    address = f"127.0.0.1:{free_port()}"
    options = ["--config=deploy/gunicorn.py", f"--workers={workers}"]
    options += ["--log-level=error", f"--bind={address}"]
    web = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "kaifu_carbon.wsgi", *options],
        cwd=ROOT,
        env=dict(environment),
    )
    try:
        _wait_for(web, address)
        yield f"http://{address}", web
    finally:
        web.send_signal(signal.SIGQUIT)  # at once: nobody is reading any more
        web.wait(SECONDS)


def _prepare(environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PREPARATION, *COMMANDS],
        cwd=ROOT,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def _passwords(folder: Path) -> dict[str, str]:
    lines = (folder / "accounts.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if "\t" in line)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(web: subprocess.Popen[bytes], address: str) -> None:
    """Until a page is answered, were it with the way to HTTPS."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        assert web.poll() is None, "the web server has ended"
        try:
            connection = http.client.HTTPConnection(address, timeout=2)
            connection.request("GET", "/login/")
            assert connection.getresponse().status < 400
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise TimeoutError(f"{address} does not answer")
