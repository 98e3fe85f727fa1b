"""Budget 3: pages at a hundred times the history: python -m tests.benchmarks.long_history.

Two databases with the same plan, one of them with a long history, each behind a web server of its
own, stand side by side, and each round asks a page of both in turn. Measured one after the other,
the cost of the reference page alone changes by more than the budget allows.
"""

import argparse
import itertools
import os
from collections.abc import Callable
from urllib.parse import urlsplit

import psycopg2

from tests.benchmarks.measure import Ratio, paired_ratios
from tests.benchmarks.system import System, running
from tests.site import web_server

PAGES = {
    "看板": ("/dashboard/", False),
    "看板，变更后首次": ("/dashboard/", True),
    "待填": ("/my/", False),
    "审核队列": ("/review/", False),
}
"""Address, and whether the data change each time before it is asked."""
REPORTER_READS = {"待填"}
CHANGE = """
    UPDATE targets_observation SET value = %s
    WHERE is_current AND year = 2025 AND quarter IS NULL
        AND target_id = (SELECT id FROM targets_target WHERE code = 'T03');
    UPDATE plan_datastate SET version = version + 1, targets_mark = gen_random_uuid();
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.long_history")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--periods", type=int, default=100)
    options = parser.parse_args()
    with running() as system:
        url = os.environ["DATABASE_URL"]
        cookies = _signed_in()
        short = _copied(url)
        _lengthen(options.periods)
        with web_server(os.environ | {"DATABASE_URL": short}) as (address, web):
            both = System(system.address, (*system.processes, web.pid))
            sides = {"short": (address, short), "long": (both.address, url)}
            for name in PAGES:
                calls = {side: _caller(name, cookies, *at) for side, at in sides.items()}
                found = paired_ratios(calls, "short", both.processes, options.rounds)
                _show(name, found["long"])


def _signed_in() -> dict[bool, str]:
    """The cookies of a reporter and of a reviewer, whom both databases know."""
    from tests.benchmarks.pages import visitors

    people = {visitor.role.value: visitor for visitor in visitors()}
    roles = {True: "reporter", False: "reviewer"}
    return {reports: "=".join(people[role].cookie) for reports, role in roles.items()}


def _copied(url: str) -> str:
    """The address of a copy of the database, made while nobody is connected to it."""
    from django.db import connection

    connection.close()
    name, copy = urlsplit(url).path.lstrip("/"), "short_history"
    administration = psycopg2.connect(url, user="postgres", dbname="postgres")
    administration.autocommit = True
    with administration.cursor() as cursor:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        cursor.execute(others, [name])
        cursor.execute(f"CREATE DATABASE {copy} TEMPLATE {name}")
    administration.close()
    return url.replace(f"/{name}?", f"/{copy}?")


def _lengthen(periods: int) -> None:
    from tests.benchmarks import scale
    from tests.benchmarks.reporting import grow

    grow(periods)
    scale.lengthen(periods)
    scale.settle()


def _caller(name: str, cookies: dict[bool, str], address: str, url: str) -> Callable[[], None]:
    from tests.benchmarks.pages import ask

    path, changes = PAGES[name]
    headers = {"Cookie": cookies[name in REPORTER_READS], "Accept-Encoding": "gzip"}
    database = psycopg2.connect(url)
    database.autocommit = True
    values = itertools.cycle(range(12, 20))

    def call() -> None:
        if changes:
            with database.cursor() as cursor:
                cursor.execute(CHANGE, [next(values)])
        ask(address, path, headers, 200)

    return call


def _show(name: str, found: Ratio) -> None:
    print(f"| {name} | {found} |", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
