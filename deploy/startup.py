"""Checks before the web server, the worker and beat start: database reachable, configuration safe.

Management commands do not ask: they are what mends an installation.
"""

import sys
import time
from collections.abc import Iterable
from typing import NoReturn

from django.conf import settings
from django.db import OperationalError, connection
from gunicorn.errors import AppImportError

from deploy.checks import safety, servers
from deploy.findings import Finding

# Of sysexits.h. The units of systemd start again after the first, not after the second.
TRY_AGAIN, REFUSED = 75, 78
# Less than the 30 seconds in which gunicorn waits for a worker to come up.
DATABASE_SECONDS = 20.0


class RefusedError(Exception):
    """This installation must not be served; the message says why."""

    status = REFUSED


class NoDatabaseError(RefusedError):
    """The database does not answer: to be tried again later."""

    status = TRY_AGAIN


def check() -> None:
    """Wait for the database; raise RefusedError where production would be unsafe."""
    try:
        wait_for_database(DATABASE_SECONDS)
        if not settings.TRIAL:
            _refuse(finding for finding in _findings() if finding.blocks)
    finally:
        connection.close()  # what follows forks


def check_web() -> None:
    """In a process of gunicorn, whose master deploy/gunicorn.py has asked before."""
    try:
        check()
    except NoDatabaseError as error:
        _end(error)
    except RefusedError as error:
        raise AppImportError(str(error)) from error  # the master ends and says no more than this


def check_or_exit() -> None:
    """In the worker, in beat, and for the master of the web server."""
    try:
        check()
    except RefusedError as error:
        _end(error)


def _end(error: RefusedError) -> NoReturn:
    print(error, file=sys.stderr, flush=True)  # noqa: T201 # logs may not be set up
    sys.exit(error.status)


def wait_for_database(seconds: float) -> None:
    """Return at the first answer; raise NoDatabaseError when the time is over."""
    end = time.monotonic() + seconds
    while True:
        try:
            connection.ensure_connection()
        except OperationalError as error:
            if time.monotonic() > end:
                reason = str(error).strip().splitlines()[0]
                raise NoDatabaseError(f"数据库{seconds:.0f}秒内没有应答：{reason}") from error
            time.sleep(0.5)
        else:
            return


def _findings() -> Iterable[Finding]:
    """The settings, then what only a database of the right shape can be asked."""
    yield from (look() for look in safety.SETTINGS)
    shape = servers.migrations()
    yield shape
    if not shape.blocks:
        yield from (look() for look in safety.CONTENT)


def _refuse(faults: Iterable[Finding]) -> None:
    sentences = "；".join(fault.evidence for fault in faults)
    if sentences:
        raise RefusedError(
            f"没有启动，正式方式要求先改正：{sentences}。"
            "逐项检查用manage.py doctor；只是试用时设KAIFU_MODE=trial。"
        )
