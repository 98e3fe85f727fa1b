"""Numbers and dates as the district writes them, alike in pages, charts and exports."""

import datetime
import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

DASH = "—"
MINUS = "−"
_WEEKDAYS = "一二三四五六日"
_WAN_PER_YI = 10_000

Number = Decimal | int | None
Day = datetime.date | None
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{6})?[+-]\d\d:\d\d")


def number(value: Number, decimals: int | None = None) -> str:
    """Thousands separated, a true minus sign, half rounded up; without `decimals` as it is."""
    if value is None:
        return DASH
    exact = Decimal(value) if decimals is None else rounded(Decimal(value), decimals)
    text = f"{abs(exact):,f}"
    return MINUS + text if exact < 0 else text


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Half rounded up, as a number."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def rounded_apart(value: Decimal, decimals: int, limits: Iterable[Decimal]) -> Decimal:
    """Rounded to as many decimals as keep it on its side of every limit, at least those given.

    What stands beside a limit must not look as if it kept, missed or equalled it: 19.96 beside 20.
    """
    shown = rounded(value, decimals)
    known = () if shown == value else tuple(limits)
    while any(_side(shown, limit) != _side(value, limit) for limit in known):
        decimals += 1
        shown = rounded(value, decimals)
    return shown


def _side(value: Decimal, limit: Decimal) -> tuple[bool, bool]:
    return value > limit, value < limit


def signed(value: Number, decimals: int | None = None) -> str:
    """With + or −; nothing before zero."""
    text = number(value, decimals)
    positive = value is not None and Decimal(value) > 0 and text.strip("0.,") != ""
    return f"+{text}" if positive else text


def wan(value: Number) -> str:
    """An amount of 万元 in words, from 10,000 also in 亿元: 915,822万元（≈91.58亿元）."""
    if value is None:
        return DASH
    text = f"{number(value, 0)}万元"
    amount = Decimal(value)
    if abs(amount) < _WAN_PER_YI:
        return text
    return f"{text}（≈{number(amount / _WAN_PER_YI, 2)}亿元）"


def zh_date(day: Day) -> str:
    """2026年11月22日, of a moment in local time."""
    local = _local(day)
    return f"{local.year}年{local.month}月{local.day}日" if local else DASH


def zh_day(day: Day) -> str:
    """11月22日: where the year is plain."""
    local = _local(day)
    return f"{local.month}月{local.day}日" if local else DASH


def zh_month(day: Day) -> str:
    """2026年12月."""
    local = _local(day)
    return f"{local.year}年{local.month}月" if local else DASH


def zh_date_weekday(day: Day) -> str:
    """2026年11月27日（周五）."""
    local = _local(day)
    return f"{zh_date(local)}（周{_WEEKDAYS[local.weekday()]}）" if local else DASH


def zh_datetime(moment: datetime.datetime | None) -> str:
    """2026年11月20日 09:12, local time."""
    local = _local(moment)
    return f"{zh_date(local)} {local:%H:%M}" if local else DASH


def in_words(text: str) -> str:
    """A stored moment (2026-11-30 01:08:32.753981+00:00) as people write it; all else as it is."""
    if not _MOMENT.fullmatch(text):
        return text
    return zh_datetime(datetime.datetime.fromisoformat(text))


def _local(day: Day) -> Day:
    if isinstance(day, datetime.datetime) and timezone.is_aware(day):
        return timezone.localtime(day)
    return day
