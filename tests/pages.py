"""What tests read from pages and workbooks, as a user would."""

import io
import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from tests.documents import document, parsed

_CODE = re.compile(r"[A-Z]?\d[\d-]*")


def text(answer):
    return answer.content.decode()


def words(piece):
    """What a reader sees of a piece of HTML, without spaces."""
    return parsed(piece).text


def codes(answer):
    """The codes of the rows that a list shows, in order."""
    cells = [cell.text for cell in document(answer).every("td.code")]
    return [code for code in cells if _CODE.fullmatch(code)]


def workbook(answer):
    """All lines above the head, and the rows below it by the head's words, as cells."""
    sheet = load_workbook(io.BytesIO(answer.content)).active
    lines = list(sheet.iter_rows())
    above = next(place for place, line in enumerate(lines) if line[1].value is not None)
    head = [cell.value for cell in lines[above]]
    titles = [line[0].value for line in lines[:above]]
    return titles, [dict(zip(head, line, strict=True)) for line in lines[above + 1 :]]


def statements(client, address):
    """The SQL statements of a page that answers."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return [query["sql"] for query in captured]
