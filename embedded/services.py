"""PostgreSQL and the broker of one data directory, or the ones that the environment names."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from embedded import relocation
from embedded.broker import Broker
from embedded.guardian import Guardian
from embedded.postgres import STOP_STEPS, Postgres
from embedded.processes import Account

SERVER_STAGE = 1


class Services:
    """What is started for a command and stopped after it.

    An address given by DATABASE_URL or CELERY_BROKER_URL replaces the server of its kind.
    """

    def __init__(self, home: Path, guardian: Guardian, *, throwaway: bool = False) -> None:
        self.guardian = guardian
        self.postgres: Postgres | None = None
        self.broker: Broker | None = None
        self.created = False
        self._given = {name: os.environ.get(name) for name in ("DATABASE_URL", "CELERY_BROKER_URL")}
        self._prepare(home, throwaway=throwaway)

    def _prepare(self, home: Path, *, throwaway: bool) -> None:
        logs = home / "logs"
        cluster = home / "postgres"
        account = relocation.server_account(cluster)
        self._runtime = _new_runtime(home, account)
        self.guardian.remove(self._runtime)
        if not self._given["DATABASE_URL"]:
            self.postgres = Postgres(
                cluster, self._runtime, account, log=logs / "postgres.log", throwaway=throwaway
            )
        if not self._given["CELERY_BROKER_URL"]:
            self.broker = Broker(
                home / "broker", self._runtime, log=logs / "broker.log", throwaway=throwaway
            )

    @property
    def units(self) -> list[Postgres | Broker]:
        """The servers that are ours, in order of starting."""
        return [unit for unit in (self.postgres, self.broker) if unit]

    @property
    def addresses(self) -> dict[str, str]:
        """The two variables that Django's settings read."""
        ours = {
            "DATABASE_URL": self.postgres.url if self.postgres else "",
            "CELERY_BROKER_URL": self.broker.url if self.broker else "",
        }
        return {name: self._given[name] or ours[name] for name in ours}

    @property
    def programs(self) -> str:
        """The folder of psql for `dbshell`, where the server is ours."""
        return str(self.postgres.programs) if self.postgres else ""

    def start(self) -> None:
        """Start what is ours; `created` tells afterwards whether the database is new."""
        if self.postgres:
            self.created = self.postgres.create()
        for unit in self.units:
            self.start_unit(unit)

    def start_unit(self, unit: Postgres | Broker) -> None:
        process = unit.start()
        signum, grace = STOP_STEPS[0].signum, STOP_STEPS[0].grace
        self.guardian.watch(process.pid, signum, stage=SERVER_STAGE, grace=grace)

    def stop(self) -> None:
        """Stop what is ours, the database last."""
        for unit in reversed(self.units):
            unit.stop()
        shutil.rmtree(self._runtime, ignore_errors=True)


def _new_runtime(home: Path, account: Account | None) -> Path:
    """A new folder for the sockets; that of a run that could not tidy up goes."""
    note = home / "runtime"
    with suppress(OSError):
        old = Path(note.read_text())
        if old.name.startswith(relocation.RUNTIME_PREFIX):
            shutil.rmtree(old)
    folder = relocation.runtime_folder(account)
    note.write_text(str(folder))
    return folder
