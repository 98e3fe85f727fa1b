"""Lists as workbooks: numbers stay numbers, the head is frozen and filtered, print is set."""

import datetime
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone

from common.formats import zh_date

Cell = str | int | Decimal | datetime.date | None
DEMO_NOTE = "演示数据：实际值均为虚构，不代表开福区真实进展。"
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
NARROWEST, WIDEST = 8, 48


@dataclass(frozen=True)
class Sheet:
    """One table. `title` stands above it, `is_demo` marks it as demonstration data."""

    name: str
    title: str
    head: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    is_demo: bool = False


def workbook(*sheets: Sheet) -> bytes:
    """The sheets as an .xlsx file; cells of Decimal and int are numbers, dates are dates."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        for sheet in sheets:
            _write(book, sheet)
    return buffer.getvalue()


def workbook_response(
    *sheets: Sheet, name: str, as_of: datetime.date | None = None
) -> HttpResponse:
    """The file as a download whose name carries today's date; data of a past day say so."""
    file_name = f"{name}_{timezone.localdate():%Y%m%d}.xlsx"
    if as_of:
        file_name = f"{name}_截至{as_of:%Y%m%d}.xlsx"
        note = f"（按{zh_date(as_of)}已掌握的数据，不含此后的审核结果）"
        sheets = tuple(replace(sheet, title=sheet.title + note) for sheet in sheets)
    response = HttpResponse(workbook(*sheets), content_type=MIME)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file_name)}"
    return response


def _write(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.name)
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    page.write_string(0, 0, sheet.title, book.add_format({"bold": True, "font_size": 14}))
    if sheet.is_demo:
        page.write_string(1, 0, DEMO_NOTE)
    top = 2 if sheet.is_demo else 1
    for column, text in enumerate(sheet.head):
        page.write_string(top, column, text, head)
        page.set_column(column, column, _width(sheet, column))
    styles = {
        "date": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "number": book.add_format({"num_format": "#,##0.####", "valign": "top"}),
    }
    for line, row in enumerate(sheet.rows, start=top + 1):
        for column, value in enumerate(row):
            _write_cell(page, line, column, value, styles)
    page.freeze_panes(top + 1, 0)
    page.autofilter(top, 0, max(top, top + len(sheet.rows)), len(sheet.head) - 1)
    page.repeat_rows(top)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def _write_cell(
    page: xlsxwriter.worksheet.Worksheet,
    line: int,
    column: int,
    value: Cell,
    styles: dict[str, xlsxwriter.format.Format],
) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime.date):
        page.write_datetime(line, column, value, styles["date"])
    elif isinstance(value, int | Decimal):
        page.write_number(line, column, float(value), styles["number"])
    else:
        page.write_string(line, column, value, styles["text"])


def _width(sheet: Sheet, column: int) -> int:
    texts = [sheet.head[column], *(str(row[column] or "") for row in sheet.rows[:200])]
    longest = max(sum(2 if ord(sign) > 0x2E80 else 1 for sign in text) for text in texts)
    return max(NARROWEST, min(WIDEST, longest + 2))
