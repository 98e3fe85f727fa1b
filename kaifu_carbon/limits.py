"""Time limits of SQL statements by kind of process; management commands have none."""

from typing import NamedTuple

from django.db import connections


class Limits(NamedTuple):
    """Seconds that a statement waits for a lock, and that it runs."""

    lock: int
    statement: int


WEB = Limits(lock=3, statement=15)
"""Who saves is told within seconds, and may save again; a page that takes longer is a fault."""

WORKER = Limits(lock=30, statement=600)
"""No job takes longer: after this time it is given out again."""


def limit(limits: Limits) -> None:
    """Hold every connection that this process opens from now on to these limits."""
    options = connections.databases["default"]["OPTIONS"]
    given = options.get("options", "")
    own = f"-c lock_timeout={limits.lock}s -c statement_timeout={limits.statement}s"
    options["options"] = f"{given} {own}".strip()
