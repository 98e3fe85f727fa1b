"""Readers of one text: numbers, sums, months, periods, choices and ticks as people type them.

Every reader raises only UnreadableError, with a sentence that says what to type.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from common.formats import rounded
from common.quantities import (
    DASHES,
    UnreadableError,
    is_missing,
    is_workbook_error,
    parse_amount,
    parse_decimal,
    plain,
    plain_decimal,
)
from common.quarters import Period
from reporting.answers.rules.options import OPTIONS

LONGEST_NUMBER = 60
DECIMALS, MONEY_DECIMALS = 4, 2
_LARGEST, _LARGEST_WAN = Decimal(10) ** 14, Decimal(10) ** 12

_POINT = re.compile(r"(?<=\d)。(?=\d)")
_SIGN = r"[+\-\u2010-\u2015\u2212\ufe58\ufe63]"
_NUMBER = r"(?:\d[\d,']*(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,2})?"
_FIGURE = re.compile(
    r"(?P<turn>(?:累计)?(?:下降|降低|减少|上升|增长|提高|增加)率?[了为]?:?)?(?P<share>百分之)?"
    rf"(?P<sign>{_SIGN})?(?P<number>{_NUMBER})(?P<unit>(?:m[23]|co2|[%‰a-z/·°()\u4e00-\u9fff])*)"
)
_FALLS = ("下降", "降低", "减少")
_DAY = r"(?:[-./月]\d{1,2}日?(?:\d{1,2}:\d{2}(?::\d{2})?)?)?"
_LATE = r"月?(?:[上中下]旬|初|底|末)?(?:之?前)?"
_MONTH = re.compile(rf"(?P<year>\d{{4}})[-./年](?P<month>\d{{1,2}}){_DAY}{_LATE}")
_SOLID_MONTH = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?:\d{2})?")
_YEAR_END = re.compile(r"(?P<year>\d{4})年[底末](?:之?前)?")
_NEAR_MONTH = re.compile(
    rf"(?P<near>[今本明去]年)?(?P<month>\d{{1,2}})(?:月\d{{1,2}}日?|[-./]\d{{1,2}}|月){_LATE}"
)
_NEAR_YEAR_END = re.compile(r"(?P<near>[今本明去]年|年)[底末](?:之?前)?")
_NEAR_YEARS = {"今年": 0, "本年": 0, "年": 0, "明年": 1, "去年": -1}
_REMARK = re.compile(r"\([^()]*\)$")
_YEAR = re.compile(r"(\d{4})年?度?")
_QUARTER = re.compile(r"(?P<year>\d{4})?年?-?(?:q(?P<q>[1-4])|第?(?P<n>[一二三四1-4])季度?)")
_QUARTER_END = re.compile(r"(?P<year>\d{4})年0?(?P<month>3|6|9|12)月[末底]?")
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_TICKS = frozenset({"1", "on", "true", "yes", "是", "√", "✓", "☑"})
_NO_TICKS = frozenset({"0", "off", "false", "no", "否", "×", "☐"})

A_NUMBER = "填写数字，如 78.6"
A_SUM = "填写万元数，如 7,214"
A_MONTH = "填写年月，如 2026-12"
A_PERIOD = "填写年份或季度，如 2025 或 2026Q3"


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A number and how it was typed. `unit` is lower case, without blanks."""

    value: Decimal | None
    unit: str = ""
    has_minus: bool = False
    turn: int = 0
    """−1 for 上升15%, 1 for 下降15%: the value is that of a reduction; 0 for neither."""
    is_converted: bool = False
    """Whether the value differs from the number in the text: 0.72亿元."""


def figure(text: str) -> TypedNumber:
    """A number with or without a unit; None where the text states that there is none."""
    _refuse_workbook_error(text, A_NUMBER)
    if is_missing(text):
        return TypedNumber(None)
    found = _FIGURE.fullmatch(_points(text)) if len(text) <= LONGEST_NUMBER else None
    if found is None:
        raise UnreadableError(f"“{_short(text)}”不是数字：{A_NUMBER}")
    turn = _turn(found["turn"])
    has_minus = found["sign"] is not None and found["sign"] != "+"
    if turn and has_minus:
        raise UnreadableError(f"“{_short(text)}”既有升降又有负号，看不出是多少：{A_NUMBER}")
    with _said(text, A_NUMBER):
        value = parse_decimal(found["number"])
    _within(value, _LARGEST, DECIMALS)
    assert value is not None  # noqa: S101 - it has digits
    unit = found["unit"].strip("()") or ("%" if found["share"] else "")
    signed = -value if has_minus or turn < 0 else value
    return TypedNumber(signed, unit, has_minus, turn, is_converted=bool(turn))


def amount(text: str) -> TypedNumber:
    """A sum in 万元, converted from a unit that is typed; None where the text states none."""
    _refuse_workbook_error(text, A_SUM)
    if is_missing(text):
        return TypedNumber(None)
    shown = _points(text)
    sign = re.match(_SIGN, shown)
    with _said(text, A_SUM):
        if len(text) > LONGEST_NUMBER:
            raise UnreadableError
        read = parse_amount(shown[1:] if sign else shown)
    value = read.value_wan
    if value is None:
        raise UnreadableError(f"“{_short(text)}”不是金额：{A_SUM}")
    is_converted = read.unit != "万元"
    if is_converted and abs(value) < _LARGEST_WAN:
        value = plain_decimal(rounded(value, MONEY_DECIMALS))
    _within(value, _LARGEST_WAN, MONEY_DECIMALS)
    has_minus = sign is not None and sign[0] != "+"
    return TypedNumber(-value if has_minus else value, read.unit or "", has_minus, 0, is_converted)


def month(text: str, now: Period | None = None, *, is_ahead: bool = True) -> str | None:
    """2026-12 from 2026.12, 2026/12, 202612, 2026年12月, 2026年底前 or a day of the month.

    Beside `now` the year may be left out: 12月15日, 12-15, 年底前, 明年3月. `is_ahead` tells
    whether the month is planned (not before the period) or has passed (not after it).
    """
    if is_missing(text):
        return None
    shown = re.sub(rf"[{re.escape(DASHES)}]", "-", plain(text))
    if now and (near := _near_month(shown, now, is_ahead=is_ahead)):
        return near
    end = _YEAR_END.fullmatch(shown)
    if end and _is_year(end["year"]):
        return f"{end['year']}-12"
    found = _MONTH.fullmatch(shown) or _SOLID_MONTH.fullmatch(shown)
    if found and _is_year(found["year"]) and 1 <= int(found["month"]) <= 12:
        return f"{found['year']}-{int(found['month']):02d}"
    raise UnreadableError(f"“{_short(text)}”看不出是哪个月：{A_MONTH}")


def month_words(month: str) -> str:
    """2026年9月 from 2026-09."""
    return f"{month[:4]}年{int(month[5:])}月"


def _near_month(shown: str, now: Period, *, is_ahead: bool) -> str | None:
    """A month without its year, as close to the period as its direction allows."""
    if end := _NEAR_YEAR_END.fullmatch(shown):
        return f"{now.year + _NEAR_YEARS[end['near']]}-12"
    found = _NEAR_MONTH.fullmatch(shown)
    if found is None or not 1 <= int(found["month"]) <= 12:
        return None
    number, year = int(found["month"]), now.year
    first, last = (3 * now.quarter - 2, 3 * now.quarter) if now.quarter else (1, 12)
    if found["near"]:
        year += _NEAR_YEARS[found["near"]]
    elif is_ahead and number < first:
        year += 1
    elif not is_ahead and number > last:
        year -= 1
    return f"{year}-{number:02d}"


def period(text: str, now: Period) -> Period | None:
    """A year or a quarter; a quarter without a year, 本季度 and 上季度 are relative to `now`."""
    if is_missing(text):
        return None
    shown = re.sub(rf"[{re.escape(DASHES)}]", "-", _REMARK.sub("", plain(text)))
    near = {"本季度": now, "上季度": now.previous, "今年": Period(now.year)}
    near["上年"] = near["去年"] = Period(now.year - 1)
    if shown in near:
        return near[shown]
    found = _period(shown, now)
    if found is None or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise UnreadableError(f"“{_short(text)}”看不出是哪个时期：{A_PERIOD}")
    return found


def choice(kind: str, text: str) -> str:
    """The code of a choice, from its code or its label."""
    options = OPTIONS[kind]
    if text in options:
        return text
    shown = plain(text)
    for code, name in options.items():
        if plain(name) == shown:
            return code
    raise UnreadableError(f"“{_short(text)}”不是可选项：从{'、'.join(options.values())}中选")


def tick(text: str) -> bool:
    """Whether a box is ticked."""
    shown = plain(text)
    if shown in _TICKS:
        return True
    if shown in _NO_TICKS:
        return False
    raise UnreadableError(f"“{_short(text)}”看不出是否勾选：填“是”或“否”")


def name(text: str) -> str:
    """A name; empty where the text states that there is none."""
    return "" if is_missing(text) else text


def _refuse_workbook_error(text: str, wanted: str) -> None:
    """#DIV/0! says that a formula failed, not that there is no value."""
    if is_workbook_error(text):
        raise UnreadableError(f"“{_short(text)}”是表格公式的错误值：{wanted}")


def _points(text: str) -> str:
    """Replace a Chinese full stop between digits: input methods type it for the decimal point."""
    return _POINT.sub(".", plain(text))


def _turn(words: str | None) -> int:
    if not words:
        return 0
    return 1 if any(fall in words for fall in _FALLS) else -1


def _is_year(text: str) -> bool:
    return _FIRST_YEAR <= int(text) <= _LAST_YEAR


def _period(shown: str, now: Period) -> Period | None:
    if year := _YEAR.fullmatch(shown):
        return Period(int(year[1]))
    if found := _QUARTER.fullmatch(shown):
        number = found["q"] or found["n"]
        quarter = "一二三四".find(number) + 1 or int(number)
        return Period(int(found["year"] or now.year), quarter)
    if end := _QUARTER_END.fullmatch(shown):
        return Period(int(end["year"]), int(end["month"]) // 3)
    return None


def _within(value: Decimal | None, largest: Decimal, decimals: int) -> None:
    """Refuse with a sentence what the database column could not store."""
    if value is None:
        return
    if abs(value) >= largest:
        raise UnreadableError("数字太大，核对单位后再填")
    if value != rounded(value, decimals):
        raise UnreadableError(f"最多{decimals}位小数，改为 {rounded(value, decimals):f}")


@contextmanager
def _said(text: str, wanted: str) -> Iterator[None]:
    """Replace the message of a general reader by one in the words of the form."""
    try:
        yield
    except UnreadableError as error:
        raise UnreadableError(f"“{_short(text)}”不是确定的数字：{wanted}") from error


def _short(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= 20 else f"{shown[:20]}…"
