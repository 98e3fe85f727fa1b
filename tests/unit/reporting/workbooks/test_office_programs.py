"""Files that LibreOffice has saved, and the habits of people and programs as the tests make them.

`files/libreoffice.xlsx` is a downloaded workbook opened and saved by LibreOffice 7.4, `_filled` one
that was filled in as people do, `_computed` one whose formulas came without their results.
"""

import io
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from reporting.workbooks.rules.hints import hint_words
from reporting.workbooks.rules.layout import KEY_HEADING, SHEETS, RowKey, Token
from reporting.workbooks.selectors.tokens import read_token, signed
from reporting.workbooks.sheets.writing import written
from tests.factories import workbooks as bent
from tests.factories.workbooks import answered, book, parts, row

FILES = Path(__file__).parent / "files"
TOKEN = Token("jtj", "2026Q3", "0f" * 16)


def saved(name):
    return (FILES / name).read_bytes()


def lines_of(data, sheet):
    found = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return found.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def names_of(data):
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names


def carried(data):
    """The carriers that still hold the token: sheet, name, property."""
    found = parts(data)
    listed = found["xl/workbook.xml"].decode().replace("&quot;", '"')
    name = re.search(r'name="_kf_token"[^>]*>"([^"]*)"<', listed)
    own = re.search(r">(kf1:[^<]*)<", found.get("docProps/custom.xml", b"").decode())
    texts = {
        "sheet": lines_of(data, "_meta")[0][0] if "_meta" in names_of(data) else "",
        "name": name[1] if name else "",
        "property": own[1] if own else "",
    }
    return {carrier for carrier, text in texts.items() if read_token(text) == TOKEN}


@pytest.fixture(scope="module")
def downloaded():
    return written(
        book=replace(book(row(), row(code="T19"), row("task", "5-3")), token=signed(TOKEN))
    )


@pytest.mark.parametrize("name", ["libreoffice.xlsx", "libreoffice_filled.xlsx"])
def test_libreoffice_keeps_all_three_carriers_and_every_key(name):
    data = saved(name)
    assert carried(data) == {"sheet", "name", "property"}
    for sheet in SHEETS.values():
        if sheet.name in names_of(data):
            lines = lines_of(data, sheet.name)
            place = next(line for line in lines if KEY_HEADING in line).index(KEY_HEADING)
            assert any(RowKey.parse(str(line[place])) for line in lines)


def test_libreoffice_keeps_texts_that_look_like_formulas():
    data = saved("libreoffice.xlsx")
    assert lines_of(data, "指标")[3][10] == "-5辆待上牌"
    assert lines_of(data, "任务")[3][5] == "=新增12处"


def test_libreoffice_saves_what_was_typed_and_computes_what_was_not():
    data = saved("libreoffice_filled.xlsx")
    targets, (project,) = lines_of(data, "指标")[3:5], lines_of(data, "项目")[3:4]
    assert [line[6] for line in targets] == ["７８．６０", 94.1]
    assert project[7:9] == [" 30,750 ", 62.5]
    assert project[12] == "12月15日"
    assert lines_of(data, "任务")[3][5] == "第一行\n第二行"


SLOW = {"narrative": "字" * 50, "problems": "少"}
FULL = {"value": "78", "grade": "部门统计", "source": "台账"}
COMPUTED = {
    "T1": {}, "T2": {"value": "尚未取得"}, "T5": {**FULL, "value": "74.9"}, "T8": {"value": "78"},
    "T9": FULL, "T13": {"value": "12.5万"},
    "1-0": {}, "1-1": {"narrative": "有"}, "1-2": {"status": "正常推进"},
    "1-3": {"status": "正常推进", "narrative": "字" * 49},
    "1-5": {"status": "正常推进", "narrative": "字" * 801}, "1-6": {"status": "进展滞后", **SLOW},
    "2-0": {}, "2-1": {"text": "字" * 301}, "2-2": {"text": "无配合事项"},
    "P0": {}, "P1": {"status": "在建"}, "P3": {"status": "已竣工"},
}  # fmt: skip


@pytest.mark.parametrize("code", COMPUTED)
def test_libreoffice_computes_the_hints_that_the_file_brings_along(code):
    form = {"T": "target", "1": "task", "2": "contribution", "P": "project"}[code[0]]
    found = row(form, code, cells=COMPUTED[code], shortfall=("<", Decimal("75.00")))
    sheet = SHEETS[found.sheet]
    lines = lines_of(saved("libreoffice_computed.xlsx"), sheet.name)
    (line,) = [line for line in lines if line[0] == code]
    assert line[sheet.place("hint")] == hint_words(sheet, found, (50, 800))


def test_libreoffice_computes_the_sheet_for_the_stamp():
    lines = lines_of(saved("libreoffice_computed.xlsx"), "报送件")
    found = {line[0]: line[1:] for line in lines}
    assert found["T9"] == ["纯电动公交车比例", "77.90%", "78.00%", "台账"]
    assert found["T2"][2] == "尚未取得"
    assert found["1-6"][2:] == ["进展滞后", "字" * 50 + "\n少"]


@pytest.mark.parametrize(
    ("habits", "left"),
    [
        ((bent.without_name,), {"sheet", "property"}),
        ((bent.without_property,), {"sheet", "name"}),
        ((bent.without_sheet,), {"name", "property"}),
        ((bent.without_name, bent.without_property), {"sheet"}),
        ((bent.without_name, bent.without_sheet), {"property"}),
        ((bent.without_property, bent.without_sheet), {"name"}),
        ((bent.with_sheets_reversed,), {"sheet", "name", "property"}),
    ],
)
def test_one_carrier_is_left_whatever_two_are_dropped(downloaded, habits, left):
    data = downloaded
    for habit in habits:
        data = habit(data)
    assert carried(data) == left


def test_the_habits_move_columns_rows_and_sheets(downloaded):
    inserted = lines_of(bent.with_column_inserted(downloaded, "指标"), "指标")
    assert inserted[2][:4] == ["编号", "指标", "", "单位"]
    ordered = lines_of(bent.with_rows_sorted(downloaded, "指标"), "指标")
    assert [line[0] for line in ordered[3:5]] == ["T19", "T18"]
    added = lines_of(bent.with_rows_added(downloaded, "指标", ["合计", "2项"]), "指标")
    assert added[-1][:2] == ["合计", "2项"]
    assert names_of(bent.with_sheets_reversed(downloaded))[0] == "_meta"
    assert "_lists" not in names_of(bent.without_sheet(downloaded, "_lists"))


def test_answers_are_typed_by_key_and_heading(downloaded):
    key = "2026Q3:target:T19"
    data = answered(downloaded, "指标", {
        (key, "本季度值"): ("47+47.1", 94.1), (key, "数据来源"): " 车辆台账 ",
    })  # fmt: skip
    line = lines_of(data, "指标")[4]
    assert (line[6], line[9]) == (94.1, " 车辆台账 ")
    without = answered(downloaded, "指标", {(key, "本季度值"): ("47+47.1", None)})
    assert lines_of(without, "指标")[4][6] == ""
