"""Files of registers: a workbook or CSV in, a typed workbook or CSV out."""

import csv
import datetime
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import tablib
import xlsxwriter
from import_export.formats.base_formats import Format

from common.workbooks.reading import CellValue, WorkbookError, read_workbook

MAX_ROWS = 20_000
_HEADER_ROWS = 10
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32)))
_WIDEST = 48


@dataclass(frozen=True)
class Table:
    """A header, its rows, and the row number of each as the workbook counts."""

    headers: tuple[str, ...]
    rows: tuple[tuple[CellValue, ...], ...]
    numbers: tuple[int, ...]

    def dataset(self) -> tablib.Dataset:
        """The same for django-import-export; rows and numbers go along as they are."""
        dataset = tablib.Dataset(headers=list(self.headers))
        dataset.rows, dataset.numbers = self.rows, self.numbers
        return dataset


def read_table(data: bytes, filename: str, known: frozenset[str]) -> Table:
    """The first sheet's table, whose header is the row with most of the known column names.

    Blank rows are passed over. Raises WorkbookError with a sentence that says what to do.
    """
    for sheet in read_workbook(data, filename).sheets:
        if sheet.hidden or not sheet.rows:
            continue
        top = max(
            range(min(_HEADER_ROWS, len(sheet.rows))),
            key=lambda index: (len(known.intersection(map(_head, sheet.rows[index]))), -index),
        )
        headers = tuple(map(_head, sheet.rows[top]))
        if not known.intersection(headers):
            break
        kept = [
            (number, row)
            for number, row in enumerate(sheet.rows[top + 1 :], top + 2)
            if row.count("") < len(row)
        ]
        if len(kept) > MAX_ROWS:
            raise WorkbookError(
                "too_many_rows", f"有{len(kept)}行，一次最多{MAX_ROWS}行，请分成几个文件导入。"
            )
        return Table(headers, tuple(row for _, row in kept), tuple(number for number, _ in kept))
    raise WorkbookError(
        "no_header", "找不到表头，请先从登记册导出一份，在导出的表格里修改后再导入。"
    )


def _head(cell: CellValue) -> str:
    return str(cell).strip().removesuffix("*")


class ExcelFormat(Format):  # type: ignore[misc]
    """A workbook: numbers are numbers, codes are text, the header stays in view."""

    def get_title(self) -> str:
        return "Excel（.xlsx）"

    def get_extension(self) -> str:
        return "xlsx"

    def get_content_type(self) -> str:
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def can_export(self) -> bool:
        return True

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:  # noqa: ARG002
        file = io.BytesIO()
        options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
        with xlsxwriter.Workbook(file, options) as book:
            _fill(book, dataset)
        return file.getvalue()


def _fill(book: xlsxwriter.Workbook, dataset: tablib.Dataset) -> None:
    sheet = book.add_worksheet((dataset.title or "登记册")[:31])
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    text = book.add_format({"num_format": "@", "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"})
    top = _write_notice(sheet, dataset)
    for column, head in enumerate(dataset.headers):
        sheet.write_string(top, column, head, bold)
    widths = [_width(head) for head in dataset.headers]
    numeric = set()
    for index, row in enumerate(dataset, top + 1):
        for column, value in enumerate(row):
            widths[column] = max(widths[column], _width(value))
            if isinstance(value, int | Decimal):
                numeric.add(column)
            _write(sheet, (index, column), value, (text, day, moment))
    for column, width in enumerate(widths):
        shape = None if column in numeric else text  # Excel leaves a code such as 5-1 alone
        sheet.set_column(column, column, min(width + 2, _WIDEST), shape)
    sheet.freeze_panes(top + 1, 1)
    sheet.autofilter(top, 0, max(top, top + len(dataset)), max(0, len(dataset.headers) - 1))


def _write_notice(sheet: Any, dataset: tablib.Dataset) -> int:
    """A line above the header, such as the mark of demonstration data; the header's row."""
    notice = getattr(dataset, "notice", "")
    if notice:
        sheet.write_string(0, 0, notice)
    return 1 if notice else 0


def _write(sheet: Any, place: tuple[int, int], value: Any, shapes: tuple[Any, Any, Any]) -> None:
    text, day, moment = shapes
    if value is None or value == "":
        return
    if isinstance(value, int | Decimal):
        sheet.write_number(*place, value)
    elif isinstance(value, datetime.date):
        sheet.write_datetime(*place, value, moment if _has_time(value) else day)
    else:
        sheet.write_string(*place, str(value).translate(_CONTROL), text)


def _has_time(value: datetime.date) -> bool:
    return isinstance(value, datetime.datetime)


def _width(value: Any) -> int:
    """Columns of a spreadsheet that a text takes; a Chinese character takes two."""
    text = str(value)
    return len(text) + sum(letter > "⺀" for letter in text)


class CsvFormat(Format):  # type: ignore[misc]
    """CSV that Excel and WPS open as UTF-8; what would be a formula is a text."""

    def get_title(self) -> str:
        return "CSV"

    def get_extension(self) -> str:
        return "csv"

    def get_content_type(self) -> str:
        return "text/csv; charset=utf-8"

    def can_export(self) -> bool:
        return True

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:  # noqa: ARG002
        file = io.StringIO(newline="")
        writer = csv.writer(file)
        if notice := getattr(dataset, "notice", ""):
            writer.writerow([notice])
        writer.writerow(dataset.headers)
        writer.writerows([_harmless(value) for value in row] for row in dataset)
        return file.getvalue().encode("utf-8-sig")


def _harmless(value: Any) -> str:
    if isinstance(value, str):
        value = value.translate(_CONTROL)
        return f"'{value}" if value.startswith(_ACTIVE) else value
    return "" if value is None else str(value)
