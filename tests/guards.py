"""Guards of every test: a GET that writes and an undefined template variable are errors.

They stand in `tests.settings`, so that they hold for the test client and for the live server.
"""

import logging
import re
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.template.base import FilterExpression, Node, VariableDoesNotExist
from django.template.context import BaseContext
from django.template.defaultfilters import default

from tests.architecture.source import ROOT

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Reading may leave an event, move the end of a session on and count attempts to sign in.
MAY_BE_WRITTEN = frozenset({"agencies_signinfailure", "audit_auditevent", "django_session"})
_WRITES = re.compile(
    r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE)\s+(?:ONLY\s+)?\"?(\w+)", re.IGNORECASE
)
# What has whatever it was given, and may be asked for more.
OPEN = (BaseContext, SessionBase, dict, str)
_OWN_TEMPLATES = f"{ROOT / 'templates'}/"


class WriteByGetError(AssertionError):
    """A request that only reads has written."""


class UnknownVariableError(AssertionError):
    """A template names what is not there; users would see nothing in its place."""


class GetWritesNothing:
    """Refuse statements that write while a request that only reads is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE:
            return self.get_response(request)
        with ExitStack() as guarded:
            for connection in connections.all():
                guarded.enter_context(connection.execute_wrapper(_only_reading))
            return self.get_response(request)


def _only_reading(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    table = _WRITES.match(sql)
    if table and table[1] not in MAY_BE_WRITTEN:
        raise WriteByGetError(sql)
    return execute(sql, *rest)


class Unknown(str):
    """Stands for a value that a template wants to show and does not have; see `string_if_invalid`.

    Templates of libraries count on the empty text; for them it is one, and where a default is said.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        asking = sys._getframe(1)
        if asking.f_code is FilterExpression.resolve.__code__:  # else a filter asks
            expression = asking.f_locals["self"]
            if not any(filters[0] is default for filters in expression.filters):
                _refuse_in_own_template(str(expression.var))
        return False


class UnknownAttributes(logging.Filter):
    """Django says every failed look-up to its log, those of {% if %} and {% for %} too.

    A component may ask for a parameter that it was not given; nothing may ask a record for a
    field that it does not have. No handler sees the record: its text asks the database for what
    the context holds.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, VariableDoesNotExist):
            name, asked = error.params
            if asked is not None and not isinstance(asked, OPEN):
                _refuse_in_own_template(f"{type(asked).__name__}.{name}")
        return False


def _refuse_in_own_template(name: str) -> None:
    node = _node()
    if node is not None and node.origin.name.startswith(_OWN_TEMPLATES):
        where = node.origin.name.removeprefix(_OWN_TEMPLATES)
        raise UnknownVariableError(f"{where}, line {node.token.lineno}: {name}")


def _node() -> Node | None:
    """The innermost node of a template that is being written."""
    frame = sys._getframe(1)
    while frame is not None:
        found = frame.f_locals.get("self")
        if isinstance(found, Node) and hasattr(found, "origin"):
            return found
        frame = frame.f_back
    return None
