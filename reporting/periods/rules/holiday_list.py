"""Reads a year's holidays as people have them: the State Council's notice, or a plain list. Pure.

Both say the same in one order: a name, days and spans of days, then whether they are 放假 or 上班.
    二、春节：2月15日（周日）至23日（周一）放假调休，共9天。2月14日（周六）上班。
    2026-02-15至2026-02-23 放假 春节
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

HOLIDAY, WORKDAY = "holiday", "workday"
_KINDS = {"放假": HOLIDAY, "休息": HOLIDAY, "上班": WORKDAY, "补班": WORKDAY}
_LONGEST = 15
_NAME_MOST = 30

_BRACKETS = re.compile(r"（.*?）|\(.*?\)")
_NUMBERING = re.compile(r"^\s*[一二三四五六七八九十\d]{1,3}[、.．]\s*(?=\D)")
_HEAD = re.compile(r"^([^\d：:]{1,30})[：:]")
_WORD = re.compile("|".join(_KINDS))
_DAY = re.compile(
    r"(?:(?P<year>\d{4})\s*(?:年|[-./]))?\s*(?P<month>\d{1,2})\s*(?:月|[-./])\s*(?P<day>\d{1,2})\s*日?"
)
_END = _DAY.pattern.replace("<year>", "<year2>")
_END = _END.replace("<month>", "<month2>").replace("<day>", "<day2>")
_SPAN = re.compile(rf"(?:至|到|—+|–|~|～)\s*(?:{_END}|(?P<same>\d{{1,2}})\s*日)")


@dataclass(frozen=True, order=True)
class SpecialDay:
    """A holiday, or a weekend day that is worked."""

    day: datetime.date
    kind: str
    name: str = ""

    @property
    def is_worked(self) -> bool:
        return self.kind == WORKDAY


@dataclass(frozen=True)
class HolidayList:
    """The days that were read, sorted, and a sentence for each line that was not understood."""

    days: tuple[SpecialDay, ...]
    problems: tuple[str, ...]


class _UnreadableError(ValueError):
    """The message says what is wrong with a line."""


def read_holidays(text: str, year: int) -> HolidayList:
    """Read a notice or a list for one year. Lines without a day are skipped."""
    found: dict[datetime.date, SpecialDay] = {}
    problems = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            for item in _line(line, year):
                _add(found, item, year)
        except _UnreadableError as error:
            problems.append(f"第{number}行：{error}")
    return HolidayList(tuple(sorted(found.values())), tuple(problems))


def _add(found: dict[datetime.date, SpecialDay], item: SpecialDay, year: int) -> None:
    if item.day.year != year:
        raise _UnreadableError(f"{item.day}不在{year}年，分年粘贴")
    if item.kind == WORKDAY and item.day.weekday() < 5:
        raise _UnreadableError(f"{item.day}本来就是工作日，上班只填周末")
    known = found.get(item.day)
    if known and known.kind != item.kind:
        raise _UnreadableError(f"{item.day}既写了放假又写了上班")
    found[item.day] = item


def _line(line: str, year: int) -> Iterator[SpecialDay]:
    plain = _NUMBERING.sub("", _BRACKETS.sub("", line)).strip()
    head = _HEAD.match(plain)
    name = head[1].strip() if head else ""
    for part in re.split(r"[。；;]", plain[head.end() :] if head else plain):
        yield from _part(part, year, name)


def _part(part: str, year: int, name: str) -> Iterator[SpecialDay]:
    days = list(_spans(part, year))
    if not days:
        return
    words = {_KINDS[word] for word in _WORD.findall(part)}
    if not words and all(day.year != year for day in days):
        return  # the date of the notice itself
    if len(words) != 1:
        raise _UnreadableError("每个日期后写明“放假”或“上班”")
    (kind,) = words
    for day in days:
        yield SpecialDay(day, kind, (name or _label(part))[:_NAME_MOST])


def _spans(part: str, year: int) -> Iterator[datetime.date]:
    place = 0
    while start := _DAY.search(part, place):
        first = _day(start["year"] or year, start["month"], start["day"])
        end = _SPAN.match(part, start.end())
        place = (end or start).end()
        last = _last(end, first) if end else first
        length = (last - first).days
        if not 0 <= length < _LONGEST:
            raise _UnreadableError(f"“{part[start.start() : place]}”不像一段假期")
        yield from (first + datetime.timedelta(days=n) for n in range(length + 1))


def _last(end: re.Match[str], first: datetime.date) -> datetime.date:
    if end["same"]:
        return _day(first.year, first.month, end["same"])
    return _day(end["year2"] or first.year, end["month2"], end["day2"])


def _day(year: str | int, month: str | int, day: str | int) -> datetime.date:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError as error:
        raise _UnreadableError(f"没有{year}年{month}月{day}日这一天") from error


def _label(part: str) -> str:
    """The text of a plain list's line besides its days and keywords."""
    rest = _WORD.sub("", _SPAN.sub("", _DAY.sub("", part)))
    return re.sub(r"[\s,，、\t]+", "", re.sub(r"调休|共\d+天|至|到", "", rest))
