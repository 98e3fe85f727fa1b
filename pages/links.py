"""Parameters of the address that the links of a page keep, where the page behind them knows them.

A view of a past day, or of what waits for review, lets every link that is written for its page keep
that (`keeping`); templates write such links with `page_url`, `kept` and `kept_fields`. As with the
language or the time zone of a request, whoever writes a link needs to know nothing of it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

View = Callable[..., HttpResponseBase]
_KEPT: ContextVar[tuple[str, str] | None] = ContextVar("kept", default=None)


def knows(view: View, name: str, when: Callable[..., bool] = lambda **_: True) -> None:
    """Mark a view: links to it may carry the parameter, where `when` says so of the view's own
    arguments. Decorators above it pass the mark on."""
    known: dict[str, Callable[..., bool]] = getattr(view, "keeps", {})
    view.keeps = {**known, name: when}  # type: ignore[attr-defined]


def without(request: HttpRequest, name: str) -> str:
    """The address of the same page without the parameter."""
    query = request.GET.copy()
    query.pop(name, None)
    return request.path + (f"?{query.urlencode()}" if query else "")


@contextmanager
def keeping(name: str, value: str) -> Iterator[None]:
    """Let links that are written in the block keep the parameter. A page keeps one at most: a past
    day has nothing that waits for review."""
    token = _KEPT.set((name, value))
    try:
        yield
    finally:
        _KEPT.reset(token)


def kept(address: str) -> str:
    """An address of this site, or a query alone, with what links keep if the page there knows it.

    An address that says it already stays as it is.
    """
    parameter = _KEPT.get()
    if parameter is None:
        return address
    name, value = parameter
    head, mark, anchor = address.partition("#")
    path, _, query = head.partition("?")
    if not head or f"{name}=" in query or (path and not _known(path, name)):
        return address
    joint = "&" if query else "?"
    return f"{head.removesuffix('?')}{joint}{name}={value}{mark}{anchor}"


def kept_fields() -> SafeString:
    """What links keep as hidden fields, for a form that asks for the same page."""
    parameter = _KEPT.get()
    rows = [parameter] if parameter else []
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', rows)


def _known(path: str, name: str) -> bool:
    keeps, arguments = _marks(path)
    return name in keeps and keeps[name](**arguments)


@lru_cache(maxsize=512)
def _marks(path: str) -> tuple[dict[str, Callable[..., bool]], dict[str, object]]:
    try:
        found = resolve(path)
    except Resolver404:
        return {}, {}
    return getattr(found.func, "keeps", {}), found.kwargs
