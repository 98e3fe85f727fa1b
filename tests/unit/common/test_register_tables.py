"""Files of registers: what is read from a workbook, and what is written into one."""

import datetime
import io
from decimal import Decimal

import openpyxl
import pytest
import tablib

from common.registers import tables, uploads
from common.registers.tables import CsvFormat, ExcelFormat, read_table
from common.workbooks.reading import WorkbookError

KNOWN = frozenset({"编号", "名称", "数值"})
ACTIVE = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")']


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def dataset(*rows, headers=("编号", "名称", "数值"), notice=""):
    made = tablib.Dataset(*rows, headers=list(headers), title="指标")
    made.notice = notice
    return made


def test_header_is_found_below_a_notice_and_blank_rows_are_passed():
    table = read_table(
        workbook(
            ["演示数据：说明"], ["编号", "名称*", "数值"], ["T01", "甲", 1], [], ["T02", "乙", 2]
        ),
        "a.xlsx",
        KNOWN,
    )
    assert table.headers == ("编号", "名称", "数值")
    assert table.rows == (("T01", "甲", 1.0), ("T02", "乙", 2.0))
    assert table.numbers == (3, 5), "as the workbook counts"


def test_a_table_without_known_header_is_refused_in_words():
    with pytest.raises(WorkbookError, match="找不到表头"):
        read_table(workbook(["a", "b"], [1, 2]), "a.xlsx", KNOWN)


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 2)
    with pytest.raises(WorkbookError, match="有3行，一次最多2行"):
        read_table(workbook(["编号"], ["a"], ["b"], ["c"]), "a.xlsx", KNOWN)


def test_workbook_has_typed_cells_and_its_header_in_view():
    rows = [("T01", "甲", Decimal("78.60")), ("5-1", "2026-11-22", ""), ("x", "", 0)]
    data = ExcelFormat().export_data(dataset(*rows, notice="演示数据：说明"))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert [cell.value for cell in sheet[1]][:1] == ["演示数据：说明"]
    assert [cell.value for cell in sheet[2]] == ["编号", "名称", "数值"]
    assert [cell.value for cell in sheet[3]] == ["T01", "甲", 78.6]
    assert [cell.value for cell in sheet[4]] == ["5-1", "2026-11-22", None]
    assert sheet["C5"].value == 0
    assert sheet["A4"].number_format == "@", "a spreadsheet makes no date of 5-1"
    assert sheet.freeze_panes == "B3"
    assert sheet.title == "指标"


def test_dates_and_moments_are_dates():
    moment = datetime.datetime(2026, 11, 20, 9, 12)  # noqa: DTZ001
    data = ExcelFormat().export_data(dataset((datetime.date(2026, 11, 22), moment, "")))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet["A2"].value == datetime.datetime(2026, 11, 22)  # noqa: DTZ001
    assert sheet["B2"].value == moment


@pytest.mark.parametrize("text", [*ACTIVE, "控\x07制"])
def test_no_cell_is_a_formula_and_control_characters_are_gone(text):
    exported = dataset((text, "甲", 1))
    cell = openpyxl.load_workbook(io.BytesIO(ExcelFormat().export_data(exported))).active["A2"]
    assert cell.data_type == "s"
    assert cell.value == text.replace("\x07", "")
    line = CsvFormat().export_data(exported).decode("utf-8-sig").splitlines()[1]
    assert not line.strip('"').startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("text", ACTIVE)
def test_csv_that_was_made_harmless_reads_as_it_was(text):
    data = CsvFormat().export_data(dataset((text, "甲", 1)))
    cell = read_table(data, "a.csv", KNOWN).rows[0][0]
    from common.registers.cells import TextCell

    assert TextCell().clean(cell) == text


def test_negative_numbers_stay_numbers_in_csv():
    line = CsvFormat().export_data(dataset(("T01", "甲", Decimal("-1.5")))).decode("utf-8-sig")
    assert line.splitlines()[1] == "T01,甲,-1.5"


def test_uploads_are_private_and_do_not_stay(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    token = uploads.keep(b"data", owner=7)
    path = tmp_path / "uploads" / token
    assert path.stat().st_mode & 0o777 == 0o600
    assert uploads.fetch(token, owner=7) == b"data"
    assert uploads.fetch(token, owner=8) is None
    assert uploads.fetch("../../etc/passwd", owner=7) is None
    uploads.forget(token)
    assert uploads.fetch(token, owner=7) is None
    old = uploads.keep(b"old", owner=7)
    monkeypatch.setattr(uploads, "_KEPT_SECONDS", -1)
    uploads.keep(b"new", owner=7)
    assert uploads.fetch(old, owner=7) is None
