"""Spans of years as people print them: any dash, months, 年, one year alone, plan periods."""

import datetime
import re
from dataclasses import dataclass
from functools import lru_cache

from common.quantities import DASHES, UnreadableError, decimal_of, is_missing, plain

FIRST_YEAR, LAST_YEAR = 1980, 2070

_DASHES = re.compile(rf"[{DASHES}→]+")
_CHINESE_YEAR = re.compile(
    r"[一二][九〇○零0][〇○零一二三四五六七八九]{2}(?=年|[^〇○零一二三四五六七八九]|$)"
)
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YI_AS_DASH = re.compile(r"(?<=\d)(年?)一(?=\d{4})")
_REMARK = re.compile(r"\([^()\d]*\)")
_BEFORE = re.compile(r"^(?:计划|预计|拟于?|约|力争|自|从|由|于|建设期?|工期|:)+")
_BETWEEN = re.compile(
    r"(?:建设)?(?:开工|启动|动工|开始|起)(?:建设|实施)?[,;、]?(?:-|至|到)?(?=(?:计划|预计|拟)?(?:19|20)\d\d)"
)
_MIDDLE_WORDS = re.compile(r"(?<=-)(?:计划|预计|拟)")
_DONE = re.compile(
    r"(?:全面|全部|基本)?(?:建成|完成|竣工|完工|投产|投用|投入使用|验收|结束|实施|建设)+(?:投产|投用|验收)?$"
)
_QUARTER = r"第?[一二三四1-4]季度|q[1-4]|[上下]半年|[年月]?[初中底末]|[春夏秋冬]季?|[上中下]旬"
_LONG_TERM = re.compile(r"(?:长期|常年|持续|逐年|每年|分年度?)(?:坚持|推进|实施|开展|建设|进行)*")
_DURATION = re.compile(
    r"(?:共|约)?(?:\d{1,3}个?月|\d{1,2}(?:\.\d)?年|\d{1,4}个?(?:日历)?天|[一二三四五六七八九十]{1,3}(?:个月|年))"
)
_PLAN_PERIOD = re.compile(r"[\"“”']?十([一二三四五六])五[\"“”']?(?:期间|时期|规划期?)?")
_PLAN_DIGITS = "一二三四五六"


def _date(name: str) -> str:
    month = r"(?:(?:年|[./-])(?:0?[1-9]|1[0-2])(?!\d)|(?:0[1-9]|1[0-2])(?!\d))(?:月份?)?"
    day = r"(?:[./-]?(?:0?[1-9]|[12]\d|3[01])(?!\d)[日号]?)?"
    return rf"(?P<{name}>(?:19|20)\d\d)(?P<{name}_month>{month}{day})?(?:年度?)?(?:{_QUARTER})?"


_SPAN = re.compile(
    rf"{_date('first')}"
    rf"(?:(?P<joint>-|至|到|[/、,和及])(?:{_date('last')}|(?P<short>\d\d)年?))?"
    r"(?P<tail>之?前|年?底前|年?底以前|以前|开工|启动|动工|起|开始|以来|-|-?至今|-今|以后)?"
)


@dataclass(frozen=True, slots=True)
class YearRange:
    """First and last year, each None if none is said.

    `notes` holds what was overcome: dash, yi_as_dash, months, short, listed, only_end, only_start,
    plan_period, long_term, duration, remark, missing_mark.
    """

    start: int | None
    end: int | None
    notes: tuple[str, ...] = ()


NO_YEARS = YearRange(None, None)


def parse_years(value: str | float | datetime.date | None) -> YearRange:
    """A span of years from a cell; raises UnreadableError for a broken or reversed one."""
    if isinstance(value, str):
        return _years_of_text(value)
    if value is None:
        return NO_YEARS
    if isinstance(value, datetime.date):
        return _checked(value.year, value.year, (), f"{value:%Y-%m-%d}")
    if isinstance(value, bool | datetime.time | datetime.timedelta):
        raise UnreadableError(f"“{value}”不是年份")
    number = decimal_of(value)
    return _years_of_text(f"{number:f}")


@lru_cache(maxsize=4096)
def _years_of_text(printed: str) -> YearRange:
    if not printed.strip():
        return NO_YEARS
    if is_missing(printed):
        return YearRange(None, None, ("missing_mark",))
    text, notes = _normalised(printed)
    special = _years_of_words(text)
    if special is not None:
        return special
    match = _SPAN.fullmatch(text)
    if match is None:
        raise UnreadableError(f"“{printed.strip()}”不是年份或起止年份")
    return _years_of_match(match, notes, printed.strip())


def _normalised(printed: str) -> tuple[str, list[str]]:
    text = _CHINESE_YEAR.sub(lambda found: found[0].translate(_CHINESE_DIGITS), plain(printed))
    notes: list[str] = []
    if _YI_AS_DASH.search(text):
        text = _YI_AS_DASH.sub(r"\1-", text)
        notes.append("yi_as_dash")
    dashed = _DASHES.sub("-", text)
    if dashed != text:
        notes.append("dash")
    without = _REMARK.sub("", dashed)
    if without != dashed:
        notes.append("remark")
    text = _BETWEEN.sub("-", _BEFORE.sub("", without))
    text = _MIDDLE_WORDS.sub("", text).rstrip("。;,")
    done = _DONE.search(text)
    if done and done.start():
        text = text[: done.start()]
        if "-" not in text and done[0] not in ("建设", "实施"):
            text = f"{text}前"
    return text, notes


def _years_of_words(text: str) -> YearRange | None:
    period = _PLAN_PERIOD.fullmatch(text)
    if period:
        start = 2006 + 5 * _PLAN_DIGITS.index(period[1])
        return YearRange(start, start + 4, ("plan_period",))
    if _LONG_TERM.fullmatch(text):
        return YearRange(None, None, ("long_term",))
    if _DURATION.fullmatch(text):
        return YearRange(None, None, ("duration",))
    return None


def _years_of_match(match: re.Match[str], notes: list[str], printed: str) -> YearRange:
    start = int(match["first"])
    end = start
    if match["last"]:
        end = int(match["last"])
    elif match["short"]:
        end = start // 100 * 100 + int(match["short"])
        notes.append("short")
    if match["joint"] and match["joint"] in "/、,和及":
        if end != start + 1:
            raise UnreadableError(f"“{printed}”列了几个年份，看不出起止")
        notes.append("listed")
    if match["first_month"] or match["last_month"]:
        notes.append("months")
    return _checked(start, end, tuple(notes), printed, tail=match["tail"] or "")


def _checked(
    start: int, end: int, notes: tuple[str, ...], printed: str, tail: str = ""
) -> YearRange:
    for year in (start, end):
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise UnreadableError(f"“{printed}”中的{year}年不合常理")
    if start > end:
        raise UnreadableError(f"“{printed}”的结束年份早于开始年份")
    if tail and start == end:
        if tail.endswith("前"):
            return YearRange(None, end, (*notes, "only_end"))
        return YearRange(start, None, (*notes, "only_start"))
    return YearRange(start, end, notes)
