"""Fonts, colours and borders of the workbook."""

from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

from reporting.rules.fields import NUMBER
from reporting.workbooks.rules.book import Row
from reporting.workbooks.rules.layout import HINT, NAME, Column

INK, INK2, INK3, BLUE, AMBER = "#16212C", "#46525E", "#65707C", "#1D4E89", "#5F4700"
WRITABLE, DONE, WRONG = "#FFF9DB", "#EAEEF2", "#FBE3E0"
EDGE, RULE = "#C2CAD3", "#16212C"
_BASE = {"font_name": "Microsoft YaHei", "font_size": 10, "font_color": INK, "valign": "top"}
_BOX = {"border": 1, "border_color": EDGE, "indent": 1}
TEXT_FORMAT = "@"


class Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def of(self, **looks: Any) -> Format:
        """The format with these properties over the common ones."""
        key = tuple(sorted(looks.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({**_BASE, **looks})
        return self._made[key]

    @property
    def title(self) -> Format:
        return self.of(bold=True, font_size=15, valign="vcenter")

    @property
    def line(self) -> Format:
        return self.of(font_color=INK2, valign="vcenter")

    def head(self, *, is_written: bool, is_number: bool) -> Format:
        """The head of a column, in line with its cells; one that is written in is blue."""
        looks: dict[str, Any] = {"font_size": 9, "bottom": 1, "bottom_color": RULE}
        looks |= {"bold": True, "font_color": BLUE} if is_written else {"font_color": INK2}
        looks |= {"align": "right" if is_number else "left", "indent": int(is_written or is_number)}
        return self.of(**looks, text_wrap=True, valign="bottom")

    def reference(self, name: str, number_format: str = "") -> Format:
        """A cell that only informs."""
        ink = {NAME: INK, HINT: AMBER}.get(name, INK2)
        looks: dict[str, Any] = {"font_color": ink, "bottom": 1, "bottom_color": EDGE}
        if name == HINT:
            looks["indent"] = 1
        if number_format:
            looks |= {"num_format": number_format, "align": "right", "indent": 1}
        return self.of(**looks, text_wrap=True)

    def answer(self, row: Row, column: Column) -> Format:
        """A cell that holds an answer: yellow, grey once handed in, red where it is wrong."""
        item = column.field(row.form)
        is_number = item is not None and item.type == NUMBER
        ground = WRONG if column.name in row.marks else DONE if row.locked else WRITABLE
        looks: dict[str, Any] = {
            "bg_color": ground,
            "locked": bool(row.locked),
            "indent": 1,
            **_BOX,
        }
        if is_number:
            looks |= {"align": "right", "num_format": number_format(row, column)}
        else:
            looks |= {"num_format": TEXT_FORMAT, "text_wrap": True, "align": "left"}
        if column.name == "value" and is_number:
            looks |= {"bold": not row.locked, "font_size": 12}
        return self.of(**looks, **({"font_color": INK2} if row.locked else {}))


def number_format(row: Row, column: Column) -> str:
    """The places of a target's value; sums with separators; percentages as they are typed."""
    if column.name == "value" and row.decimals is not None:
        return f"0.{'0' * row.decimals}" if row.decimals else "0"
    return "#,##0.##" if column.name.endswith("_wan") else "General"
