"""Reading a workbook's cells as values, with merged ranges, from .xlsx or .csv.

The file is never trusted: see `common.workbooks.files`. A formula counts as its saved value.
"""

import codecs
import csv
import datetime
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from common.workbooks.facts import (
    PLAIN_SHEET,
    Position,
    SheetFacts,
    sheet_facts,
    sheet_paths,
    without_far_cells,
)
from common.workbooks.files import (
    WorkbookError,
    check_parts,
    checked_kind,
    open_parts,
    read_part,
    repacked,
)

__all__ = [
    "CellValue",
    "MergedRange",
    "Position",
    "Sheet",
    "Workbook",
    "WorkbookError",
    "column_letter",
    "read_workbook",
]

CellValue = str | int | float | bool | datetime.date | datetime.time | datetime.timedelta
"""What a cell holds; the empty string where it holds nothing."""

MAX_CELLS = 2_000_000
MAX_MERGES = 50_000
_WIDEST_TABLE = 100
_MOST_FAR_CELLS = 500
_DELIMITERS = (",", "\t", ";")
_CSV_SHEET = "CSV"


@dataclass(frozen=True, slots=True)
class MergedRange:
    """A merged range, its first and last rows and columns from 0, both included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """A worksheet from cell A1; `rows[0]` is row 1 and all rows are equally wide.

    `far_cells` counts stray cells far outside, which were left out.
    """

    name: str
    rows: tuple[tuple[CellValue, ...], ...]
    merged: tuple[MergedRange, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    formulas: frozenset[Position] = frozenset()
    unsaved_formulas: frozenset[Position] = frozenset()
    far_cells: int = 0


@dataclass(frozen=True)
class Workbook:
    """The worksheets of a file in their order; chart sheets and the like are left out."""

    sheets: tuple[Sheet, ...]


def column_letter(index: int) -> str:
    """The letters of a column, counted from 0: A, B … Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_workbook(data: bytes, filename: str) -> Workbook:
    """Every worksheet of a file.

    Raises WorkbookError, whose message is one Chinese sentence that says what to do.
    """
    workbook = _read_xlsx(data) if checked_kind(data, filename) == "xlsx" else _read_csv(data)
    if not any(sheet.rows for sheet in workbook.sheets):
        raise WorkbookError("empty_file", "工作簿里没有任何内容，请检查是否传错了文件。")
    return workbook


def _read_xlsx(data: bytes) -> Workbook:
    archive = open_parts(data)
    check_parts(archive)
    data, facts_of = _within_bounds(data, archive)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            sheets = []
            for index, meta in enumerate(book.sheets_metadata):
                if meta.typ != SheetTypeEnum.WorkSheet:
                    continue
                facts = facts_of[index] if index < len(facts_of) else PLAIN_SHEET
                _check_extent(meta.name, facts)
                hidden = meta.visible != SheetVisibleEnum.Visible
                sheets.append(_sheet(book, index, meta.name, hidden, facts))
    except (CalamineError, OSError) as error:
        raise _unreadable() from error
    except BaseException as error:
        if (
            type(error).__name__ == "PanicException"
        ):  # calamine is Rust: its panics are no Exception
            raise _unreadable() from error
        raise
    return Workbook(tuple(sheets))


def _within_bounds(data: bytes, archive: zipfile.ZipFile) -> tuple[bytes, list[SheetFacts]]:
    """The file without stray cells far outside its tables, and the facts of its sheets.

    Calamine holds a sheet as one block from its first to its last cell, however few there are.
    """
    facts_of: list[SheetFacts] = []
    cropped: dict[str, bytes] = {}
    for path in sheet_paths(archive):
        xml = read_part(archive, path)
        facts = sheet_facts(xml) if xml else PLAIN_SHEET
        height, width = facts.height or 0, facts.width or 0
        if height * width > MAX_CELLS:
            width = min(width, _WIDEST_TABLE)
            shorter, far = without_far_cells(xml, MAX_CELLS // width, width)
            if far <= _MOST_FAR_CELLS:
                cropped[path] = shorter
                facts = replace(sheet_facts(shorter), far_cells=far)
        facts_of.append(facts)
    return (repacked(archive, cropped) if cropped else data), facts_of


def _unreadable() -> WorkbookError:
    return WorkbookError(
        "damaged",
        "工作簿内部已损坏，读不出来，请在WPS或Excel中打开确认后另存为.xlsx再上传。",
    )


def _check_extent(name: str, facts: SheetFacts) -> None:
    height, width = facts.height or 0, facts.width or 0
    if height * width > MAX_CELLS:
        place = f"{column_letter(width - 1)}{height}"
        raise WorkbookError(
            "too_many_cells",
            f"工作表“{name}”的内容一直铺到{place}，超过200万格的上限，"
            "请删去表格以外的行和列（包括看不见的空格）后重新上传。",
        )


def _sheet(book: CalamineWorkbook, index: int, name: str, hidden: bool, facts: SheetFacts) -> Sheet:
    source = book.get_sheet_by_index(index)
    rows = source.to_python(skip_empty_area=False) if source.start is not None else []
    _show_errors(rows, facts.errors)
    merged = source.merged_cell_ranges or []
    if len(merged) > MAX_MERGES:
        raise WorkbookError(
            "too_many_cells",
            f"工作表“{name}”有{len(merged)}处合并单元格，超过5万处的上限，"
            "请把需要的表格复制到新的工作簿后重新上传。",
        )
    return Sheet(
        name=name,
        rows=tuple(map(tuple, rows)),
        merged=tuple(
            MergedRange(top, left, bottom, right) for (top, left), (bottom, right) in sorted(merged)
        ),
        hidden=hidden,
        hidden_rows=facts.hidden_rows,
        formulas=facts.formulas,
        unsaved_formulas=facts.unsaved_formulas,
        far_cells=facts.far_cells,
    )


def _show_errors(rows: list[list[CellValue]], errors: Mapping[Position, str]) -> None:
    """Calamine returns error values as empty cells; what is printed is #REF! and the like."""
    for (row, column), text in errors.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text


def _read_csv(data: bytes) -> Workbook:
    text = _decoded(data).replace("\x00", "")
    first, _, rest = text.partition("\n")
    delimiter = ""
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text = first.strip()[4], rest
    rows, width = _csv_rows(text, delimiter or _delimiter(text))
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    padded = tuple(tuple(row) + ("",) * (width - len(row)) for row in rows)
    return Workbook((Sheet(_CSV_SHEET, padded),))


def _csv_rows(text: str, delimiter: str) -> tuple[list[list[str]], int]:
    rows: list[list[str]] = []
    width = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            width = max(width, len(row))
            _check_extent(_CSV_SHEET, SheetFacts(height=len(rows), width=width))
    except csv.Error as error:
        raise WorkbookError(
            "damaged",
            "CSV文件的引号或换行不成对，读不出来，请在WPS或Excel中打开后另存为.xlsx再上传。",
        ) from error
    return rows, width


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WorkbookError(
        "encoding",
        "文件里的文字编码认不出来，请在WPS或Excel中打开后另存为.xlsx再上传。",
    )


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first rows into most cells, most evenly."""
    sample = text[:65536]

    def evenness(delimiter: str) -> tuple[int, int]:
        try:
            rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
            widths = [len(row) for row in rows]
        except csv.Error:
            return (0, 0)
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
        return (widths.count(usual) if usual > 1 else 0, usual)

    return max(_DELIMITERS, key=evenness)
