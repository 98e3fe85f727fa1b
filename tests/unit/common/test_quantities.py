from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.quantities import (
    FOREIGN_UNIT,
    UnreadableError,
    is_missing,
    money_unit,
    parse_amount,
    parse_decimal,
)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (7214.0, "7214"),
        (0.1, "0.1"),
        (0.1 + 0.2, "0.3"),
        (1e5, "100000"),
        (12, "12"),
        ("7,214", "7214"),
        ("７，２１４．５", "7214.5"),
        ("12,345,678", "12345678"),
        (" 1 250 ", "1250"),
        ("1.5E+04", "15000"),
        ("-3.20", "-3.2"),
    ],
)
def test_decimals(printed, expected):
    assert str(parse_decimal(printed)) == expected


@pytest.mark.parametrize(
    "printed",
    ["", " ", "—", "——", "－", "/", "／", "无", "暂无", "待定", "#REF!", "#N/A", "#DIV/0!", "N/A"],
)
def test_what_says_nothing_is_none_and_never_zero(printed):
    assert is_missing(printed)
    assert parse_decimal(printed) is None
    assert parse_amount(printed).value_wan is None
    assert parse_amount(printed).missing


@pytest.mark.parametrize("printed", ["三千", "1,23", "12,3456", "1.2.3", "1-2", "x", "12a", True])
def test_what_is_no_number_is_refused(printed):
    with pytest.raises(UnreadableError):
        parse_decimal(printed)


@pytest.mark.parametrize(
    ("printed", "unit", "expected"),
    [
        (7214.0, "万元", "7214"),
        (1.2, "亿元", "12000"),
        (1250000, "元", "125"),
        ("1.2亿元", "万元", "12000"),
        ("1.2亿", "万元", "12000"),
        ("1亿2000万元", "万元", "12000"),
        ("7214万", "万元", "7214"),
        ("7214万元", "亿元", "7214"),
        ("约3000万元", "万元", "3000"),
        ("3,000万元左右", "万元", "3000"),
        ("3000（暂估）", "万元", "3000"),
        ("3000（含征地拆迁）", "万元", "3000"),
        ("3000（万元）", "万元", "3000"),
        ("5千万元", "万元", "5000"),
        ("总投资3000万元", "万元", "3000"),
        ("¥36万", "万元", "36"),
        ("0.5", "亿元", "5000"),
    ],
)
def test_amounts_in_wan(printed, unit, expected):
    amount = parse_amount(printed, unit)
    assert str(amount.value_wan) == expected
    assert not amount.missing


@pytest.mark.parametrize(
    "printed",
    [
        "三千万元",
        "3000-5000",
        "≥3000",
        "3000万元以上",
        "不超过3000",
        "2000万美元",
        "1,2345",
        "见备注",
        "-5",
        -5.0,
        True,
    ],
)
def test_what_is_no_certain_amount_is_refused(printed):
    with pytest.raises(UnreadableError):
        parse_amount(printed)


def test_amounts_say_what_was_overcome():
    assert parse_amount("约3000万元").notes == ("about",)
    assert parse_amount("1.2亿元").notes == ("unit_in_cell",)
    assert parse_amount("3000（含征地拆迁）").notes == ("remark",)
    assert parse_amount("——").notes == ("missing_mark",)
    assert parse_amount(3000).notes == ()


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("项目总投资（万元）", "万元"),
        ("总投资\n(亿元)", "亿元"),
        ("单位：万元、亩", "万元"),
        ("投资/元", "元"),
        ("总投资（万美元）", FOREIGN_UNIT),
        ("种植面积（万亩）", None),
        ("单元", None),
        ("建设内容", None),
    ],
)
def test_units_of_money_in_labels(label, unit):
    assert money_unit(label) == unit


@given(st.integers(0, 10**12), st.sampled_from(["万元", "亿元", "元"]))
def test_numbers_and_their_grouped_texts_read_the_same(value, unit):
    assert parse_amount(f"{value:,}", unit) == parse_amount(value, unit)


@given(st.decimals(0, 10**8, places=2))
def test_floats_read_as_they_are_shown(value):
    assert parse_decimal(float(value)) == value == parse_decimal(f"{value:f}")
    assert isinstance(parse_decimal(float(value)), Decimal)
