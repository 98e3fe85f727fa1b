"""Reads an uploaded workbook by its headings and keys, wherever they were moved to. Pure.

Only values are read: no validation, format or formula of the file is trusted.
"""

import html
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from common.quarters import Period
from common.workbooks.reading import Sheet, Workbook, column_letter, read_workbook
from reporting.workbooks.rules import layout
from reporting.workbooks.rules.cell_readings import Value, cleaned, text_of
from reporting.workbooks.rules.layout import RowKey

_TOKEN = re.compile(r"kf\d+:[-\w:]+")
_TOKEN_PARTS = ("xl/workbook.xml", "docProps/custom.xml")
_HEADING_ROWS = 20
_LEAST_HEADINGS = 3
_LONGEST_STRAY, _MOST_STRAYS = 30, 50


@dataclass(frozen=True)
class FileCell:
    """One cell: the key of its row, the name of its column, its text and where it stands."""

    key: str
    column: str
    text: str
    place: str
    lacks_result: bool = False
    """Whether it is a formula that was saved without its result."""


@dataclass(frozen=True)
class FileReading:
    """What a workbook says. `strays`: what could not be matched with a row, in sentences."""

    cells: tuple[FileCell, ...]
    strays: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Table:
    """A sheet whose headings were found: in which row, and which column stands where."""

    sheet: Sheet
    known: layout.Sheet
    top: int
    places: Mapping[str, int]

    def value(self, row: int, name: str) -> Value:
        place = self.places.get(name)
        return "" if place is None else self.sheet.rows[row][place]

    def text(self, row: int, name: str) -> str:
        return text_of(self.value(row, name), None)

    def where(self, row: int, name: str) -> str:
        return f"“{self.sheet.name}”表 {column_letter(self.places[name])}{row + 1}"


def token_texts(data: bytes, workbook: Workbook) -> list[str]:
    """The tokens that the file carries: of a hidden sheet, a defined name, a property."""
    cells = (text_of(sheet.rows[0][0], None) for sheet in workbook.sheets if any(sheet.rows))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        parts = [
            html.unescape(archive.read(part).decode("utf-8", "replace"))
            for part in _TOKEN_PARTS
            if part in names
        ]
    found = [match[0] for text in (*cells, *parts) for match in _TOKEN.finditer(text)]
    return list(dict.fromkeys(found))


def read_cells(workbook: Workbook, *, keys: Iterable[str], period: str) -> FileReading:
    """The cells of the known rows. `keys` are the rows of the download, `period` is its own.

    A row that stands twice counts once; where the two differ, the second is named and left out.
    """
    rows = _Rows.of(keys, period)
    cells: dict[tuple[str, str], FileCell] = {}
    strays: list[str] = []
    for table in _tables(workbook):
        for row in range(table.top + 1, len(table.sheet.rows)):
            key = rows.key(table, row)
            if key is None:
                strays += _stray(table, row)
                continue
            for cell in _row_cells(table, row, key):
                known = cells.setdefault((cell.key, cell.column), cell)
                is_answer = bool(cell.text and table.known.column(cell.column).fields)
                if is_answer and known.text != cell.text:
                    strays.append(f"{cell.place}：{known.place}已有同一格，内容不同，没有用")
    more = [f"另有{len(strays) - _MOST_STRAYS}处"] if len(strays) > _MOST_STRAYS else []
    return FileReading(tuple(cells.values()), (*strays[:_MOST_STRAYS], *more))


def read_file(data: bytes, filename: str) -> Workbook:
    """Every sheet of an .xlsx. Raises WorkbookError with a sentence."""
    return read_workbook(data, filename)


@dataclass(frozen=True)
class _Rows:
    """The rows of the download, by key, and by code where the hidden column was lost."""

    keys: frozenset[str]
    by_code: Mapping[tuple[bool, str, str], tuple[RowKey, ...]]

    @classmethod
    def of(cls, keys: Iterable[str], period: str) -> "_Rows":
        known = [found for key in keys if (found := RowKey.parse(key))]
        by_code: dict[tuple[bool, str, str], tuple[RowKey, ...]] = {}
        for one in known:
            place = (one.period != period, one.kind, one.code)
            by_code[place] = (*by_code.get(place, ()), one)
        return cls(frozenset(map(str, known)), by_code)

    def key(self, table: _Table, row: int) -> str | None:
        own = table.text(row, layout.KEY)
        if own:
            return own if own in self.keys else None
        code, is_other = table.text(row, layout.CODE), table.known.name == layout.BACKFILL
        kinds = dict.fromkeys(layout.kind_of(form) for form in table.known.forms)
        found = [one for kind in kinds for one in self.by_code.get((is_other, kind, code), ())]
        if is_other and len(found) > 1:
            quarter = table.text(row, "quarter")
            found = [one for one in found if Period.parse(one.period).label in quarter]
        return str(found[0]) if len(found) == 1 else None


def _tables(workbook: Workbook) -> Iterator[_Table]:
    for sheet in workbook.sheets:
        found = [
            table
            for top in range(min(_HEADING_ROWS, len(sheet.rows)))
            if (table := _table(sheet, top)) is not None
        ]
        if found:
            yield max(found, key=lambda table: len(table.places))


def _table(sheet: Sheet, top: int) -> _Table | None:
    """The table whose headings stand in this row; the sheet's name does not count."""
    headings: dict[str, int] = {}
    for place, value in enumerate(sheet.rows[top]):
        headings.setdefault(layout.heading_words(text_of(value, None)), place)
    if layout.heading_words("编号") not in headings and layout.KEY_HEADING not in headings:
        return None
    best: _Table | None = None
    for known in layout.SHEETS.values():
        places = {
            column.name: headings[words]
            for column in known.columns
            if (words := layout.heading_words(column.heading)) in headings
        }
        if len(places) >= _LEAST_HEADINGS and (best is None or len(places) > len(best.places)):
            best = _Table(sheet, known, top, places)
    return best


def _row_cells(table: _Table, row: int, key: str) -> Iterator[FileCell]:
    kind = key.split(":")[1]
    forms = [form for form in table.known.forms if layout.kind_of(form) == kind]
    for column in table.known.columns:
        if column.name in {layout.KEY, layout.HINT} or column.name not in table.places:
            continue
        field = next((one for form in forms if (one := column.field(form))), None)
        at = (row, table.places[column.name])
        yield FileCell(
            key,
            column.name,
            text_of(table.value(row, column.name), field),
            table.where(row, column.name),
            lacks_result=at in table.sheet.unsaved_formulas,
        )


def _stray(table: _Table, row: int) -> Iterator[str]:
    """A sentence for a row with an answer that belongs to none of the download's rows."""
    answers = [column for column in table.known.columns if column.fields]
    if not any(cleaned(table.text(row, column.name)) for column in answers):
        return
    code = table.text(row, layout.CODE) or table.text(row, layout.NAME)
    named = f"（{code[:_LONGEST_STRAY]}）" if code else ""
    yield f"“{table.sheet.name}”表第{row + 1}行{named}：认不出是哪一项，没有用"
