"""Cells of registers: what may be written, what it becomes, and the clause where it cannot be."""

import datetime
from decimal import Decimal

import pytest

from common.registers.cells import (
    ChoiceCell,
    ChoicesCell,
    DateCell,
    DecimalCell,
    ReferenceCell,
    References,
    ReferencesCell,
    TextCell,
    WholeNumberCell,
    WholeNumbersCell,
    YesNoCell,
    normalised,
    split_list,
)

AGENCIES = References.of(
    "单位",
    [
        (1, "区发展和改革局", "区发改局"),
        (2, "马栏山（长沙）视频文创园管理委员会", ""),
        (3, "区交通运输局", ""),
    ],
)
NUMBER = DecimalCell(max_digits=18, decimal_places=4)
KIND = ChoiceCell([("at_least", "不低于"), ("about", "稳定在左右")])
YEARS = WholeNumbersCell(most=9999)
ROLES = ChoicesCell([("reporter", "填报员"), ("reviewer", "审核员")])


@pytest.mark.parametrize(
    ("cell", "raw", "value"),
    [
        (TextCell(), " 区统计局 ", "区统计局"),
        (TextCell(), None, ""),
        (TextCell(), 3.0, "3"),
        (TextCell(), "'=1+1", "=1+1"),
        (TextCell(), "'引号", "'引号"),
        (NUMBER, 78.6, Decimal("78.6")),
        (NUMBER, "0.1800", Decimal("0.18")),
        (NUMBER, "1,234.5", Decimal("1234.5")),
        (NUMBER, "１２３", Decimal(123)),
        (NUMBER, "−3", Decimal(-3)),
        (NUMBER, 0, Decimal(0)),
        (NUMBER, "——", None),
        (NUMBER, "", None),
        (WholeNumberCell(), 2025.0, 2025),
        (WholeNumberCell(), "2025", 2025),
        (WholeNumberCell(), "/", None),
        (YesNoCell(), "是", True),
        (YesNoCell(), "", False),
        (YesNoCell(), True, True),
        (YesNoCell(), "No", False),
        (DateCell(), datetime.datetime(2026, 11, 22, 8), datetime.date(2026, 11, 22)),  # noqa: DTZ001
        (DateCell(), "2026年11月22日", datetime.date(2026, 11, 22)),
        (DateCell(), "2026/1/2", datetime.date(2026, 1, 2)),
        (KIND, "不低于", "at_least"),
        (KIND, "about", "about"),
        (ROLES, "审核员、填报员", ["reporter", "reviewer"]),
        (ROLES, "", []),
        (YEARS, "2030、2025；2030", [2025, 2030]),
        (YEARS, 2025.0, [2025]),
        (YEARS, "", []),
        (ReferenceCell(AGENCIES), "区发改局", 1),
        (ReferenceCell(AGENCIES), "", None),
        (ReferencesCell(AGENCIES), "区交通运输局、马栏山（长沙）视频文创园管理委员会", (3, 2)),
        (ReferencesCell(AGENCIES, ordered=False), "区交通运输局；区发改局", (1, 3)),
        (ReferencesCell(AGENCIES), None, ()),
    ],
)
def test_what_a_cell_becomes(cell, raw, value):
    cleaned = cell.clean(raw)
    assert cleaned == value
    assert type(cleaned) is type(value)


@pytest.mark.parametrize(
    ("cell", "raw", "clause"),
    [
        (TextCell(max_length=3), "四个字的", "有4个字，最多3个字"),
        (TextCell(), datetime.date(2026, 5, 1), "可能被Excel自动改过"),
        (NUMBER, "78.6%", "不是数字，只填数字"),
        (NUMBER, "nan", "不是数字"),
        (NUMBER, True, "不是数字"),
        (NUMBER, "0.12345", "小数超过4位"),
        (NUMBER, 10**14, "太大"),
        (WholeNumberCell(), 2025.5, "不是整数"),
        (WholeNumberCell(most=4), 5, "须在0至4之间"),
        (YesNoCell(), "也许", "只填“是”或“否”"),
        (DateCell(), "2026-02-30", "不是日期"),
        (DateCell(), 46000.0, "不是日期"),
        (KIND, "大于", "可以填：不低于、稳定在左右"),
        (ROLES, "填报员、主任", "“主任”不在可选范围内"),
        (YEARS, "2025、明年", "“明年”"),
        (ReferenceCell(AGENCIES), "交通运输局", "没有“交通运输局”这个单位，相近的有：区交通运输局"),
        (ReferenceCell(AGENCIES), "火星局", "请先登记"),
        (ReferencesCell(AGENCIES), "区发改局、区发展和改革局", "写了不止一次"),
    ],
)
def test_why_a_cell_cannot_be_read(cell, raw, clause):
    with pytest.raises(ValueError, match=clause):
        cell.clean(raw)


@pytest.mark.parametrize(
    ("cell", "value", "written"),
    [
        (NUMBER, Decimal("0.1800"), Decimal("0.18")),
        (NUMBER, None, ""),
        (YesNoCell(), True, "是"),
        (KIND, "about", "稳定在左右"),
        (ROLES, ["reporter", "reviewer"], "填报员、审核员"),
        (YEARS, [2025, 2030], "2025、2030"),
        (ReferenceCell(AGENCIES), 3, "区交通运输局"),
        (ReferencesCell(AGENCIES), (3, 1), "区交通运输局、区发展和改革局"),
        (DateCell(), None, ""),
    ],
)
def test_what_is_written_is_read_back(cell, value, written):
    assert cell.render(value) == written
    assert cell.clean(cell.render(value)) == value


def test_lists_are_split_outside_brackets():
    assert split_list("各街道、社区（村、组）,区科技局\n区商务局、") == [
        "各街道",
        "社区（村、组）",
        "区科技局",
        "区商务局",
    ]


def test_normalised_numbers_have_no_exponent():
    assert str(normalised(Decimal("915822.00"))) == "915822"
    assert str(normalised(Decimal("1E+2"))) == "100"
    assert str(normalised(Decimal("0.0000"))) == "0"
