"""What a cell of a register may hold: read from a workbook, compared, shown and written back.

`clean` raises ValueError with a Chinese clause that names the value and says what to do.
"""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from import_export.widgets import Widget

_YES = {"是", "1", "true", "yes", "y", "√", "✓", "对"}
_NO = {"否", "0", "false", "no", "n", "×", "✗", "不是", ""}
_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?$")
_GROUPED = re.compile(r"[,，\s](?=\d{3}(\D|$))")
_MISSING = {"—", "——", "-", "--", "/", "无", "－", "／"}
_QUOTED = ("'=", "'+", "'-", "'@")
_OPENING, _CLOSING, _SEPARATORS = "(（", ")）", "、，,；;\n"


def plain(value: object) -> str:
    """The text of a cell: whole numbers without .0, edges trimmed."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime):
        value = value.date() if value.time() == datetime.time() else value
    return "" if value is None else str(value).strip()


class TextCell(Widget):  # type: ignore[misc]
    """A text; the base of the others. An empty cell reads as `empty`."""

    empty: Any = ""

    def __init__(self, *, max_length: int | None = None) -> None:
        super().__init__()
        self.max_length = max_length

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:  # noqa: ARG002
        text = plain(value)
        if text.startswith(_QUOTED):
            text = text[1:]  # written so by the CSV export, lest a spreadsheet computes it
        return self.read(value, text) if text else self.empty

    def read(self, value: Any, text: str) -> Any:
        """The value of a cell that is not empty; `value` as typed, `text` as printed."""
        self._check_not_a_date(value, text)
        if self.max_length and len(text) > self.max_length:
            raise ValueError(f"有{len(text)}个字，最多{self.max_length}个字")
        return text

    @property
    def hint(self) -> str:
        """What may be written into it."""
        return f"文字，最多{self.max_length}个字" if self.max_length else "文字"

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:  # noqa: ARG002
        """The value as it is written into a workbook: text, number or date."""
        return "" if value is None else value

    def show(self, value: Any) -> str:
        """The value as a person reads it."""
        return plain(self.render(value))

    @staticmethod
    def _check_not_a_date(value: Any, text: str) -> None:
        if isinstance(value, datetime.date):
            raise ValueError(f"“{text}”是日期，可能被Excel自动改过；把这一列设成“文本”格式再填")


class NumericCell(TextCell):
    """What both kinds of number share: a dash is as good as an empty cell."""

    empty = None

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return None if value in _MISSING else super().clean(value, row, **kwargs)


class WholeNumberCell(NumericCell):
    """A whole number."""

    @property
    def hint(self) -> str:
        return "整数"

    def __init__(self, *, least: int = 0, most: int = 2_147_483_647) -> None:
        super().__init__()
        self.least, self.most = least, most

    def read(self, value: Any, text: str) -> int:
        number = _number(value, text)
        if number != number.to_integral_value():
            raise ValueError(f"“{text}”不是整数")
        if not self.least <= number <= self.most:
            raise ValueError(f"“{text}”超出范围，须在{self.least}至{self.most}之间")
        return int(number)


class WholeNumbersCell(WholeNumberCell):
    """Several whole numbers in one cell, joined by 、; kept from the smallest on, each once."""

    empty: Any = ()

    @property
    def hint(self) -> str:
        return f"{super().hint}；几个之间用“、”隔开"

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[int]:
        return list(super().clean(value, row, **kwargs) or ())

    def read(self, value: Any, text: str) -> Any:  # noqa: ARG002
        return sorted({super(WholeNumbersCell, self).read(part, part) for part in split_list(text)})

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:  # noqa: ARG002
        return "、".join(str(item) for item in value or ())


class DecimalCell(NumericCell):
    """A Decimal without needless zeros, checked against the digits that the field holds."""

    @property
    def hint(self) -> str:
        return f"数字，最多{self.decimal_places}位小数，不带单位"

    def __init__(self, *, max_digits: int, decimal_places: int) -> None:
        super().__init__()
        self.decimal_places = decimal_places
        self.limit = Decimal(10) ** (max_digits - decimal_places)

    def read(self, value: Any, text: str) -> Decimal:
        number = normalised(_number(value, text))
        exponent = number.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.decimal_places:
            raise ValueError(f"“{text}”的小数超过{self.decimal_places}位，先四舍五入再填")
        if abs(number) >= self.limit:
            raise ValueError(f"“{text}”太大，请检查单位")
        return number

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:  # noqa: ARG002
        return "" if value is None else normalised(value)


class YesNoCell(TextCell):
    """是 or 否; empty is 否, or not decided yet where the field knows that."""

    def __init__(self, *, may_be_open: bool = False) -> None:
        super().__init__()
        self.empty = None if may_be_open else False

    @property
    def hint(self) -> str:
        return "是、否，未确定时留空" if self.empty is None else "是、否"

    def read(self, value: Any, text: str) -> bool:
        if isinstance(value, bool):
            return value
        word = text.lower()
        if word in _YES or word in _NO:
            return word in _YES
        raise ValueError(f"“{text}”看不懂，只填“是”或“否”")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:  # noqa: ARG002
        return "" if value is None else "是" if value else "否"


class DateCell(TextCell):
    """A date, typed or written as 2026-11-22, 2026/11/22 or 2026年11月22日."""

    empty = None

    @property
    def hint(self) -> str:
        return "日期，如2026-11-22"

    def read(self, value: Any, text: str) -> datetime.date:
        if isinstance(value, datetime.datetime):
            return value.date()
        if isinstance(value, datetime.date):
            return value
        match = _DATE.match(text)
        try:
            if match:
                return datetime.date(*(int(part) for part in match.groups()))
        except ValueError:
            pass
        raise ValueError(f"“{text}”不是日期，请写成2026-11-22")


class DateTimeCell(TextCell):
    """A moment, only shown: in local time, as spreadsheets know no other."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:  # noqa: ARG002
        return "" if value is None else timezone.localtime(value).replace(tzinfo=None)


class ChoiceCell(TextCell):
    """One of a field's choices, by its label."""

    @property
    def hint(self) -> str:
        return f"可以填：{'、'.join(self.labels.values())}"

    def __init__(self, choices: Iterable[tuple[Any, Any]]) -> None:
        super().__init__()
        self.labels = {value: str(label) for value, label in choices}
        self.values = {label: value for value, label in self.labels.items()} | {
            str(value): value for value in self.labels
        }

    def read(self, value: Any, text: str) -> Any:  # noqa: ARG002
        if text not in self.values:
            raise ValueError(f"“{text}”不在可选范围内，可以填：{'、'.join(self.labels.values())}")
        return self.values[text]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:  # noqa: ARG002
        return self.labels.get(value, "" if value is None else str(value))


class ChoicesCell(ChoiceCell):
    """Several of a field's choices in one cell, joined by 、; kept in the order of the choices."""

    empty: Any = ()

    @property
    def hint(self) -> str:
        return f"{super().hint}；几个之间用“、”隔开"

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[Any]:
        return list(super().clean(value, row, **kwargs))

    def read(self, value: Any, text: str) -> list[Any]:
        chosen = {super(ChoicesCell, self).read(value, part) for part in split_list(text)}
        return [value for value in self.labels if value in chosen]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:  # noqa: ARG002
        return "、".join(self.labels.get(item, str(item)) for item in value or ())


class References:
    """The records that cells may name: every spelling leads to one id."""

    def __init__(
        self, noun: str, names: Mapping[Any, str], spellings: Mapping[str, Any] | None = None
    ) -> None:
        self.noun = noun
        self.names = names
        self.ids = dict(spellings or {}) | {name: pk for pk, name in names.items()}

    @classmethod
    def of(cls, noun: str, rows: Iterable[Sequence[Any]]) -> "References":
        """From rows of an id, the name that is shown, and further spellings."""
        found = list(rows)
        spellings = {text: pk for pk, _, *more in found for text in more if text}
        return cls(noun, {pk: name for pk, name, *_ in found}, spellings)

    def find(self, text: str) -> Any:
        """The id of a name; ValueError with the nearest names."""
        found = self.ids.get(text)
        if found is None:
            raise ValueError(self.unknown(text))
        return found

    def unknown(self, text: str) -> str:
        """The clause that says so, with names that resemble it."""
        near = self.nearest(text)
        hint = f"相近的有：{'、'.join(near)}" if near else "请先登记，或检查写法"
        return f"没有“{text}”这个{self.noun}，{hint}"

    def nearest(self, text: str) -> list[str]:
        """At most three known names that hold the text or start like it."""
        return [name for name in self.names.values() if text in name or name in text][:3]


class ReferenceCell(TextCell):
    """A record, by name; its value is the id."""

    empty = None

    @property
    def hint(self) -> str:
        return f"{self.references.noun}的名称、简称或别名"

    def __init__(self, references: References) -> None:
        super().__init__()
        self.references = references

    def read(self, value: Any, text: str) -> Any:
        self._check_not_a_date(value, text)
        return self.references.find(text)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:  # noqa: ARG002
        return "" if value is None else self.references.names[value]


class ReferencesCell(TextCell):
    """Records in one cell, joined by 、; the value is a tuple of ids.

    Where the order means nothing, it is that of the records themselves.
    """

    empty: Any = ()

    @property
    def hint(self) -> str:
        return (
            f"{self.references.noun}的名称，几个之间用“、”隔开{'，按顺序' if self.ordered else ''}"
        )

    def __init__(self, references: References, *, ordered: bool = True) -> None:
        super().__init__()
        self.references = references
        self.ordered = ordered

    def read(self, value: Any, text: str) -> tuple[int, ...]:
        self._check_not_a_date(value, text)
        found = tuple(self.references.find(part) for part in split_list(text))
        for pk in found:
            if found.count(pk) > 1:
                raise ValueError(f"“{self.references.names[pk]}”写了不止一次")
        return found if self.ordered else tuple(pk for pk in self.references.names if pk in found)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:  # noqa: ARG002
        return "、".join(self.references.names[pk] for pk in value or ())


def split_list(text: str) -> list[str]:
    """Parts between 、，,；; and line breaks, but not inside brackets."""
    parts, depth = [""], 0
    for letter in text:
        depth = max(0, depth + (letter in _OPENING) - (letter in _CLOSING))
        if letter in _SEPARATORS and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


def normalised(number: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent: 0.1800 is 0.18, 1E+2 is 100."""
    number = number.normalize()
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number


def _number(value: Any, text: str) -> Decimal:
    if isinstance(value, bool | datetime.date):
        raise ValueError(f"“{text}”不是数字")
    if isinstance(value, float):
        return Decimal(format(value, ".15g"))
    try:
        number = Decimal(_GROUPED.sub("", text).replace("−", "-"))
    except InvalidOperation:
        raise ValueError(f"“{text}”不是数字，只填数字，不带单位") from None
    if not number.is_finite():
        raise ValueError(f"“{text}”不是数字")
    return number
