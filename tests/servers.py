"""Pytest plugin: a private PostgreSQL and broker for each run, there before settings are read."""

import os
import shutil
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path
from urllib.parse import quote

import pytest

from embedded.guardian import Guardian
from embedded.processes import StopStep, start, stop, tail, wait_until
from embedded.services import Services
from embedded.supervisor import PROGRAM_STEPS

ROOT = Path(__file__).resolve().parent.parent
WORKER_SECONDS = 60.0
HURRIED_STOP = (StopStep(PROGRAM_STEPS[0].signum, 3),)


class RunServers:
    """The servers of one pytest run; a guardian removes them when the run is killed."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="kaifu-test-"))
        if os.geteuid() == 0:
            self.home.chmod(0o711)
        (self.home / "logs").mkdir()
        self._guardian = Guardian()
        self._guardian.remove(self.home)
        self._services = Services(self.home, self._guardian, throwaway=True)
        self._services.start()
        self.addresses = self._services.addresses

    def stop(self) -> None:
        self._services.stop()
        shutil.rmtree(self.home, ignore_errors=True)
        self._guardian.dismiss()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Before pytest-django looks at the settings: a wrapper goes before every plain hook."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        _take_own_share(worker)
    else:
        _start_for(early_config)
    return (yield)


def _start_for(config: pytest.Config) -> None:
    os.environ.setdefault("KAIFU_MODE", "trial")
    os.environ.setdefault("DJANGO_SECRET_KEY", "only-for-tests-of-this-checkout-0123456789abcdef")
    os.environ.setdefault("KAIFU_HASHED_STATIC", "0")
    os.environ.setdefault("KAIFU_CHECK_FIGURES", "1")
    if os.environ.get("KAIFU_TEST_USE_GIVEN") == "1":
        _use_data_folder(Path(os.environ.get("KAIFU_DATA_DIR") or tempfile.mkdtemp()))
        return
    for name in ("DATABASE_URL", "CELERY_BROKER_URL"):
        os.environ.pop(name, None)
    servers = RunServers()
    config.add_cleanup(servers.stop)
    os.environ.update(servers.addresses)
    _use_data_folder(servers.home / "data")


def _take_own_share(worker: str) -> None:
    """Each xdist worker has its own queue and files; its database is named by pytest-django."""
    number = int(worker.removeprefix("gw")) + 1
    address = os.environ["CELERY_BROKER_URL"].rpartition("virtual_host=")
    if address[1]:
        os.environ["CELERY_BROKER_URL"] = f"{address[0]}{address[1]}{number}"
    _use_data_folder(Path(f"{os.environ['KAIFU_DATA_DIR']}-{worker}"))


def _use_data_folder(folder: Path) -> None:
    """With the folder of collected static files, which WhiteNoise wants to see."""
    (folder / "static").mkdir(parents=True, exist_ok=True)
    os.environ["KAIFU_DATA_DIR"] = str(folder)


@pytest.fixture(scope="session")
def celery_worker_process(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Generator[None]:
    """A real `celery worker` with two processes on this run's test database and queue.

    For tests marked `worker` with `django_db(transaction=True)`: what they commit, it sees.
    """
    from kaifu_carbon.celery import app

    log = tmp_path_factory.mktemp("celery") / "worker.log"
    app.control.purge()
    command = [sys.executable, "-m", "celery", "-A", "kaifu_carbon", "worker", "-c", "2"]
    options = ["--loglevel", "INFO", "--without-mingle", "--without-gossip"]
    environment = os.environ | {"DATABASE_URL": url_of_test_database()}
    process = start([*command, *options], log=log, env=environment, cwd=ROOT)
    try:
        answered = wait_until(
            lambda: process.poll() is not None or bool(app.control.ping(timeout=0.3)),
            seconds=WORKER_SECONDS,
        )
        if not answered or process.poll() is not None:
            pytest.fail(f"the Celery worker did not start:\n{tail(log, 30)}")
        yield
    finally:
        stop(process, HURRIED_STOP)


def url_of_test_database() -> str:
    """The address of the database that Django made for the tests of this process."""
    from django.db import connection

    settings = connection.settings_dict
    user, password = quote(settings["USER"]), quote(settings["PASSWORD"])
    login = f"{user}:{password}@" if password else f"{user}@"
    place = f"host={quote(str(settings['HOST']))}&port={settings['PORT'] or 5432}"
    return f"postgresql://{login}/{settings['NAME']}?{place}"
