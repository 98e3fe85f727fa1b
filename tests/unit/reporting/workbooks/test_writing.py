"""The written workbook, read back by another library and as the XML that it is."""

import io
import re

from python_calamine import CalamineWorkbook

from reporting.workbooks.rules.layout import BACKFILL
from reporting.workbooks.sheets.writing import written
from tests.factories.workbooks import TOKEN, book, part_of, parts, row


def cells_of(data, sheet):
    found = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return found.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def xml_of(data, sheet):
    found = parts(data)
    return found[part_of(found, sheet)].decode()


def style_of(data, sheet, address):
    """The cell format of an address: fill colour, whether it is locked, number format."""
    found = parts(data)
    number = int(re.search(rf'<c r="{address}" s="(\d+)"', xml_of(data, sheet))[1])
    styles = found["xl/styles.xml"].decode()
    formats = re.search(r"<cellXfs.*?</cellXfs>", styles, re.S)[0]
    xf = re.findall(r"<xf [^>]*/>|<xf [^>]*[^/]>.*?</xf>", formats, re.S)[number]
    fills = re.findall(r"<fill>.*?</fill>", styles, re.S)
    ground = re.search(r'fgColor rgb="FF(\w+)"', fills[int(re.search(r'fillId="(\d+)"', xf)[1])])
    code = re.search(r'numFmtId="(\d+)"', xf)[1]
    known = re.search(rf'numFmtId="{code}" formatCode="([^"]*)"', styles)
    return (
        ground and ground[1], 'locked="0"' not in xf,
        known[1] if known else {"0": "General", "49": "@"}.get(code, code),
    )  # fmt: skip


ALL = (
    row(cells={"value": "78.6", "grade": "部门统计", "source": "公交台账", "note": "-5辆待上牌"}),
    row("qualitative", "T26", cells={"value": "基本实现"}),
    row("task", "5-3", cells={"status": "正常推进", "narrative": "=新增12处"}),
    row("contribution", "1-1", cells={"text": "无配合事项"}),
    row("project", "P16", cells={"status": "在建", "invested_wan": "30750.5"}),
)  # fmt: skip


def test_sheets_stand_in_order_and_only_where_they_have_rows():
    names = CalamineWorkbook.from_filelike(io.BytesIO(written(book=book(*ALL)))).sheet_names
    assert names == ["说明", "指标", "任务", "配合", "项目", "报送件", "_lists", "_meta"]
    some = CalamineWorkbook.from_filelike(io.BytesIO(written(book=book(ALL[2])))).sheet_names
    assert some == ["说明", "任务", "报送件", "_lists", "_meta"]


def test_rows_hold_references_answers_and_their_key():
    line = cells_of(written(book=book(*ALL)), "指标")[3]
    assert line[:11] == [
        "T18", "纯电动公交车比例", "%", "2025年 ≥75%", 77.9, 75.0, 78.6, "部门统计",
        "2026年第三季度", "公交台账", "-5辆待上牌",
    ]  # fmt: skip
    assert line[12] == "2026Q3:target:T18"


def test_a_text_that_looks_like_a_formula_stays_a_text():
    data = written(book=book(*ALL))
    assert cells_of(data, "任务")[3][5] == "=新增12处"
    assert style_of(data, "任务", "F4")[2] == "@"
    assert "新增12处" not in "".join(re.findall(r"<f>.*?</f>", xml_of(data, "任务")))


def test_numbers_are_numbers_with_the_places_of_the_target():
    data = written(book=book(*ALL))
    assert style_of(data, "指标", "G4") == ("FFF9DB", False, "0.00")
    assert cells_of(data, "项目")[3][7] == 30750.5
    assert style_of(data, "项目", "H4") == ("FFF9DB", False, "#,##0.##")


def test_what_no_double_holds_and_what_is_no_number_stays_text():
    found = row(cells={"value": "12345678901234.5678"})
    other = row(code="T19", cells={"value": "12.5万"})
    lines = cells_of(written(book=book(found, other)), "指标")
    assert (lines[3][6], lines[4][6]) == ("12345678901234.5678", "12.5万")


def test_only_yellow_cells_are_unlocked_and_the_sheets_protected():
    data = written(book=book(*ALL))
    assert style_of(data, "指标", "H4")[:2] == ("FFF9DB", False)
    assert style_of(data, "指标", "E4")[:2] == (None, True)
    # A target without a number has no data grade.
    assert style_of(data, "指标", "H5")[:2] == (None, True)
    for sheet in ("说明", "指标", "任务", "配合", "项目", "报送件"):
        assert "<sheetProtection " in xml_of(data, sheet)


def test_what_was_handed_in_is_grey_locked_and_says_why():
    found = row(cells={"value": "100"}, locked="已报送，要改先在网页撤回")
    data = written(book=book(found))
    assert style_of(data, "指标", "G4")[:2] == ("EAEEF2", True)
    assert cells_of(data, "指标")[3][11] == "已报送，要改先在网页撤回"
    assert "<dataValidation" not in xml_of(data, "指标")


def test_choices_have_lists_by_name_on_a_hidden_sheet():
    data = written(book=book(*ALL))
    workbook = parts(data)["xl/workbook.xml"].decode()
    names = dict(re.findall(r'<definedName name="(\w+)">([^<]*)<', workbook))
    assert 'name="_lists" sheetId="7" state="veryHidden"' in workbook
    column = names["列表_ProjectStatus_project"]
    letter = re.fullmatch(r"_lists!\$(\w)\$1:\$\w\$6", column)[1]
    place = ord(letter) - ord("A")
    assert [line[place] for line in cells_of(data, "_lists")][:6] == [
        "未开工", "在建", "已竣工", "停工", "取消或调整", "本季度无变化",
    ]  # fmt: skip
    assert ">列表_ProjectStatus_project<" in xml_of(data, "项目")
    assert ">列表_DataGrade<" in xml_of(data, "指标")
    assert ">列表_TaskStatus<" in xml_of(data, "任务")


def test_the_token_travels_three_times():
    data = written(book=book(*ALL))
    found = parts(data)
    assert cells_of(data, "_meta") == [[TOKEN]]
    assert f'name="_kf_token">"{TOKEN}"<' in found["xl/workbook.xml"].decode().replace(
        "&quot;", '"'
    )
    assert TOKEN in found["docProps/custom.xml"].decode()


def test_messages_are_cut_to_what_a_cell_can_hold():
    found = row(prompts={"value": "数" * 300})
    xml = xml_of(written(book=book(found)), "指标")
    assert f'prompt="{"数" * 255}"' in xml
    assert 'promptTitle="T18 纯电动公交车比例"' in xml


def test_the_last_sheet_quotes_the_others_and_waits_for_its_number():
    data = written(book=book(*ALL))
    lines = cells_of(data, "报送件")
    assert "编号、校验码在网页报送以后产生；正式件从网页打印" in lines[1][0]
    assert lines[3] == ["T18", "纯电动公交车比例", "77.90%", "78.60%", "公交台账\n-5辆待上牌"]
    assert lines[5] == ["5-3", "纯电动公交车比例", "正常推进", "正常推进", "=新增12处"]
    assert lines[6] == ["1-1", "纯电动公交车比例", "", "", "无配合事项"]
    formulas = re.findall(r"<f>(.*?)</f>", xml_of(data, "报送件"))
    assert "'指标'!A4&amp;\"\"" in formulas


def test_backfill_has_all_kinds_on_one_sheet_and_is_not_stamped():
    rows = (
        row(cells={"value": "75.1"}, sheet=BACKFILL, period="2026Q1"),
        row("task", "5-3", cells={"value": "正常推进"}, sheet=BACKFILL, period="2026Q1"),
    )
    data = written(book=book(*rows))
    lines = cells_of(data, "补录")
    assert "补录，不计逾期" in lines[1][0]
    assert [line[14] for line in lines[3:5]] == ["2026Q1:target:T18", "2026Q1:task:5-3"]
    assert style_of(data, "补录", "F4")[:2] == ("FFF9DB", False)
    assert style_of(data, "补录", "F5")[:2] == (None, True), "a task has no data grade"
    assert len(cells_of(data, "报送件")) == 6


def test_the_same_book_gives_the_same_bytes():
    assert written(book=book(*ALL)) == written(book=book(*ALL))


def test_pages_print_landscape_with_the_head_on_each():
    data = written(book=book(*ALL))
    xml = xml_of(data, "任务")
    assert 'orientation="landscape"' in xml
    assert 'state="frozen"' in xml
    assert "任务!$3:$3" in parts(data)["xl/workbook.xml"].decode()


def test_problems_are_marked_in_place_with_their_words():
    key = "2026Q3:target:T18"
    marked = book(*ALL).marked({(key, "value"): "七十八"}, {(key, "value"): "“七十八”不是数字"})
    data = written(book=marked)
    assert cells_of(data, "指标")[3][6] == "七十八"
    assert style_of(data, "指标", "G4")[:2] == ("FBE3E0", False)
    notes = "".join(content.decode() for name, content in parts(data).items() if "comments" in name)
    assert "“七十八”不是数字" in notes


def test_a_locked_cell_keeps_what_is_stored_in_a_marked_copy():
    key = "2026Q3:target:T18"
    locked = row(cells={"value": "100"}, locked="已通过")
    marked = book(locked).marked({(key, "value"): "99"}, {(key, "value"): "锁定，没有写入"})
    data = written(book=marked)
    assert cells_of(data, "指标")[3][6] == 100
    assert style_of(data, "指标", "G4")[:2] == ("FBE3E0", True)
