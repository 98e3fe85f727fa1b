"""Cells are found by headings and keys, whatever people and office programs have done to a file."""

from dataclasses import replace
from pathlib import Path

import pytest

from common.workbooks.reading import read_workbook
from reporting.workbooks.rules.file_reader import read_cells, token_texts
from reporting.workbooks.rules.layout import KEY_HEADING, RowKey, Token
from reporting.workbooks.selectors.tokens import read_token, signed
from reporting.workbooks.sheets.writing import written
from tests.factories import workbooks as bent
from tests.factories.workbooks import answered, book, row

FILES = Path(__file__).parent / "files"
TOKEN = Token("jtj", "2026Q3", "0f" * 16)
KEYS = ("2026Q3:target:T18", "2026Q3:target:T19", "2026Q3:task:5-3")
ANSWERS = {
    (KEYS[0], "value"): "78.6",
    (KEYS[1], "value"): "94.1",
    (KEYS[2], "narrative"): "第一行\n第二行",
}


@pytest.fixture(scope="module")
def filled():
    rows = (row(), row(code="T19"), row("task", "5-3"))
    data = written(book=replace(book(*rows), token=signed(TOKEN)))
    data = answered(
        data, "指标", {(KEYS[0], "本季度值"): 78.6, (KEYS[1], "本季度值"): ("47+47.1", 94.1)}
    )
    return answered(data, "任务", {(KEYS[2], "本季度进展"): "第一行\n第二行"})


def read(data, keys=KEYS):
    return read_cells(read_workbook(data, "填报表.xlsx"), keys=keys, period="2026Q3")


def answers(told):
    """The answers that were typed, by key and column."""
    return {(cell.key, cell.column): cell.text for cell in told.cells if cell.text in TYPED}


TYPED = set(ANSWERS.values())


def without_keys(data):
    """The hidden column of keys is gone."""

    def change(lines):
        place = max(max(cells, default=0) for cells in lines[2:3])
        return [{at: cell for at, cell in cells.items() if at != place} for cells in lines]

    return bent.with_cells(bent.with_cells(data, "指标", change), "任务", change)


HABITS = [
    lambda data: data,
    bent.with_sheets_reversed,
    lambda data: bent.with_column_inserted(data, "指标"),
    lambda data: bent.with_column_inserted(data, "任务", at=0),
    lambda data: bent.with_rows_sorted(data, "指标"),
    lambda data: bent.without_sheet(data, "_lists"),
    without_keys,
    lambda data: without_keys(bent.with_rows_sorted(data, "指标")),
]


@pytest.mark.parametrize("habit", HABITS)
def test_the_answers_are_found_whatever_was_moved(filled, habit):
    told = read(habit(filled))
    assert answers(told) == ANSWERS
    assert not told.strays


def test_each_value_names_its_sheet_and_cell(filled):
    told = {(one.key, one.column): one.place for one in read(filled).cells}
    assert told[KEYS[0], "value"] == "“指标”表 G4"
    moved = {
        (one.key, one.column): one.place
        for one in read(bent.with_column_inserted(filled, "指标")).cells
    }
    assert moved[KEYS[0], "value"] == "“指标”表 H4"


@pytest.mark.parametrize(
    "drop",
    [
        (),
        (bent.without_name, bent.without_property),
        (bent.without_name, bent.without_sheet),
        (bent.without_property, bent.without_sheet),
    ],
)
def test_one_token_of_three_is_enough(filled, drop):
    data = filled
    for habit in drop:
        data = habit(data)
    found = token_texts(data, read_workbook(data, "填报表.xlsx"))
    assert [read_token(text) for text in found] == [TOKEN]


def test_a_formula_without_its_result_is_named(filled):
    data = answered(filled, "指标", {(KEYS[0], "本季度值"): ("78+0.6", None)})
    (cell,) = [one for one in read(data).cells if (one.key, one.column) == (KEYS[0], "value")]
    assert cell.lacks_result


def test_a_row_that_stands_twice_counts_once(filled):
    data = bent.with_rows_added(filled, "指标", ["T18", "", "", "", "", "", "79"])
    told = read(without_keys(data))
    assert answers(told) == ANSWERS
    assert told.strays == ("“指标”表 G7：“指标”表 G4已有同一格，内容不同，没有用",)


@pytest.mark.parametrize("name", ["libreoffice.xlsx", "libreoffice_filled.xlsx"])
def test_a_file_that_libreoffice_saved_is_read_whole(name):
    data = (FILES / name).read_bytes()
    workbook = read_workbook(data, name)
    assert {read_token(text) for text in token_texts(data, workbook)} == {TOKEN}
    keys = {
        str(cell)
        for sheet in workbook.sheets
        for line in sheet.rows
        for cell in line
        if cell != KEY_HEADING and RowKey.parse(str(cell))
    }
    told = read_cells(workbook, keys=keys, period="2026Q3")
    assert {one.key for one in told.cells} == keys
    assert not told.strays


def test_what_was_typed_in_libreoffice_is_read():
    data = (FILES / "libreoffice_filled.xlsx").read_bytes()
    workbook = read_workbook(data, "填报表.xlsx")
    keys = {
        found
        for sheet in workbook.sheets
        for line in sheet.rows
        for cell in line
        if (found := str(cell)).startswith("2026Q3:")
    }
    told = {one.text for one in read_cells(workbook, keys=keys, period="2026Q3").cells}
    assert {"７８．６０", "94.1", "30,750", "62.5", "12月15日", "第一行\n第二行"} <= told
