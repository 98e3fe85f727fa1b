"""The words of a list of matters: age, due date, the sentence above it. Pure."""

import datetime
from dataclasses import dataclass

NO_DUE = "没有期限"
_DAYS_SAID = 60


def age_words(since: datetime.date, today: datetime.date) -> str:
    """今天, 41天前, 5个月前, 3年前: in days up to two months."""
    days = (today - since).days
    if days <= 0:
        return "今天"
    if days <= _DAYS_SAID:
        return f"{days}天前"
    months = (today.year - since.year) * 12 + today.month - since.month - (today.day < since.day)
    return f"{months}个月前" if months < 24 else f"{months // 12}年前"


def day_words(day: datetime.date, today: datetime.date) -> str:
    """12月15日; with the year where it is another one."""
    year = "" if day.year == today.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"


def due_words(due: datetime.date | None, today: datetime.date) -> str:
    """12月15日；10月31日，已过30天."""
    if due is None:
        return NO_DUE
    over = (today - due).days
    said = day_words(due, today)
    return f"{said}，已过{over}天" if over > 0 else said


def left_words(due: datetime.date | None, today: datetime.date) -> str:
    """还剩15天, 今天到期, 已过30天; empty without a due date."""
    if due is None:
        return ""
    left = (due - today).days
    if left == 0:
        return "今天到期"
    return f"还剩{left}天" if left > 0 else f"已过{-left}天"


@dataclass(frozen=True)
class LatestMatter:
    """The matter that has been overdue longest."""

    title: str
    url: str
    days: int


@dataclass(frozen=True)
class MatterCounts:
    """The counts of the sentence above the list; `overdue` are the others besides `late`."""

    open: int
    waiting: int
    late: LatestMatter | None = None
    overdue: int = 0
    ownerless: int = 0


Pieces = tuple[tuple[str, str, bool], ...]
"""Text, address, whether it is emphasised."""


def standing_sentence(of: MatterCounts, *, is_leader: bool) -> Pieces:
    """还有15件没有办结，9件等领导决定；4-3试点选址已过期限30天，6件没有承办单位。"""
    whose = "您" if is_leader else "领导"
    if not of.open:
        return (("没有需要决定和协调的事项。", "", False),)
    said = [("还有", "", False), (f"{of.open}件", "", True), ("没有办结，", "", False)]
    if of.waiting:
        said += [(f"{of.waiting}件", "", True), (f"等{whose}决定", "", False)]
    else:
        said += [(f"没有等{whose}决定的", "", False)]
    tail = _tail(of)
    return (*said, *((("；", "", False), *tail) if tail else ()), ("。", "", False))


def _tail(of: MatterCounts) -> Pieces:
    said: list[tuple[str, str, bool]] = []
    if of.late:
        said += [(of.late.title, of.late.url, False), ("已过期限", "", False)]
        said += [(f"{of.late.days}天", "", True)]
        if of.overdue:
            said += [("，另有", "", False), (f"{of.overdue}件", "", True), ("过期", "", False)]
    if of.ownerless:
        said += [("，", "", False)] if said else []
        said += [(f"{of.ownerless}件", "", True), ("没有承办单位", "", False)]
    return tuple(said)
