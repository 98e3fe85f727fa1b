import datetime

import openpyxl
import pytest

from common.workbooks.reading import MergedRange, WorkbookError, column_letter, read_workbook
from tests.unit.common.workbooks.workbook_bytes import (
    saved,
    with_cells,
    with_saved_results,
    with_sheet,
    workbook,
)


def sheet_of(data, name="表.xlsx"):
    return read_workbook(data, name).sheets[0]


def test_rows_count_from_a1_though_the_sheet_begins_later():
    book = openpyxl.Workbook()
    book.active["C3"] = "项目"
    assert sheet_of(saved(book)).rows == (("", "", ""), ("", "", ""), ("", "", "项目"))


def test_values_keep_their_types():
    book = openpyxl.Workbook()
    book.active.append([1, 1.5, "文", True, datetime.date(2023, 5, 1), None, "尾"])
    assert sheet_of(saved(book)).rows[0] == (
        1.0,
        1.5,
        "文",
        True,
        datetime.date(2023, 5, 1),
        "",
        "尾",
    )


def test_merged_ranges_count_from_zero():
    book = openpyxl.Workbook()
    book.active.append(["甲", "乙"])
    book.active.merge_cells("A1:A3")
    assert sheet_of(saved(book)).merged == (MergedRange(0, 0, 2, 0),)


def test_errors_show_as_printed():
    data = with_cells(workbook(), '<row r="3"><c r="A3" t="e"><v>#REF!</v></c></row>')
    assert sheet_of(data).rows[2][0] == "#REF!"


def test_formulas_are_known_with_and_without_saved_value():
    book = openpyxl.Workbook()
    book.active.append([1, "=A1+1"])
    bare = saved(book)
    assert sheet_of(bare).unsaved_formulas == {(0, 1)}
    whole = sheet_of(with_saved_results(bare, "2"))
    assert whole.formulas == {(0, 1)}
    assert whole.unsaved_formulas == frozenset()
    assert whole.rows == ((1.0, 2.0),)


def test_a_formula_may_have_an_empty_text_as_its_value():
    cell = '<row r="3"><c r="A3" t="str"><f>IF(1,"")</f><v></v></c></row>'
    sheet = sheet_of(with_cells(workbook(), cell))
    assert sheet.formulas == {(2, 0)}
    assert sheet.unsaved_formulas == frozenset()


def test_hidden_sheets_and_rows_are_marked():
    book = openpyxl.Workbook()
    book.active.append(["甲"])
    book.active.append(["乙"])
    book.active.row_dimensions[2].hidden = True
    book.create_sheet("旧").append(["丙"])
    book["旧"].sheet_state = "hidden"
    first, second = read_workbook(saved(book), "表.xlsx").sheets
    assert first.hidden_rows == {1}
    assert (first.hidden, second.hidden) == (False, True)


def test_formatting_to_the_last_cell_costs_nothing():
    data = with_cells(workbook(), '<row r="1048576"><c r="XFD1048576" s="0"/></row>')
    data = with_sheet(data, lambda xml: xml.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"'))
    sheet = sheet_of(data)
    assert len(sheet.rows) == 2
    assert sheet.far_cells == 0


def test_a_stray_cell_at_the_end_of_the_sheet_is_left_out_and_counted():
    data = with_cells(workbook(), '<row r="1048576"><c r="XFD1048576"><v>5</v></c></row>')
    sheet = sheet_of(data)
    assert len(sheet.rows) == 2
    assert sheet.far_cells == 1


def test_too_many_far_cells_are_refused():
    rows = "".join(
        f'<row r="{row}"><c r="A{row}"><v>5</v></c><c r="ZZ{row}"><v>5</v></c></row>'
        for row in range(1_000_000, 1_000_600)
    )
    with pytest.raises(WorkbookError, match="超过200万格") as caught:
        read_workbook(with_cells(workbook(), rows), "表.xlsx")
    assert caught.value.code == "too_many_cells"


def test_cells_without_position_follow_each_other():
    data = with_cells(workbook(), "<row><c><v>7</v></c><c><v>8</v></c></row>")
    assert sheet_of(data).rows[2] == (7.0, 8.0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_of_any_encoding_and_delimiter(encoding, delimiter):
    text = delimiter.join(["序号", "名称", "单位"]) + "\n" + delimiter.join(["1", "光伏", "甲、乙"])
    assert sheet_of(text.encode(encoding), "表.csv").rows == (
        ("序号", "名称", "单位"),
        ("1", "光伏", "甲、乙"),
    )


def test_csv_rows_may_hold_line_breaks_and_differ_in_length():
    text = 'sep=,\n序号,名称,备注\n1,"光\n伏"\n\n2,风电,x\n,,\n'
    assert sheet_of(text.encode(), "表.csv").rows == (
        ("序号", "名称", "备注"),
        ("1", "光\n伏", ""),
        ("", "", ""),
        ("2", "风电", "x"),
    )


def test_csv_has_a_limit_of_cells():
    with pytest.raises(WorkbookError) as caught:
        read_workbook(b"," * 3_000_000, "表.csv")
    assert caught.value.code == "too_many_cells"


@pytest.mark.parametrize(
    ("index", "letters"),
    [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")],
)
def test_column_letters(index, letters):
    assert column_letter(index) == letters
