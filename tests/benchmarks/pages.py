"""The measured pages, and how a signed-in user asks for them."""

import http.client
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.choices import Role
from agencies.models import Agency, User

PAGES = {
    "看板": "/dashboard/",
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


@dataclass(frozen=True)
class Visitor:
    """A signed-in user of one role."""

    role: Role
    user: User

    def statements(self, path: str) -> int:
        """SQL statements of one GET."""
        client = self._client()
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(path)
        assert response.status_code == 200, (self.role, path, response.status_code)
        return len(captured)

    def caller(self, address: str, path: str, etag: bool = False) -> Callable[[], None]:
        """A function that asks the running server for the page; 304 where an ETag is sent."""
        headers = {"Cookie": "=".join(self.cookie), "Accept-Encoding": "gzip"}
        expected = 200
        if etag:
            headers["If-None-Match"] = _ask(address, path, headers, 200)
            expected = 304

        def call() -> None:
            _ask(address, path, headers, expected)

        return call

    @property
    def cookie(self) -> tuple[str, str]:
        """Name and value of the cookie of a new session."""
        name = settings.SESSION_COOKIE_NAME
        return name, self._client().cookies[name].value

    def _client(self) -> Client:
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


def _ask(address: str, path: str, headers: dict[str, str], expected: int) -> str:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    assert response.status == expected, (path, response.status)
    return response.headers.get("ETag", "")
