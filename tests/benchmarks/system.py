"""The whole system in a folder of its own, for one run of the benchmarks."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import django

from embedded.guardian import Guardian
from embedded.services import Services
from tests.site import serving


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
        home.chmod(0o711)
        (home / "logs").mkdir()
        guardian = Guardian()
        services = Services(home, guardian)
        try:
            services.start()
            assert services.postgres is not None
            assert services.postgres.process is not None
            settings = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings"}
            with serving(home, services.addresses, **settings) as site:
                os.environ.update(site.environment)
                django.setup()
                yield System(site.address, (site.pid, services.postgres.process.pid))
        finally:
            services.stop()
            guardian.dismiss()
