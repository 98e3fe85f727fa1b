"""What the column 提示 says, as words and as a formula."""

from decimal import Decimal

import pytest

from reporting.workbooks.rules.hints import hint_formula, hint_words, number_of
from reporting.workbooks.rules.layout import SHEETS
from tests.factories.workbooks import row

LENGTHS = (50, 800)
FILLED = {"value": "78", "grade": "部门统计", "source": "台账"}


def said(form="target", **fields):
    found = row(form, **fields)
    return hint_words(SHEETS[found.sheet], found, LENGTHS)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({}, "还没有填"),
        ({"value": "尚未取得"}, "在说明里写为什么"),
        ({"value": "尚未取得", "note": "年报未出"}, ""),
        ({"value": "不适用"}, ""),
        ({**FILLED, "value": "74.9"}, "低于要求，要写说明"),
        ({**FILLED, "value": "74.9", "note": "三季度集中报废"}, ""),
        ({**FILLED, "value": "75"}, ""),
        ({"value": "78"}, "还缺数据状态或来源"),
        (FILLED, ""),
    ],
)
def test_a_target(cells, words):
    assert said(cells=cells, shortfall=("<", Decimal("75.00"))) == words


def test_a_ceiling_is_missed_from_above():
    assert said(cells=FILLED, shortfall=(">", Decimal(70))) == "高于要求，要写说明"
    assert said(cells=FILLED, shortfall=(">=", Decimal(78))) == "高于要求，要写说明"
    assert said(cells=FILLED, shortfall=(">", Decimal(78))) == ""


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({}, "还没有填"),
        ({"narrative": "有进展"}, "还没有选状态"),
        ({"status": "正常推进"}, "还没有写进展"),
        ({"status": "正常推进", "narrative": "字" * 49}, "进展不到50字"),
        ({"status": "正常推进", "narrative": "字" * 50}, ""),
        ({"status": "正常推进", "narrative": "字" * 801}, "进展超过800字"),
        ({"status": "进展滞后", "narrative": "字" * 50, "problems": "少"}, "滞后要写问题和措施"),
        ({"status": "进展滞后", "narrative": "字" * 50, "problems": "少", "next_steps": "补"}, ""),
    ],
)
def test_a_task(cells, words):
    assert said("task", cells=cells) == words


def test_other_forms():
    assert said("contribution", cells={"text": "字" * 301}) == "超过300字"
    assert said("qualitative", cells={}) == "还没有填"
    assert said("project", cells={"status": "在建"}) == "还缺形象进度"
    assert said("project", cells={"status": "已竣工"}) == "还缺实际竣工"
    assert said("project", cells={"status": "已竣工"}, was_completed=True) == ""


def test_the_formula_names_the_cells_of_its_row():
    found = row("contribution", code="1-1")
    formula = hint_formula(SHEETS["配合"], found, {"text": "E4"}, LENGTHS)
    assert formula == '=IF(E4="","还没有填",IF(LEN(E4)>300,"超过300字",""))'


def test_the_formula_of_a_target_holds_its_requirement():
    place = {"value": "G4", "grade": "H4", "source": "J4", "note": "K4"}
    found = row(shortfall=("<", Decimal("75.00")))
    formula = hint_formula(SHEETS["指标"], found, place, LENGTHS)
    assert 'AND(ISNUMBER(G4),G4<75.00,K4=""),"低于要求，要写说明"' in formula


@pytest.mark.parametrize(
    ("text", "value"),
    [("97.0", "97.0"), ("-0.5", "-0.5"), ("12.5万", None), ("上升0.7", None), ("", None),
     ("1,234.5", "1234.5"), ("abc", None), ("12345678901234.5678", None)],
)  # fmt: skip
def test_a_cell_holds_a_number_only_where_nothing_is_lost(text, value):
    assert number_of(text) == (None if value is None else Decimal(value))
