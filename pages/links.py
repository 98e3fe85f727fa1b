"""Address parameters that the links of a page keep, where their target supports them.

A view of a past day or of waiting values sets the parameter (`keeping`); templates write links with
`page_url`, `kept` and `kept_fields`. Like the language or time zone of a request, it is held in a
context, so that code that writes a link need not pass it.
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
    """Mark a view as supporting a parameter, if `when` is true of the view's arguments.

    Decorators above it preserve the mark.
    """
    known: dict[str, Callable[..., bool]] = getattr(view, "keeps", {})
    view.keeps = {**known, name: when}  # type: ignore[attr-defined]


def without(request: HttpRequest, name: str) -> str:
    """The address of the same page without the parameter."""
    query = request.GET.copy()
    query.pop(name, None)
    return request.path + (f"?{query.urlencode()}" if query else "")


@contextmanager
def keeping(name: str, value: str) -> Iterator[None]:
    """Make links written in the block keep the parameter.

    A page keeps one at most: a past day has no waiting values.
    """
    token = _KEPT.set((name, value))
    try:
        yield
    finally:
        _KEPT.reset(token)


def kept(address: str) -> str:
    """An address of this site, or a query alone, with the kept parameter if its view supports it.

    An address that already has the parameter is unchanged.
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
    """The kept parameter as hidden fields, for a form that asks for the same page."""
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
