"""One cell of an uploaded workbook, read as the form's field of the same name reads it. Pure."""

import datetime
import re
from dataclasses import dataclass

from common.quantities import UnreadableError, decimal_of, parse_decimal, plain_decimal
from common.quarters import Period
from reporting.answers.rules.answers import MONEY, read
from reporting.rules.fields import CHOICE, LONG, MONTH, NUMBER, SHORT, TICK, TICKED, Field
from reporting.workbooks.rules import layout

Value = str | int | float | bool | datetime.date | datetime.time | datetime.timedelta
"""What a cell holds; the empty string where it holds nothing."""

LONGEST = 20_000
"""The longest text that a field stores, as where it is typed."""

_FIRST_DAY = datetime.date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)
"""Days since `_FIRST_DAY` of 1954 to 2119: a date whose format an office program dropped."""

_ESCAPED_RETURN = re.compile(r"_x000[dD]_")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufeff\u200b]")
_ERROR = re.compile(
    r"#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)", re.IGNORECASE
)
_NO_RESULT = "格里是公式，没有算出的值；在WPS或Excel里打开、保存后重新上传，或在这里填"


@dataclass(frozen=True, slots=True)
class CellReading:
    """What a text says to a field: `stored` would be written, `meaning` is equal for equal answers.

    `problem` says why it cannot be read; `stored` is then the text as it stands.
    """

    stored: str = ""
    meaning: str = ""
    problem: str = ""


NOTHING = CellReading()


def cleaned(text: str) -> str:
    """A text without what office programs add or drop: ends of lines and blanks before them."""
    text = _ESCAPED_RETURN.sub("\r", text).replace("\r\n", "\n").replace("\r", "\n")
    lines = _CONTROL.sub("", text).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def text_of(value: Value, field: Field | None) -> str:
    """A cell's value as it would have been typed into its field; None for a reference column."""
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return _number_text(value, field)
    if isinstance(value, datetime.date):
        return f"{value:%Y-%m}" if _is_month(field) else f"{value:%Y-%m-%d}"
    return str(value)


def reading(*, field: Field, kind: str, text: str, now: Period) -> CellReading:
    """Read a text as the form's field does; `now` is the period that 本季度 refers to.

    Words that stand for an answer, as 尚未取得 in the cell of a value, are kept as they are.
    """
    text = cleaned(text)
    if not text:
        return NOTHING
    if len(text) > LONGEST:
        return CellReading(text, text, f"有{len(text)}字，超过能保存的{LONGEST}字，精简后再填")
    if text in layout.words_of(kind, field.name):
        return CellReading(text, text)
    if _ERROR.fullmatch(text):
        return CellReading(text, text, f"格里是错误值{text}，改成要填的内容")
    if field.type in {SHORT, LONG}:
        return CellReading(text, text)
    answers = read(kind, {field.name: text}, now)
    if field.name in answers.unreadable:
        return CellReading(text, text, answers.unreadable[field.name])
    if field.type == NUMBER:
        return _number(field, text, answers.typed[field.name].value, answers.typed[field.name].unit)
    found = getattr(answers, field.name)
    if field.type == TICK:
        meaning = TICKED if found else ""
    elif field.type in {CHOICE, MONTH}:
        meaning = found or ""
    else:
        meaning = found.code if found else ""
    return CellReading(meaning, meaning)


def reference(text: str) -> CellReading:
    """A cell that only informs: numbers are equal however many decimals they are printed with."""
    text = cleaned(text)
    try:
        number = parse_decimal(text)
    except UnreadableError:
        number = None
    return CellReading(text, text if number is None else f"{plain_decimal(number):f}")


def without_result() -> CellReading:
    """The reading of a formula that was saved without its result."""
    return CellReading(problem=_NO_RESULT)


def _is_month(field: Field | None) -> bool:
    return field is not None and field.type == MONTH


def _number_text(value: float, field: Field | None) -> str:
    shown = decimal_of(value)
    if _is_month(field) and shown == int(shown) and int(shown) in _SERIALS:
        return f"{_FIRST_DAY + datetime.timedelta(days=int(shown)):%Y-%m}"
    return f"{shown:f}"


def _number(field: Field, text: str, value: object, unit: str) -> CellReading:
    """A number; 78.60 is 78.6, and a sum is one whatever unit it was typed in."""
    if value is None:
        return NOTHING
    return CellReading(text, f"{value:f}" if field.name in MONEY else f"{value:f}{unit}")
