"""Decimals and sums of money as people print them in Chinese office tables."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

FACTORS_WAN = {
    "元": Decimal("0.0001"),
    "百元": Decimal("0.01"),
    "千元": Decimal("0.1"),
    "万元": Decimal(1),
    "十万元": Decimal(10),
    "百万元": Decimal(100),
    "千万元": Decimal(1000),
    "亿元": Decimal(10000),
}
"""How many 万元 one of each unit is."""

FOREIGN_UNIT = "外币"

_MISSING_WORDS = frozenset(
    (
        *(
            "无",
            "暂无",
            "没有",
            "空",
            "缺",
            "不详",
            "未知",
            "不适用",
            "未定",
            "暂未确定",
            "尚未确定",
        ),
        *(
            "待定",
            "待补",
            "待补充",
            "待核",
            "待核定",
            "待核实",
            "待估算",
            "待测算",
            "待明确",
            "待确定",
        ),
        *("待统计", "待报", "待批复", "待下达", "n/a", "na", "nan", "null", "none", "nil"),
    )
)
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\u2501\u30fc\ufe58\ufe63~\u301c\u223c"
"""What is typed for a dash: hyphens, dashes, minus, box lines, a katakana sign, swung dashes."""

_MARKS_ONLY = re.compile(rf"[{DASHES}_/\\.…·*×?#]*")
_EXCEL_ERROR = re.compile(r"#(?:ref!|n/?a|value!|div/0!|name\?|null!|num!|spill!|calc!|field!)#?")

_BRACKETED = re.compile(r"\(([^()]*)\)")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)(?!,)")
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?")
_UNIT = r"(?:十|百|千)?万元?|(?:百|千)元|亿元?|元"
_AMOUNT = re.compile(
    rf"(?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d{{1,2}})?)(?P<unit>{_UNIT})?"
    r"(?:(?<=[亿元])(?P<rest>\d+(?:\.\d+)?)(?P<rest_unit>千万元?|百万元?|万元?))?"
)
_BEFORE = re.compile(
    r"(?:人民币|rmb|[¥￥]|项目|工程|总?投资额?|资金|总?概算|总?估算|暂估|暂定|预计|计划|共计?|:)+"
)
_ABOUT = re.compile(r"(?:大?约|大概|近)")
_AFTER = re.compile(r"(?:人民币|整|左右|上下)+$")
_FOREIGN_MONEY = re.compile("美元|欧元|港元|港币|日元|美金")
_UNIT_IN_LABEL = re.compile(r"(?:十|百|千)?万元|亿元|百元|千元|(?<!单)元|[亿万](?![\u4e00-\u9fff])")


class UnreadableError(ValueError):
    """A value is printed, but what it says cannot be told; the message is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum in 万元; `notes` holds what was overcome: about, remark, unit_in_cell, missing_mark."""

    value_wan: Decimal | None
    missing: bool = False
    unit: str | None = None
    notes: tuple[str, ...] = ()


def plain(text: str) -> str:
    """Half-width, lower-case, without any white space: the form in which quantities are read."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def is_missing(text: str) -> bool:
    """Whether a cell says that it holds nothing: empty, a dash, “/”, 待定, #REF! and the like."""
    return not (len(text) > 8 and text[0].isalnum()) and _says_nothing(text)


def is_workbook_error(text: str) -> bool:
    """Whether a cell holds what a failed formula leaves: #DIV/0!, #N/A, #REF!."""
    return len(text) < 16 and _EXCEL_ERROR.fullmatch(plain(text)) is not None


@lru_cache(maxsize=4096)
def _says_nothing(text: str) -> bool:
    text = plain(text).strip("()。;,")
    return (
        text in _MISSING_WORDS
        or _MARKS_ONLY.fullmatch(text) is not None
        or _EXCEL_ERROR.fullmatch(text) is not None
    )


def decimal_of(number: float) -> Decimal:
    """A workbook's number as it is shown: 15 significant digits, no binary artefact."""
    if isinstance(number, int) or (number.is_integer() and abs(number) < 1e15):
        return Decimal(int(number))
    text = format(number, ".15g")
    value = Decimal(text)
    if not value.is_finite():
        raise UnreadableError(f"“{number}”不是数字")
    return plain_decimal(value) if "e" in text else value


def plain_decimal(value: Decimal) -> Decimal:
    """The same number without an exponent and without trailing zeros after the point."""
    if value == value.to_integral_value():
        return value.quantize(Decimal(1)) if abs(value) < Decimal("1e20") else value
    return value.normalize()


def parse_decimal(value: str | float | None) -> Decimal | None:
    """A number from a cell; None if the cell says that there is none.

    Raises UnreadableError for anything else that is printed.
    """
    if isinstance(value, bool):
        raise UnreadableError(f"“{value}”不是数字")
    if isinstance(value, int | float):
        return decimal_of(value)
    if value is None or is_missing(value):
        return None
    text = _without_separators(plain(value), value)
    if _PLAIN.fullmatch(text) is None:
        raise UnreadableError(f"“{value.strip()}”不是数字")
    try:
        return plain_decimal(Decimal(text))
    except InvalidOperation as error:
        raise UnreadableError(f"“{value.strip()}”不是数字") from error


def money_unit(label: str) -> str | None:
    """The unit of money that a header or a “单位：” row names: a key of FACTORS_WAN, or 外币."""
    text = plain(label)
    if _FOREIGN_MONEY.search(text):
        return FOREIGN_UNIT
    found = _UNIT_IN_LABEL.search(text)
    return _unit_name(found[0]) if found else None


def parse_amount(value: str | float | None, default_unit: str = "万元") -> Amount:
    """A sum of money from a cell; a unit printed in the cell prevails over the default.

    Raises UnreadableError where something is printed that is not one certain sum.
    """
    if isinstance(value, bool):
        raise UnreadableError(f"“{value}”不是金额")
    if isinstance(value, int | float):
        if value < 0:
            raise UnreadableError(f"“{value:g}”是负数，不能是投资额")
        return Amount(_in_wan(decimal_of(value), default_unit), unit=default_unit)
    if value is None or not value.strip():
        return Amount(None, missing=True)
    if is_missing(value):
        return Amount(None, missing=True, notes=("missing_mark",))
    return _amount_of_text(value, default_unit)


def _amount_of_text(printed: str, default_unit: str) -> Amount:
    text, notes = _stripped(plain(printed), printed)
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise UnreadableError(f"“{printed.strip()}”不是一个确定的金额")
    unit = _unit_name(match["unit"]) if match["unit"] else default_unit
    if match["unit"] and unit != default_unit:
        notes.append("unit_in_cell")
    value = _in_wan(Decimal(match["number"]), unit)
    if match["rest"]:
        value += _in_wan(Decimal(match["rest"]), _unit_name(match["rest_unit"]))
    return Amount(plain_decimal(value), unit=unit, notes=tuple(notes))


def _stripped(text: str, printed: str) -> tuple[str, list[str]]:
    """Drop the words around a sum that do not change it, and say which kinds there were."""
    notes: list[str] = []
    if "(" in text:
        notes += [
            "about" if remark in ("估", "暂估", "预估", "估算", "约") else "remark"
            for remark in _BRACKETED.findall(text)
        ]
        text = _BRACKETED.sub(lambda found: found[1] if found[1] in FACTORS_WAN else "", text)
    text = text[before.end() :] if (before := _BEFORE.match(text)) else text
    about = _ABOUT.match(text)
    if about:
        text = text[about.end() :]
    shorter = _AFTER.sub("", text)
    if about or shorter.endswith(("左右", "上下")) or "左右" in text or "上下" in text:
        notes.append("about")
    return _without_separators(shorter.rstrip("。;"), printed), notes


def _without_separators(text: str, printed: str) -> str:
    """Drop thousands separators, which must stand where they belong."""
    text = text.replace("'", ",").replace("、", ",")
    if "," not in text:
        return text
    shorter = _GROUPED.sub(lambda found: found[0].replace(",", ""), text)
    if "," in shorter:
        raise UnreadableError(f"“{printed.strip()}”中的分隔号位置不对，看不出是多少")
    return shorter


def _unit_name(unit: str) -> str:
    return unit if unit.endswith("元") else f"{unit}元"


def _in_wan(number: Decimal, unit: str) -> Decimal:
    factor = FACTORS_WAN.get(unit)
    if factor is None:
        raise UnreadableError("金额不是人民币，无法换算成万元")
    return number if factor == 1 else plain_decimal(number * factor)
