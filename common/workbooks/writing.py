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

DEMO_NOTE = "演示数据：实际值均为虚构，不代表开福区真实进展。"
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
NARROWEST, WIDEST = 8, 48


@dataclass(frozen=True)
class Printed:
    """A number that shows what is printed around it elsewhere: 20 as ≥20.00%."""

    value: Decimal
    before: str = ""
    after: str = ""
    has_thousands: bool = False

    @property
    def style(self) -> str:
        """The number format of the workbook, with the places that the value has."""
        places = max(0, -int(self.value.as_tuple().exponent))
        digits = ("#,##0" if self.has_thousands else "0") + ("." + "0" * places if places else "")
        before, after = (f'"{text}"' if text else "" for text in (self.before, self.after))
        return f"{before}{digits}{after};{before}-{digits}{after}"


Cell = str | int | Decimal | datetime.date | Printed | None


@dataclass(frozen=True)
class Sheet:
    """One table. `title` and `lines` stand above it, `is_demo` marks it as demonstration data."""

    name: str
    title: str
    head: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    is_demo: bool = False
    lines: tuple[str, ...] = ()


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
    lines = ((DEMO_NOTE,) if sheet.is_demo else ()) + sheet.lines
    for line, text in enumerate(lines, start=1):
        page.write_string(line, 0, text)
    top = 1 + len(lines)
    for column, text in enumerate(sheet.head):
        page.write_string(top, column, text, head)
        page.set_column(column, column, _width(sheet, column))
    styles = {
        "date": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "number": book.add_format({"num_format": "#,##0.####", "valign": "top"}),
    }
    for row in sheet.rows:
        for value in row:
            if isinstance(value, Printed) and value.style not in styles:
                look = {"num_format": value.style, "valign": "top", "align": "right"}
                styles[value.style] = book.add_format(look)
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
    elif isinstance(value, Printed):
        page.write_number(line, column, float(value.value), styles[value.style])
    elif isinstance(value, int | Decimal):
        page.write_number(line, column, float(value), styles["number"])
    else:
        page.write_string(line, column, value, styles["text"])


def _width(sheet: Sheet, column: int) -> int:
    texts = [sheet.head[column], *(_shown(row[column]) for row in sheet.rows[:200])]
    longest = max(sum(2 if ord(sign) > 0x2E80 else 1 for sign in text) for text in texts)
    return max(NARROWEST, min(WIDEST, longest + 2))


def _shown(value: Cell) -> str:
    if isinstance(value, Printed):
        return f"{value.before}{value.value:,f}{value.after}"
    return str(value or "")
