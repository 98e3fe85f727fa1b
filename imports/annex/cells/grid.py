"""A worksheet as a grid of printed texts, its merged ranges filled."""

import datetime
from collections.abc import Sequence

from common.quantities import decimal_of
from common.workbooks.reading import CellValue, MergedRange, Sheet
from imports.annex.cells.text import one_line

Anchor = tuple[int, int]


class Grid:
    """Rows and columns count from 0. Covered cells show what their merged range holds."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.height = len(sheet.rows)
        self.width = len(sheet.rows[0]) if sheet.rows else 0
        self.rows: list[Sequence[CellValue]] = list(sheet.rows)
        self._anchors: dict[Anchor, MergedRange] = {}
        self.wide_rows: set[int] = set()
        self._room = self.height * self.width  # ranges that overlap are forged: never more work
        for merged in sheet.merged:
            self._fill(merged)

    def _fill(self, merged: MergedRange) -> None:
        if merged.top >= self.height or merged.left >= self.width:
            return
        value = self.sheet.rows[merged.top][merged.left]
        if isinstance(value, str) and not value.strip():
            return
        bottom, right = min(merged.bottom, self.height - 1), min(merged.right, self.width - 1)
        self._room -= (bottom - merged.top + 1) * (right - merged.left + 1)
        if self._room < 0:
            return
        columns = range(merged.left, right + 1)
        for row in range(merged.top, bottom + 1):
            if row != merged.top or right > merged.left:
                filled = list(self.rows[row])
                filled[merged.left : right + 1] = [value] * len(columns)
                self.rows[row] = filled
            for column in columns:
                self._anchors[row, column] = merged
            if right > merged.left:
                self.wide_rows.add(row)

    def merged_at(self, row: int, column: int) -> MergedRange | None:
        """The merged range with a value that covers a cell."""
        return self._anchors.get((row, column))

    def is_from_above(self, row: int, column: int) -> bool:
        """Whether a cell shows the value of a merged range that begins in an earlier row."""
        merged = self._anchors.get((row, column))
        return merged is not None and merged.top < row

    def text(self, row: int, column: int) -> str:
        """A cell as one line of text; empty outside the grid."""
        if row >= self.height or column >= self.width:
            return ""
        value = self.rows[row][column]
        return one_line(value if isinstance(value, str) else printed(value))

    def filled(self, row: int) -> list[tuple[int, str]]:
        """The cells of a row that hold something, each merged range once, at its first column."""
        cells = []
        for column, value in enumerate(self.rows[row]):
            if value == "":
                continue
            merged = self._anchors.get((row, column))
            if merged is not None and merged.left != column:
                continue
            text = one_line(printed(value))
            if text:
                cells.append((column, text))
        return cells

    def own(self, row: int) -> list[tuple[int, str]]:
        """The filled cells of a row that do not come from a merged range above it."""
        return [cell for cell in self.filled(row) if not self.is_from_above(row, cell[0])]

    def is_blank(self, row: int) -> bool:
        return not any(value != "" and printed(value).strip() for value in self.rows[row])


def printed(value: CellValue) -> str:
    """A cell's value as it is read on paper."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{decimal_of(value):f}"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return f"{value:%Y-%m-%d}"
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return str(value)
    return str(value)
