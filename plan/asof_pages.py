"""`?asof=2026-06-30`: a page as the data stood at the end of a day.

A view that can show it carries `accepts_asof` and asks `asof_of`; the frame of the page says which
day it is, and links to other such views keep the day.
"""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone

from common.fields import DayField
from common.formats import zh_date
from plan.asof import AsOf

NAME = "asof"
EARLIEST = datetime.date(2020, 1, 1)
"""Before the base year of the plan nothing was known."""

View = Callable[..., HttpResponseBase]
# A link with data-today leads out of the past; a form with data-day asks for the day itself.
_LINK = re.compile(r'(?<!data-today )((?:href|data-src)=")(/[^"#?]*)?(\?[^"#]*)?(#[^"]*)?"')
_FORM = re.compile(r'<form(?![^>]* (?:action|data-day))[^>]* method="get"[^>]*>')


@dataclass(frozen=True)
class Asked:
    """The day that an address asks for, or why today is shown instead; empty where it asks none."""

    asof: AsOf | None = None
    problem: str = ""
    today_url: str = ""

    @property
    def sentence(self) -> str:
        """What the strip above the page says."""
        if self.asof is None:
            return self.problem
        return f"按{zh_date(self.asof.day)}已掌握的数据显示（不含此后的审核结果）。"


def accepts_asof(view: View) -> View:
    """A view that shows a past day where the address asks for one. It stands above the caching."""

    @wraps(view)
    def accepting(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        asked = _asked(request)
        request._asof = asked  # type: ignore[attr-defined]
        response = view(request, *args, **kwargs)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if asked.asof and is_page and isinstance(response, HttpResponse):
            response.content = with_day(response.content.decode(), asked.asof).encode()
        return response

    accepting.accepts_asof = True  # type: ignore[attr-defined]
    return accepting


def asked_of(request: HttpRequest) -> Asked | None:
    """What the strip of the page says; None where the page knows no other day."""
    found: Asked | None = getattr(request, "_asof", None)
    return found


def asof_of(request: HttpRequest) -> AsOf | None:
    """The day to show, None for now."""
    found = asked_of(request)
    return found.asof if found else None


def read_day(typed: str, *, today: datetime.date) -> Asked:
    """The day that somebody typed; where it cannot be shown, why and what is shown."""
    try:
        day = DayField().to_python(typed.strip())
    except ValidationError:
        day = None
    if day is None:
        return Asked(problem=f"日期“{typed[:20]}”读不出，应如2026-06-30。以下是今天的数据。")
    if day > today:
        return Asked(problem=f"{zh_date(day)}还没有到。以下是今天的数据。")
    if day < EARLIEST:
        return Asked(problem=f"最早看{zh_date(EARLIEST)}的数据。以下是今天的数据。")
    return Asked(None if day == today else AsOf(day))


def with_day(page: str, asof: AsOf) -> str:
    """The page with the day in each link of its main part that leads to a view that can show it."""
    day = f"{NAME}={asof.day.isoformat()}"

    def kept(match: re.Match[str]) -> str:
        head, path, query, anchor = match.groups(default="")
        if not (path or query) or f"{NAME}=" in query or (path and not _accepts(path)):
            return match[0]
        joint = f"{query}&amp;" if len(query) > 1 else "?"
        return f'{head}{path}{joint}{day}{anchor}"'

    hidden = f'<input type="hidden" name="{NAME}" value="{asof.day.isoformat()}">'
    above, main, rest = page.partition("<main ")
    inside, end, below = rest.partition("</main>")
    inside = _FORM.sub(lambda form: form[0] + hidden, _LINK.sub(kept, inside))
    return f"{above}{main}{inside}{end}{below}"


def _asked(request: HttpRequest) -> Asked:
    typed = request.GET.get(NAME, "")
    if not typed.strip():
        return Asked()
    found = read_day(typed, today=timezone.localdate())
    query = request.GET.copy()
    del query[NAME]
    tail = f"?{query.urlencode()}" if query else ""
    return Asked(found.asof, found.problem, request.path + tail)


@lru_cache(maxsize=512)
def _accepts(path: str) -> bool:
    try:
        return bool(getattr(resolve(path).func, "accepts_asof", False))
    except Resolver404:
        return False
