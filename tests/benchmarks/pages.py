"""The measured pages, and how a signed-in user asks for them."""

import gzip
import http.client
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.urls import Resolver404, resolve

from agencies.choices import Role
from agencies.models import Agency, User
from plan.models import DataState
from targets.models import Observation

_ADDRESSES = {
    "看板": "/dashboard/",
    "2025判定": "/dashboard/2025/",
    "2030展望": "/dashboard/2030/",
    "填报情况": "/dashboard/reporting/",
    "一页纸": "/dashboard/print/",
    "大屏": "/dashboard/wall/",
    "变化": "/changes/",
    "指标列表": "/targets/",
    "指标": "/targets/T03/",
    "指标图": "/targets/T03/figure.json",
    "任务列表": "/tasks/",
    "任务": "/tasks/5-1/",
    "项目列表": "/projects/",
    "项目": "/projects/P16/",
    "单位列表": "/agencies/",
    "单位": "/agencies/fgj/",
    "方案原文": "/plan/",
}


def _is_known(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


PAGES = {name: path for name, path in _ADDRESSES.items() if _is_known(path)}
"""By name; what an older version does not have yet is left out when it is measured."""


class _Count:
    """Counts statements; keeps none of their texts, which are long at a hundred times the rows."""

    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, execute: Callable[..., object], *arguments: object) -> object:
        self.statements += 1
        return execute(*arguments)


@dataclass(frozen=True)
class Visitor:
    """A signed-in user of one role."""

    role: Role
    user: User

    def statements(self, path: str) -> int:
        """SQL statements of one GET, the first after a change: nothing is kept."""
        client = self.client()
        caches["made"].clear()
        count = _Count()
        with connection.execute_wrapper(count):
            response = client.get(path)
        assert response.status_code == 200, (self.role, path, response.status_code)
        return count.statements

    def caller(self, address: str, path: str, etag: bool = False) -> Callable[[], None]:
        """A function that asks the running server for the page; 304 where an ETag is sent."""
        headers = {"Cookie": "=".join(self.cookie), "Accept-Encoding": "gzip"}
        if not etag:
            return lambda: str(ask(address, path, headers, 200)) and None

        def call() -> None:
            status, headers["If-None-Match"], _ = _answer(address, path, headers)
            if status != 304:  # another call of this round has changed the data
                ask(address, path, headers, 304)

        return call

    def caller_after_change(self, address: str, path: str) -> Callable[[], None]:
        """A function that changes an approved value, then asks; the page has to show it."""
        headers = {"Cookie": "=".join(self.cookie), "Accept-Encoding": "gzip"}
        change = changer()

        def call() -> None:
            shown = change()
            _, body = ask(address, path, headers, 200)
            assert shown in body, f"{path} does not show {shown}"

        return call

    @property
    def cookie(self) -> tuple[str, str]:
        """Name and value of the cookie of a new session."""
        name = settings.SESSION_COOKIE_NAME
        return name, self.client().cookies[name].value

    def client(self) -> Client:
        """A client in the same process, signed in."""
        client = Client(headers={"host": "localhost"})
        client.force_login(self.user, backend=settings.AUTHENTICATION_BACKENDS[-1])
        return client


def visitors() -> list[Visitor]:
    """One user of each role."""
    agency = Agency.objects.get(code="jtj")
    return [
        Visitor(
            role,
            User.objects.create(
                username=f"bench_{role.value}", name=role.label, roles=[role.value], agency=agency
            ),
        )
        for role in Role
    ]


def changer() -> Callable[[], str]:
    """A function that changes the value of T03 for 2025, and says how pages show it."""
    of_2025 = Observation.objects.filter(year=2025, quarter=None, is_current=True)
    found = of_2025.filter(target__code="T03").exclude(basis="扩容")  # what scale has added
    key = found.get().target_id
    values = itertools.cycle([Decimal(tenths) / 10 for tenths in range(121, 199)])

    def change() -> str:
        value = next(values)
        assert found.update(value=value) == 1
        DataState.touch("targets", only=[key])  # as the service that records values does
        return f"{value:.1f}%"

    return change


def ask(address: str, path: str, headers: dict[str, str], expected: int) -> tuple[str, str]:
    """The ETag and the text of an answer with that status."""
    status, etag, body = _answer(address, path, headers)
    assert status == expected, (path, status)
    return etag, body


def _answer(address: str, path: str, headers: dict[str, str]) -> tuple[int, str, str]:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    if response.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return response.status, response.headers.get("ETag", ""), body.decode()
