"""A parameter of the address that the links of a page keep, where the page behind them knows it."""

import re
from collections.abc import Callable
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

View = Callable[..., HttpResponseBase]
# A link with data-today leads out; a form with data-own has a field for the parameter itself.
_LINK = re.compile(r'(?<!data-today )((?:href|(?:data-)?src)=")(/[^"#?]*)?(\?[^"#]*)?(#[^"]*)?"')
_FORM = re.compile(r'<form(?![^>]* (?:action|data-own))[^>]* method="get"[^>]*>')


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


def keep_in_links(response: HttpResponseBase, name: str, value: str) -> None:
    """Put the parameter into the links and filters of the main part of a page."""
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if is_page and isinstance(response, HttpResponse):
        response.content = with_kept(response.content.decode(), name, value).encode()


def with_kept(page: str, name: str, value: str) -> str:
    """The page with name=value in each link of its main part that leads to a view that knows it."""

    def kept(match: re.Match[str]) -> str:
        head, path, query, anchor = match.groups(default="")
        if not (path or query) or f"{name}=" in query or (path and not _known(path, name)):
            return match[0]
        joint = f"{query}&amp;" if len(query) > 1 else "?"
        return f'{head}{path}{joint}{name}={value}{anchor}"'

    hidden = f'<input type="hidden" name="{name}" value="{value}">'
    above, main, rest = page.partition("<main ")
    inside, end, below = rest.partition("</main>")
    inside = _FORM.sub(lambda form: form[0] + hidden, _LINK.sub(kept, inside))
    return f"{above}{main}{inside}{end}{below}"


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
