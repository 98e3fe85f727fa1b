"""The table of a chart as a workbook: the same rows, its numbers as numbers."""

import datetime
import re
from decimal import Decimal

from django.http import HttpResponse
from django.utils import timezone

from common.charts import Chart
from common.formats import DASH, MINUS, zh_date
from common.workbooks.writing import Cell, Printed, Sheet, workbook_response

_DIGITS = rf"([{MINUS}-]?\d[\d,]*(?:\.\d+)?)"
_NUMBER = re.compile(rf"(\D*?){_DIGITS}(\D*)")
# Among words only what is nothing but a number: ≥80%（巩固） is one, T03 and 2030年前 are none.
_ALONE = re.compile(rf"([≥≤<>]?){_DIGITS}(%?(?:（\D*）)?)")
_NO_FILE_NAME = re.compile(r'[\\/:*?"<>|\s]+')


def chart_response(chart: Chart, *, as_of: datetime.date | None = None) -> HttpResponse:
    """The workbook of a chart, named like its picture; `as_of` is the past day that it shows."""
    name = _NO_FILE_NAME.sub("_", chart.title)
    return workbook_response(chart_sheet(chart, as_of=as_of), name=name, as_of=as_of)


def chart_sheet(chart: Chart, *, as_of: datetime.date | None = None) -> Sheet:
    """Rows and heads of the table; above them what is measured, its unit, the day and the note."""
    day = zh_date(as_of or timezone.localdate())
    lines = (chart.subtitle, f"数据截至{day}，仅已审核", chart.note)
    return Sheet(
        name="图中数据",
        title=chart.title,
        head=chart.table.head,
        rows=[tuple(map(_cell, row, _is_text(chart))) for row in chart.table.rows],
        is_demo=chart.demo,
        lines=tuple(line for line in lines if line),
    )


def _is_text(chart: Chart) -> list[bool]:
    return [place in chart.table.text_columns for place in range(len(chart.table.head))]


def _cell(text: str, is_text: bool) -> Cell:
    """A number keeps its sign and unit as its format; a missing one is an empty cell."""
    found = (_ALONE if is_text else _NUMBER).fullmatch(text)
    if found is None:
        return None if text == DASH else text
    before, digits, after = found.groups()
    value = Decimal(digits.replace(",", "").replace(MINUS, "-"))
    return Printed(value, before, after, has_thousands="," in digits)
