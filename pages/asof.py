"""`?asof=2026-06-30`: a page as the data stood at the end of a day.

A view that can show it carries `accepts_asof` and asks `asof_of`; the frame of the page says which
day it is, and links to other such views keep the day.
"""

import datetime
from dataclasses import dataclass
from functools import cache, partial, wraps

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from agencies.models import with_former_names
from common.fields import DayField
from common.formats import zh_date
from pages.links import View, keep_in_links, knows, without
from plan.models import DataState
from records.asof import AsOf, names_then

NAME = "asof"
_NAMES = ("name", "short_name", "full_name")
EARLIEST = datetime.date(2020, 1, 1)
"""Before the base year of the plan nothing was known."""


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
        if asked.asof is None:
            return view(request, *args, **kwargs)
        with with_former_names(cache(partial(_names, request, asked.asof))):
            response = view(request, *args, **kwargs)
        keep_in_links(response, NAME, asked.asof.day.isoformat())
        return response

    knows(accepting, NAME)
    return accepting


def asked_of(request: HttpRequest) -> Asked | None:
    """What the strip of the page says; None where the page knows no other day."""
    found: Asked | None = getattr(request, "_asof", None)
    return found


def asof_of(request: HttpRequest) -> AsOf | None:
    """The day to show, None for now."""
    found = asked_of(request)
    return found.asof if found else None


def past_day(request: HttpRequest) -> datetime.date | None:
    """The day that a workbook is of; None for today."""
    found = asof_of(request)
    return found.day if found else None


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


def _asked(request: HttpRequest) -> Asked:
    typed = request.GET.get(NAME, "")
    if not typed.strip():
        return Asked()
    found = read_day(typed, today=timezone.localdate())
    return Asked(found.asof, found.problem, without(request, NAME))


def _names(request: HttpRequest, asof: AsOf) -> dict[str, str]:
    """What agencies are called now → on that day; asked only where one was renamed since.

    The data state tells. The page has read it or will: it is read once a request.
    """
    state: DataState | None = getattr(request, "_data_state", None)
    if state is None:
        state = request._data_state = DataState.current()  # type: ignore[attr-defined]
    if state.renamed_at is None or state.renamed_at < asof.until:
        return {}
    now = (f"agency__{name}" for name in _NAMES)
    rows = names_then(asof).values_list(*now, *_NAMES)
    half = len(_NAMES)
    return {
        text: was for row in rows for text, was in zip(row[:half], row[half:], strict=True) if text
    }
