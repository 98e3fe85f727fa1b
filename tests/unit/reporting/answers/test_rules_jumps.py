"""A value against its history, at each boundary: W1, W2 and W3."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.quarters import Period
from reporting.periods.rules.thresholds import Thresholds
from targets.rules import Goal
from tests.unit.reporting.checked import FORMS, codes, decimals, found, only

SHARE = {"is_share": True, "decimals": 1}
FEW = decimals("75", "77.9")
FLAT = decimals("77.9", "77.9", "77.9", "77.9")
TONNES = {"unit": "万吨", "decimals": 1}


def w1(value, history, **known):
    finding = only("W1", "target", {"value": value}, history=decimals(*history.split()), **known)
    return finding.message if finding else None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("80.9", None),
        ("81.0", "比上季度变化 +3.1 个百分点，超过常见波动（±3）。"),
        ("74.9", None),
        ("46.5", "比上季度变化 −31.4 个百分点，超过常见波动（±3）。"),
    ],
)
def test_w1_shares_move_by_points(value, expected):
    assert w1(value, "75 77.9", **SHARE) == expected
    assert w1(value, "77.9 77.9 77.9 77.9", **SHARE) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("130", None),
        ("130.1", "比上季度变化 +30.1%，超过常见波动（±30%）。"),
        ("70", None),
        ("69.9", "比上季度变化 −30.1%，超过常见波动（±30%）。"),
    ],
)
def test_w1_other_values_move_by_percent(value, expected):
    assert w1(value, "100", **TONNES) == expected


def test_w1_history_of_four_values_says_what_is_usual():
    """Changes +2, +6, +4: median 4, their deviations 2, 2, 0 have the median 2, five times 10."""
    assert w1("66", "40 42 48 52", **SHARE) is None
    assert w1("66.1", "40 42 48 52", **SHARE) == (
        "比上季度变化 +14.1 个百分点，以往一般变化 +4.0，超过常见波动（±10）。"
    )
    assert w1("46", "40 42 48 52", **SHARE) is None
    assert w1("45.9", "40 42 48 52", **SHARE) is not None
    assert w1("55.1", "42 48 52", **SHARE) is not None, "three values: the fixed threshold"


def test_w1_thresholds_are_the_bureaus():
    known = {"history": FEW, **SHARE}
    wide = Thresholds({"W1_POINTS": Decimal(40)})
    assert codes("target", {"value": "46.5"}, thresholds=wide, **known) == []
    narrow = Thresholds({"W1_MAD": Decimal(1)})
    known["history"] = decimals("40", "42", "48", "52")
    assert codes("target", {"value": "60"}, **known) == []
    assert codes("target", {"value": "60"}, thresholds=narrow, **known) == ["W1 value"]


def test_w1_from_nothing():
    assert w1("12", "0", **TONNES) == "上季度为 0，这次为 12.0 万吨，超过常见波动。"
    assert w1("0", "0", **TONNES) is None
    assert w1("12", "", **TONNES) is None


def test_w1_names_the_period_that_is_compared():
    annual = {"is_annual": True, "history": FEW, **SHARE}
    last_year = {"value": "90", "value_period": "2025"}
    assert only("W1", "target", last_year, **annual).message.startswith("比上年变化")
    older = annual | {"last_period": Period(2022)}
    assert only("W1", "target", last_year, **older).message.startswith("比2022年变化")
    older = {"history": FEW, "last_period": Period(2025, 4), **SHARE}
    shown = only("W1", "target", {"value": "90"}, **older).message
    assert shown.startswith("比2025年第四季度变化")


def test_w1_leaves_slips_and_signs_to_their_own_doubts():
    assert codes("target", {"value": "0.779"}, history=FEW, **SHARE) == ["W3 value"]
    reduction = {"is_reduction": True, "history": decimals("14")}
    assert codes("target", {"value": "-15"}, **reduction) == ["W10 value"]
    assert codes("target", {"value": "上升15%"}, **reduction) == ["W1 value"]


@given(
    st.lists(st.integers(1, 10**6), min_size=1, max_size=8),
    st.integers(1, 10**6),
    st.integers(-3, 5),
)
def test_w1_does_not_depend_on_the_unit(history, value, power):
    scale = Decimal(10) ** power
    plainly = only(
        "W1", "target", {"value": str(value)}, history=decimals(*map(str, history)), unit="吨"
    )
    scaled = only(
        "W1",
        "target",
        {"value": f"{value * scale:f}"},
        history=tuple(item * scale for item in history),
        unit="万吨",
    )
    assert (plainly and plainly.message) == (scaled and scaled.message)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=8), st.integers(0, 1000))
def test_w1_of_points_is_the_same_upside_down(history, value):
    up = w1(str(value), " ".join(map(str, history)), unit="%")
    down = w1(str(value - 5000), " ".join(str(item - 5000) for item in history), unit="%")
    slip = only("W3", "target", {"value": str(value)}, history=decimals(*map(str, history)))
    assert slip or up == down


@pytest.mark.parametrize(
    ("value", "history", "expected"),
    [
        ("77.9", "77.9 77.9", True),
        ("77.90", "77.9 77.9", True),
        ("77.9", "75 77.9", False),
        ("77.9", "77.9", False),
        ("78", "77.9 77.9", False),
        ("100", "100 100", False),
        ("0", "0 0", True),
    ],
)
def test_w2_the_same_a_third_time(value, history, expected):
    known = {"history": decimals(*history.split()), **SHARE}
    assert codes("target", {"value": value}, **known) == (["W2 value"] if expected else [])


def test_w2_messages():
    finding = only("W2", "target", {"value": "77.9"}, history=FLAT, **SHARE)
    assert finding.message == "与前两个季度完全相同，都是 77.9%：核对是否已更新。"
    assert codes("target", {"value": "100"}, history=decimals("100", "100")) == ["W2 value"]


def test_w2_projects_and_quantities():
    before = {"previous": FORMS["project"], "before_previous": FORMS["project"]}
    assert codes("project", **before) == ["W2 invested_wan"]
    assert codes("project", {"invested_wan": "30851"}, **before) == []
    assert codes("project", {"status": "suspended"}, **before) == []
    assert codes("project", previous=FORMS["project"]) == []
    piles = {"quantity_name": "充电桩", "quantity_value": "3412", "quantity_unit": "个"}
    before = {"previous": piles, "before_previous": piles}
    assert codes("task", piles, **before) == ["W2 quantity_value"]
    assert codes("task", piles | {"quantity_value": "3413"}, **before) == []
    assert codes("task", piles | {"quantity_name": "公交车"}, **before) == []


@pytest.mark.parametrize(
    ("value", "remedy"),
    [
        ("0.786", "78.6"),
        ("7.86", "78.6"),
        ("0.0079", "79"),
        ("62.4", None),
        ("9.348", "93.48"),
        ("9.349", None),
        ("6.232", "62.32"),
        ("6.231", None),
    ],
)
def test_w3_about_ten_a_hundred_or_ten_thousand_times(value, remedy):
    """The last value is 77.9; a tenth of it, more or less by up to 20%, is 6.232 to 9.348."""
    finding = only("W3", "target", {"value": value}, history=FEW, **SHARE)
    assert (finding.remedy if finding else None) == remedy


@pytest.mark.parametrize("value", ["7860", "786000"])
def test_a_slip_beyond_the_whole_is_an_error_that_offers_the_same(value):
    (finding,) = found("target", {"value": value, "availability": "new"}, history=FEW, **SHARE)[:1]
    assert (finding.code, finding.remedy) == ("E2", "78.6")


def test_w3_messages_and_remedies():
    finding = only("W3", "target", {"value": "0.786"}, history=FEW, **SHARE)
    assert finding.message == "0.786% 约为上季度（77.9%）的 1/100，核对单位和小数点。"
    high = only("W3", "target", {"value": "11"}, history=decimals("95"), **SHARE)
    assert high.remedy == "", "110% of a share is no remedy"
    assert only("W3", "target", {"value": "5"}, history=decimals("0"), **TONNES) is None
    assert only("W3", "target", {"value": "5"}, history=decimals("-50"), **TONNES) is None


@pytest.mark.parametrize(
    ("value", "required", "remedy"),
    [
        ("0.786", "75", "78.6"),
        ("1", "75", None),
        ("0", "75", None),
        ("0.786", "10", "78.6"),
        ("0.786", "9", None),
    ],
)
def test_w3_without_history_a_fraction_of_a_share(value, required, remedy):
    known = {"goal": Goal(2026, value=Decimal(required)), **SHARE}
    finding = only("W3", "target", {"value": value}, **known)
    assert (finding.remedy if finding else None) == remedy


def test_w3_sums():
    known = {"previous_cumulative_wan": Decimal(29650)}
    finding = only("W3", "project", {"invested_wan": "308500000"}, **known)
    assert finding.message == (
        "308,500,000 万元约为上期累计（29,650 万元）的 1 万倍：核对是否把“元”当成“万元”。"
    )
    assert finding.remedy == "30850"
    young = {"previous_cumulative_wan": Decimal(100)}
    assert only("W3", "project", {"invested_wan": "1000"}, **young)
    adding = {"invested_wan": "1000", "invested_quarter_wan": "900"}
    assert only("W3", "project", adding, **young) is None
    yuan = {"invested_wan": "1000000", "invested_quarter_wan": "999900"}
    assert only("W3", "project", yuan, **young).remedy == "100", "元 adds up just as well"
