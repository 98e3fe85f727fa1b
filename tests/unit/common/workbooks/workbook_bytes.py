"""Files for the tests of reading workbooks: good ones, and good ones spoilt."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl

SHEET = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def workbook(rows: Sequence[Sequence[Any]] = (["序号", "项目名称"], [1, "光伏"])) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_parts(data: bytes, **parts: bytes) -> bytes:
    """The container with further parts; `__` in a keyword stands for a slash, `_dot_` for a dot."""
    names = {name.replace("__", "/").replace("_dot_", "."): part for name, part in parts.items()}
    return _rewritten(data, lambda name, part: part, names)


def only_parts(**parts: bytes) -> bytes:
    names = {name.replace("__", "/").replace("_dot_", "."): part for name, part in parts.items()}
    return _rewritten(workbook(), lambda name, part: None, names)


def with_sheet(data: bytes, change: Callable[[bytes], bytes | None]) -> bytes:
    """The container with its first sheet's XML changed, or left out."""
    return _rewritten(data, lambda name, part: change(part) if name == SHEET else part, {})


def with_cells(data: bytes, cells: str) -> bytes:
    """The first sheet with more rows of XML at its end."""
    return with_sheet(
        data, lambda xml: xml.replace(b"</sheetData>", cells.encode() + b"</sheetData>")
    )


def with_saved_results(data: bytes, value: str) -> bytes:
    """Formulas as a spreadsheet program saves them, each with this result."""
    result = rf"\1<v>{value}</v>".encode()
    return with_sheet(data, lambda xml: re.sub(rb"(<f>[^<]*</f>)<v\s*(?:/>|></v>)", result, xml))


def _rewritten(
    data: bytes, change: Callable[[str, bytes], bytes | None], more: dict[str, bytes]
) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in more.items():
            new.writestr(name, part)
    return stream.getvalue()
