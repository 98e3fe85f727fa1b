"""A workbook of an agency, edited as a person would, and sent back."""

import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from reporting.models import WorkbookUpload
from reporting.workbooks.rules import layout
from reporting.workbooks.services import downloads
from reporting.workbooks.sheets.writing import written

NAME = "2026年第三季度_区交通运输局_填报表.xlsx"


def downloaded(user, period):
    """The bytes of a new workbook of the user's agency."""
    return written(book=downloads.download(period=period, by=user))


def edited(data, changes, *, also=lambda book: None):
    """The file with other cells: (code, column) → value; `also` does more with the open book."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for (code, column), value in changes.items():
        cell_at(book, code, column).value = value
    also(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def cell_at(book, code, column):
    """The cell of a row and a column, wherever they stand."""
    for sheet in book.worksheets:
        known = layout.SHEETS.get(sheet.title)
        if known and column in {one.name for one in known.columns}:
            rows = list(sheet.iter_rows())
            top = next(n for n, row in enumerate(rows) if "编号" in _texts(row))
            heads = [layout.heading_words(text) for text in _texts(rows[top])]
            place = heads.index(layout.heading_words(known.column(column).heading))
            for row in rows[top + 1 :]:
                if _texts(row)[heads.index("编号")] == code:
                    return row[place]
    raise AssertionError(f"no cell {code} {column}")


def _texts(row):
    return [str(cell.value or "") for cell in row]


def sent(client, period, data, name=NAME):
    """Upload the file; the upload that was made of it."""
    address = reverse("reporting:excel_upload", args=[period.code])
    answer = client.post(address, {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer
    return WorkbookUpload.objects.latest("pk")
