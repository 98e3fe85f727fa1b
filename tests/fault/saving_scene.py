"""Many editors at a real web server, each with a session of their own."""

import http.client
import json
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.middleware.csrf import _get_new_csrf_string

from agencies.models import User
from agencies.sessions import SessionStore
from tests.servers import url_of_test_database

HOST = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


@dataclass(frozen=True)
class Answer:
    """What the server said; status 0 where it said nothing."""

    status: int
    said: Mapping[str, object]
    sent: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_kept(self) -> bool:
        return self.status == 200 and not self.said["conflicts"]


@dataclass(frozen=True)
class Editor:
    """A signed-in account that talks to the server as the script of a form does."""

    user: User
    address: str
    session: str
    token: str

    @classmethod
    def of(cls, user: User, address: str) -> "Editor":
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        return cls(user, address, str(session.session_key), _get_new_csrf_string())

    def save(self, form: str, **fields: tuple[str, int]) -> Answer:
        """Send fields of a form as (text, base version)."""
        sent = {name: text for name, (text, _) in fields.items()}
        data = sent | {f"v_{name}": str(base) for name, (_, base) in fields.items()}
        status, body = self.ask("POST", f"{form}save/", urlencode(data))
        return Answer(status, json.loads(body) if status else {}, sent)

    def request(self, method: str, path: str, body: str = "") -> bytes:
        """The same as it travels, for a client that must not cost anything."""
        head = {**HOST, **self.own, "Content-Length": str(len(body)), "Connection": "close"}
        head["Host"] = urlsplit(self.address).netloc
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
        return "\r\n".join([*lines, "", body]).encode()

    @property
    def own(self) -> dict[str, str]:
        cookies = f"{settings.SESSION_COOKIE_NAME}={self.session}; csrftoken={self.token}"
        return {"Cookie": cookies, "X-CSRFToken": self.token}

    def ask(self, method: str, path: str, body: str = "") -> tuple[int, bytes]:
        talk = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=60)
        try:
            talk.request(method, path, body, {**HOST, **self.own})
            answer = talk.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            talk.close()


def editors(users: Iterable[User], address: str) -> list[Editor]:
    """Each with a session of their own."""
    return [Editor.of(user, address) for user in users]


def at_once(acts: list) -> list:
    """Do these in as many threads as there are, and return what they gave."""
    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result() for done in [pool.submit(act) for act in acts]]


def environment() -> dict[str, str]:
    """For a web server that shares the test database."""
    return {**os.environ, "DATABASE_URL": url_of_test_database()}
