"""Workbooks that leave the system: what is a number, a day or a text there, and what is not."""

import datetime
import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from common.workbooks.writing import DEMO_NOTE, MIME, Sheet, workbook, workbook_response

D = Decimal
ROWS = [
    ("T03", D("19.2"), 26, datetime.date(2026, 11, 22), None, ""),
    ("T04", D("-0.5000"), 0, None, "正文", "=1+1"),
]
HEAD = ("编号", "数值", "个数", "日期", "空", "文字")


def read(*sheets):
    return load_workbook(io.BytesIO(workbook(*sheets)))


@pytest.fixture
def page():
    return read(Sheet("指标", "开福区指标", HEAD, ROWS))["指标"]


def test_title_head_and_rows(page):
    assert page["A1"].value == "开福区指标"
    assert tuple(cell.value for cell in page[2]) == HEAD
    assert page.max_row == 4
    assert page.freeze_panes == "A3"
    assert page.auto_filter.ref == "A2:F4"


def test_numbers_and_days_are_what_they_are(page):
    value, count, day = page[3][1:4]
    assert [(cell.value, cell.data_type) for cell in (value, count)] == [(19.2, "n"), (26, "n")]
    assert (day.value.date(), day.data_type) == (datetime.date(2026, 11, 22), "d")
    assert page["B4"].value == -0.5
    assert page["C4"].value == 0


def test_what_is_missing_is_empty(page):
    assert [page[place].value for place in ("E3", "F3", "D4")] == [None, None, None]


@pytest.mark.parametrize(
    "words", ["=1+1", "=HYPERLINK(\"http://example.org\")", "@SUM(1)", "+1", "{=1}", "-2+3"]
)  # fmt: skip
def test_text_is_never_a_formula(words):
    cell = read(Sheet("s", words, (words,), [(words,)]))["s"]["A3"]
    assert (cell.value, cell.data_type) == (words, "s")


def test_an_address_is_no_link():
    assert read(Sheet("s", "", ("址",), [("http://example.org",)]))["s"]["A3"].hyperlink is None


def test_demonstration_data_are_marked_above_the_head():
    page = read(Sheet("指标", "开福区指标", HEAD, ROWS, is_demo=True))["指标"]
    assert page["A2"].value == DEMO_NOTE
    assert page["A3"].value == "编号"
    assert page.freeze_panes == "A4"


def test_no_rows_are_a_head_alone():
    page = read(Sheet("指标", "开福区指标", HEAD, []))["指标"]
    assert page.max_row == 2


def test_several_sheets():
    assert read(Sheet("一", "", HEAD, []), Sheet("二", "", HEAD, [])).sheetnames == ["一", "二"]


def test_the_download_carries_name_and_day(clock):
    clock.move_to(datetime.date(2026, 11, 22))
    answer = workbook_response(Sheet("指标", "", HEAD, []), name="指标")
    assert answer["Content-Type"] == MIME
    assert answer["Content-Disposition"] == (
        "attachment; filename*=UTF-8''%E6%8C%87%E6%A0%87_20261122.xlsx"
    )
