"""The whole system in a folder of its own, for one run of the benchmarks."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from embedded.guardian import Guardian
from embedded.services import Services

ROOT = Path(__file__).resolve().parents[2]
PORT = 8765
ADDRESS = f"http://127.0.0.1:{PORT}"


@dataclass(frozen=True)
class System:
    """A running installation: its address and the processes whose time counts."""

    address: str
    processes: tuple[int, ...]


@contextmanager
def running() -> Iterator[System]:
    """PostgreSQL, broker and web server with plan and demonstration data; all gone afterwards."""
    with TemporaryDirectory(prefix="kaifu-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        guardian = Guardian()
        services = Services(home, guardian)
        try:
            services.start()
            _configure(home, services)
            with _web_server() as web:
                assert services.postgres is not None
                assert services.postgres.process is not None
                yield System(ADDRESS, (web.pid, services.postgres.process.pid))
        finally:
            services.stop()
            guardian.dismiss()


def _configure(home: Path, services: Services) -> None:
    os.environ.update(services.addresses)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="tests.benchmarks.settings",
        DJANGO_SECRET_KEY="benchmarks-only-" * 4,
        KAIFU_DATA_DIR=str(home),
        KAIFU_DEMO="1",
        PYTHONPATH=str(ROOT),
    )
    for command in ("migrate", "load_plan", "load_demo", "collectstatic"):
        options = ["--noinput"] if command == "collectstatic" else []
        subprocess.run(
            [sys.executable, "manage.py", command, *options, "--verbosity=0"],
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    import django

    django.setup()


@contextmanager
def _web_server() -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "gunicorn", "kaifu_carbon.wsgi", "--workers=2"]
    web = subprocess.Popen([*command, f"--bind=127.0.0.1:{PORT}", "--log-level=error"], cwd=ROOT)
    try:
        _wait(web)
        yield web
    finally:
        web.terminate()
        web.wait(20)


def _wait(web: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        assert web.poll() is None, "the web server has ended"
        try:
            urllib.request.urlopen(f"{ADDRESS}/login/", timeout=2).close()  # noqa: S310
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the web server does not answer")
