"""The workbook as bytes: the same for the same book."""

import io

import xlsxwriter

from reporting.rules.fields import CHOICE
from reporting.workbooks.rules.book import Book
from reporting.workbooks.rules.layout import (
    GUIDE,
    LISTS_SHEET,
    META_SHEET,
    SHEETS,
    STAMP,
    TOKEN_NAME,
    TOKEN_PROPERTY,
    kind_of,
)
from reporting.workbooks.sheets.ends import write_guide, write_stamp
from reporting.workbooks.sheets.styles import Styles
from reporting.workbooks.sheets.table import list_name, list_values, write_table

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def written(*, book: Book) -> bytes:
    """The .xlsx file of a book."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as file:
        styles = Styles(file)
        write_guide(file.add_worksheet(GUIDE), book, styles)
        pages = [(file.add_worksheet(sheet.name), sheet, rows) for sheet, rows in book.sheets]
        stamp = file.add_worksheet(STAMP)
        _write_lists(file)
        _write_token(file, book)
        for page, sheet, rows in pages:
            write_table(page, sheet, rows, book, styles)
        write_stamp(stamp, book, styles)
        if pages:
            pages[0][0].activate()
    return buffer.getvalue()


def _write_lists(file: xlsxwriter.Workbook) -> None:
    """The lists of the choices on a hidden sheet, each with a name."""
    page = file.add_worksheet(LISTS_SHEET)
    lists: dict[str, tuple[str, ...]] = {}
    for sheet in SHEETS.values():
        for column in sheet.columns:
            for form in column.fields:
                item = column.field(form)
                if item and item.type == CHOICE:
                    kind = kind_of(form)
                    lists[list_name(item, kind)] = list_values(item, kind)
    for place, (name, values) in enumerate(lists.items()):
        page.write_column(0, place, values)
        letter = chr(ord("A") + place)
        file.define_name(name, f"={LISTS_SHEET}!${letter}$1:${letter}${len(values)}")
    page.very_hidden()


def _write_token(file: xlsxwriter.Workbook, book: Book) -> None:
    """The token three times: office programs drop one or the other."""
    page = file.add_worksheet(META_SHEET)
    page.write_string(0, 0, book.token)
    page.very_hidden()
    file.define_name(TOKEN_NAME, f'="{book.token}"')
    file.set_custom_property(TOKEN_PROPERTY, book.token)
    moment = book.at.replace(tzinfo=None, microsecond=0)
    file.set_properties({"title": f"{book.period}填报表", "author": book.by, "created": moment})
