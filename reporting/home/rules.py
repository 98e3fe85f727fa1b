"""The words of an agency's home: headline, deadlines, what is left. Pure."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from common.formats import zh_date_weekday, zh_day

NOTHING_TO_DO = "您这里没有要办的事"
LONGEST_LIST = 8
"""Up to so many obligations stand in one list; more are told apart by kind."""
_NAMED = 2
_CODES = 4


@dataclass(frozen=True)
class Task:
    """An obligation that somebody has to act on, with the one day that binds it."""

    code: str
    day: datetime.date | None
    is_returned: bool = False
    is_fresh: bool = False


def headline(tasks: Sequence[Task], today: datetime.date, *, is_backfill: bool = False) -> str:
    """How many are in the reader's hands and which of them is due first.

    还有4项在您这里，5-1 要在12月3日前改好; 13项要填，12月7日前报送; 您这里没有要办的事.
    """
    if not tasks:
        return NOTHING_TO_DO
    first = min((task.day for task in tasks if task.day), default=None)
    count = f"还有{len(tasks)}项在您这里"
    if is_backfill or first is None:
        return count
    if first >= today and all(task.is_fresh for task in tasks) and len({t.day for t in tasks}) == 1:
        return f"{len(tasks)}项要填，{_by(first, today)}报送"
    near = [task for task in tasks if task.day == first]
    verb = "改好" if all(task.is_returned for task in near) else "报送"
    who = _who(near, len(tasks))
    if first < today:
        return f"{count}，{who}已逾期{(today - first).days}天"
    return f"{count}，{who}要在{_by(first, today)}{verb}"


def signer_headline(tasks: Sequence[Task], today: datetime.date) -> str:
    """5项等您审核，12月7日前签送; 5项等您审核，已逾期2天."""
    if not tasks:
        return NOTHING_TO_DO
    first = min((task.day for task in tasks if task.day), default=None)
    count = f"{len(tasks)}项等您审核"
    if first is None:
        return count
    late = (today - first).days
    return f"{count}，{f'已逾期{late}天' if late > 0 else f'{_by(first, today)}签送'}"


def left_words(day: datetime.date, today: datetime.date) -> str:
    """还剩7天, 今天截止, 逾期2天."""
    left = (day - today).days
    if left < 0:
        return f"逾期{-left}天"
    return f"还剩{left}天" if left else "今天截止"


def short_weekday(day: datetime.date) -> str:
    """12月3日（周四）."""
    return zh_date_weekday(day).partition("年")[2]


def moment_words(at: datetime.datetime, today: datetime.date) -> str:
    """今天 08:51, 11-27 17:20: a local moment."""
    return f"今天 {at:%H:%M}" if at.date() == today else f"{at:%m-%d %H:%M}"


def codes_words(codes: Iterable[str]) -> str:
    """5-1、9-3、T19等7项: a code once, also where several years of it are meant."""
    known = list(codes)
    named = list(dict.fromkeys(known))[:_CODES]
    more = f"等{len(known)}项" if len(known) > len(named) else ""
    return f"{'、'.join(named)}{more}"


def left_to_fill(begun: Sequence[str], others: Sequence[str]) -> str:
    """T15 已有草稿；5-1、9-3、T19 还没有填完; 13项都未开始."""
    parts = [f"{codes_words(begun)} 已有草稿"] if begun else []
    parts += [f"{codes_words(others)} 还没有填完"] if others else []
    return "；".join(parts)


def _by(day: datetime.date, today: datetime.date) -> str:
    return "今天" if day == today else f"{zh_day(day)}前"


def _who(near: Sequence[Task], total: int) -> str:
    """5-1 , 其中3项; empty where it is all of them."""
    if len(near) == total:
        return ""
    if len(near) <= _NAMED:
        return f"{'、'.join(task.code for task in near)} "
    return f"其中{len(near)}项"
