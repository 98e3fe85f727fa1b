"""What tests read from pages and workbooks, as a user would."""

import html
import io
import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

_CODE = re.compile(r'<td class="code[^"]*">([A-Z]?\d[\d-]*)</td>')
_TABLE = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def text(answer):
    return answer.content.decode()


def words(piece):
    """What a reader sees of a piece of HTML, without spaces."""
    return re.sub(r"\s+", "", html.unescape(_TAG.sub("", piece)))


def codes(answer):
    """The codes of the rows that a list shows, in order."""
    return _CODE.findall(text(answer))


def link(address):
    """An address as it stands in a page, as the browser asks for it."""
    return html.unescape(address)


def table_rows(piece):
    """The rows of the tables in a piece of HTML: what stands in their cells."""
    return [[words(cell) for cell in _CELL.findall(row)] for row in _TABLE.findall(piece)]


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
