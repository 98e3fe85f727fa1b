"""Who acts, from where and by what way, for the events of the running request or command."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Protocol

from audit.models import Way


class Actor(Protocol):
    """The parts of an account that an event copies."""

    @property
    def pk(self) -> int | None: ...
    @property
    def display_name(self) -> str: ...
    @property
    def agency_name(self) -> str: ...


@dataclass(frozen=True)
class Origin:
    address: str | None = None
    way: str = Way.COMMAND


_origin: ContextVar[Origin] = ContextVar("audit_origin", default=Origin())  # noqa: B039


def current() -> Origin:
    return _origin.get()


@contextmanager
def acting(*, address: str | None = None, way: str | None = None) -> Iterator[None]:
    """Set address and way of the events recorded inside; what is not given stays."""
    origin = _origin.get()
    token = _origin.set(replace(origin, address=address or origin.address, way=way or origin.way))
    try:
        yield
    finally:
        _origin.reset(token)
