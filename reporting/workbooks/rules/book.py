"""What is written into a workbook: rows with their references, answers and locks. Pure."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from reporting.workbooks.rules.layout import BACKFILL, SHEETS, Sheet

CellPlace = tuple[str, str]
"""A cell by the key of its row and the name of its column."""


@dataclass(frozen=True)
class Row:
    """One item. `cells` are the answers by column, as they are shown."""

    key: str
    form: str
    sheet: str
    reference: Mapping[str, str | Decimal]
    cells: Mapping[str, str]
    locked: str = ""
    """Why it takes no answers; empty where it does."""
    decimals: int | None = None
    """The decimals of its number, for a target."""
    shortfall: tuple[str, Decimal] | None = None
    """The comparison by which its value misses the requirement: below 75 is ("<", 75)."""
    was_completed: bool = False
    """Whether a project had been completed before."""
    prompts: Mapping[str, str] = field(default_factory=dict)
    """Column → what is said beside its cell while somebody writes in it."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """Column → what is wrong in its cell, in a copy with the problems marked."""

    @property
    def title(self) -> str:
        return f"{self.reference['code']} {self.reference['name']}"


@dataclass(frozen=True)
class Book:
    """The workbook of an agency and a period."""

    token: str
    agency: str
    agency_full: str
    period: str
    due: str
    by: str
    at: datetime.datetime
    guide: tuple[tuple[str, str], ...]
    """Lines of the first sheet: what, and how."""
    rows: tuple[Row, ...]
    narrative: tuple[int, int] = (50, 800)
    """The least and the largest length of a task's progress."""

    @property
    def takes_answers(self) -> bool:
        return any(not row.locked for row in self.rows)

    @property
    def sheets(self) -> list[tuple[Sheet, list[Row]]]:
        """The sheets that have rows, in order."""
        found = [(sheet, [row for row in self.rows if row.sheet == sheet.name])
                 for sheet in SHEETS.values()]  # fmt: skip
        return [(sheet, rows) for sheet, rows in found if rows]

    @property
    def own_sheets(self) -> list[tuple[Sheet, list[Row]]]:
        """The sheets of the workbook's own period, which the sheet for the stamp quotes."""
        return [(sheet, rows) for sheet, rows in self.sheets if sheet.name != BACKFILL]

    def marked(self, uploaded: Mapping[CellPlace, str], marks: Mapping[CellPlace, str]) -> "Book":
        """The same workbook with uploaded answers in their cells and problems marked.

        A cell that is locked now keeps the stored answer.
        """
        rows = []
        for row in self.rows:
            sent = {name: text for (key, name), text in uploaded.items() if key == row.key}
            wrong = {name: words for (key, name), words in marks.items() if key == row.key}
            kept = row.cells if row.locked else {**row.cells, **sent}
            rows.append(replace(row, cells=kept, marks=wrong))
        return replace(self, rows=tuple(rows))
