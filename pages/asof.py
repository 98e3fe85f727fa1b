"""`?asof=2026-06-30`: a page as the data stood at the end of a day.

A view that supports it is decorated with `accepts_asof`; the strip above the page names the day,
and links to other such views keep it.
"""

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from common.fields import DayField
from common.formats import zh_date
from pages.links import without
from records.asof import AsOf

NAME = "asof"
EARLIEST = datetime.date(2020, 1, 1)
"""Nothing was known before the base year of the plan."""


@dataclass(frozen=True)
class Asked:
    """The day that an address asks for, or why today is shown instead; empty if it has none."""

    asof: AsOf | None = None
    problem: str = ""
    today_url: str = ""

    @property
    def sentence(self) -> str:
        """The sentence of the strip above the page."""
        if self.asof is None:
            return self.problem
        return f"按{zh_date(self.asof.day)}已掌握的数据显示（不含此后的审核结果）。"


def read_day(typed: str, *, today: datetime.date) -> Asked:
    """The day that somebody typed; for one that cannot be shown, the reason and today."""
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


def asked_by(request: HttpRequest) -> Asked:
    """The day that an address asks for."""
    typed = request.GET.get(NAME, "")
    if not typed.strip():
        return Asked()
    found = read_day(typed, today=timezone.localdate())
    return Asked(found.asof, found.problem, without(request, NAME))
