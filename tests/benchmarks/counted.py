"""The pages whose instructions are counted, asked one after the other inside callgrind."""

import gc
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import django

FORM = "/fill/2026Q3/targets/T18/"
WARM = 2
"""Requests before the counted one: modules, templates and plans of statements are there by then."""


def main() -> None:
    django.setup()
    # Models can be imported once the settings are known.
    from agencies.choices import Role
    from tests.benchmarks.pages import visitors

    clients = {visitor.role: visitor.client() for visitor in visitors()}
    reader, reporter = clients[Role.LEADER], clients[Role.REPORTER]
    reviewer = clients[Role.REVIEWER]
    pages = {
        "看板，变更后首次": _getter(reader, "/dashboard/"),
        "看板，未变": _unchanged(reader, "/dashboard/"),
        "2025判定": _getter(reader, "/dashboard/2025/"),
        "2030展望": _getter(reader, "/dashboard/2030/"),
        "一页纸": _getter(reader, "/dashboard/print/"),
        "指标": _getter(reader, "/targets/T03/"),
        "待填": _getter(reporter, "/my/"),
        "审核队列": _getter(reviewer, "/review/"),
        "保存一栏": _saver(reporter),
    }
    gc.disable()  # when it runs depends on what ran before
    for prepare in pages.values():
        for _ in range(WARM):
            prepare()()
    # not before: starting up is slow to count
    control = ["callgrind_control", "-i", "on", str(os.getpid())]
    subprocess.run(control, check=True, capture_output=True)
    for prepare in pages.values():
        call = prepare()
        gc.collect()
        # where callgrind ends one count and begins the next
        os.getloadavg()
        call()
        os.getloadavg()
    Path(sys.argv[1], "pages.json").write_text(json.dumps(list(pages)), encoding="utf-8")


def _getter(client, path: str) -> Callable[[], Callable[[], None]]:  # type: ignore[no-untyped-def]
    """Prepares a first GET: nothing made for an earlier reader is kept."""
    from django.core.cache import caches

    def call() -> None:
        assert client.get(path).status_code == 200, path

    def prepare() -> Callable[[], None]:
        caches["made"].clear()
        return call

    return prepare


def _unchanged(client, path: str) -> Callable[[], Callable[[], None]]:  # type: ignore[no-untyped-def]
    def prepare() -> Callable[[], None]:
        etag = client.get(path).headers["ETag"]

        def call() -> None:
            assert client.get(path, headers={"If-None-Match": etag}).status_code == 304, path

        return call

    return prepare


def _saver(client) -> Callable[[], Callable[[], None]]:  # type: ignore[no-untyped-def]
    """Prepares one save of one field, as the script of the form makes it."""
    page = client.get(FORM).content.decode()
    found = re.search(r'name="v_note" value="(\d+)"', page)
    assert found
    state = {"v": int(found[1]), "n": 0}

    def call() -> None:
        fields = {"note": f"第{state['n'] % 10}次", "v_note": state["v"]}
        body = client.post(f"{FORM}save/", fields).content.decode()
        saved = re.search(r'"note": \{"v": (\d+)', body)
        assert saved, body[:300]
        state["v"], state["n"] = int(saved[1]), state["n"] + 1

    return lambda: call


if __name__ == "__main__":
    main()
