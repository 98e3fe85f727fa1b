"""What blocks a submission, at each boundary."""

import datetime

import pytest

from common.quarters import Period
from reporting.answers.rules.findings import RULES
from reporting.periods.rules.thresholds import Thresholds
from targets.rules.series.accounting import BasisNames
from tests.unit.reporting.checked import (
    COMPLETED,
    FORMS,
    NARRATIVE,
    Q3,
    codes,
    decimals,
    found,
    only,
)


@pytest.mark.parametrize("kind", FORMS)
def test_a_complete_form_has_no_findings(kind):
    assert found(kind) == ()


def test_e1_what_cannot_be_read():
    finding = only("E1", "target", {"value": "很多"})
    assert finding.message == "“很多”不是数字：填写数字，如 78.6"
    assert finding.is_error
    assert codes("target", {"value": "很多"}) == ["E1 value"]
    assert codes("project", {"started_on": "去年"}) == ["E1 started_on"]


@pytest.mark.parametrize(
    ("unit", "typed", "remedy"),
    [
        ("%", "78.6%", None),
        ("万吨", "52.3万吨", None),
        ("万吨", "52.3万", None),
        ("万吨", "523000吨", "52.3"),
        ("吨", "52.3万吨", "523000"),
        ("万立方米", "5.2亿立方米", "52000"),
        ("万吨", "52.3%", ""),
        ("%", "5万吨", ""),
        ("", "1.3%", ""),
        ("%", "下降15%", ""),
    ],
)
def test_e1_a_value_has_the_unit_of_its_target(unit, typed, remedy):
    finding = only("E1", "target", {"value": typed}, unit=unit)
    assert (finding.remedy if finding else None) == remedy


@pytest.mark.parametrize("typed", ["下降15%", "上升3%"])
def test_e1_a_reduction_may_be_told_in_words(typed):
    assert codes("target", {"value": typed}, is_reduction=True) == []


def test_e1_a_basis_that_the_register_does_not_know_is_asked_about():
    bases = BasisNames.of(["在营公交车（区级）"], [("公交车", "在营公交车（区级）")])
    for known in ("", "在营公交车 (区级)", "公交车"):
        assert "E1 basis" not in codes("target", {"basis": known}, bases=bases)
    finding = only("E1", "target", {"basis": "在营公交"}, bases=bases)
    assert finding.message == (
        "口径登记册里没有“在营公交”，相近的有“在营公交车（区级）”："
        "从列表里选择，确是新口径的请区发改局先登记"
    )


def test_e1_the_unit_of_a_quantity_has_its_field():
    finding = only("E1", "task", {"quantity_value": "3,412个"})
    assert finding.remedy == "3412"
    assert codes("task", {"quantity_value": "3,412个", "quantity_unit": "个"}) == []
    assert only("E1", "task", {"quantity_value": "1.2万", "quantity_unit": "个"}).remedy == "12000"
    assert codes("project", {"works_percent": "96米"}) == ["E1 works_percent"]
    assert codes("project", {"works_percent": "96%"}) == []


@pytest.mark.parametrize(
    ("value", "is_refused"),
    [("0", False), ("100", False), ("100.01", True), ("-0.01", True), ("7860", True)],
)
def test_e2_shares_and_works(value, is_refused):
    assert ("E2 value" in codes("target", {"value": value}, is_share=True)) is is_refused
    assert ("E2 works_percent" in codes("project", {"works_percent": value})) is is_refused


def test_e2_messages():
    finding = only("E2", "target", {"value": "120"}, is_share=True)
    assert finding.message == "占比必须在 0–100% 之间，填写的是 120%"
    assert codes("target", {"value": "101"}, is_reduction=True) == ["E2 value"]
    assert codes("target", {"value": "100"}, is_reduction=True) == []
    assert "E2 invested_wan" in codes("project", {"invested_wan": "-1"})
    assert "E2 invested_wan" not in codes("project", {"invested_wan": "0"})


def test_e3_a_cumulative_value_falls_only_by_a_correction():
    known = {"is_cumulative": True, "history": decimals("78.6"), "decimals": 1}
    assert codes("target", {"value": "78.6"}, **known) == []
    finding = only("E3", "target", {"value": "78.5"}, **known)
    assert finding.message.startswith("累计值 78.5% 小于上期累计值 78.6%：")
    assert codes("target", {"value": "78.5", "corrects_earlier": "1"}, **known) == []
    assert codes("target", {"value": "78.5"}, history=decimals("78.6")) == []


def test_e3_investment():
    known = {"previous_cumulative_wan": decimals("30850")[0]}
    assert codes("project", {"invested_wan": "30850"}, **known) == []
    finding = only("E3", "project", {"invested_wan": "30849.99"}, **known)
    assert finding.message.startswith("累计 30,849.99 万元小于上期累计 30,850 万元：")
    assert codes("project", {"invested_wan": "30849", "corrects_earlier": "1"}, **known) == []
    assert codes("project", {"invested_quarter_wan": "-1"}) == ["E3 invested_quarter_wan"]
    assert codes("project", {"invested_quarter_wan": "0"}) == []


@pytest.mark.parametrize(
    ("period", "is_refused"),
    [("2026Q3", False), ("2026Q4", True), ("2026", True), ("2025", False), ("2027Q1", True)],
)
def test_e4_a_value_belongs_to_a_period_that_has_ended(period, is_refused):
    assert ("E4 value_period" in codes("target", {"value_period": period})) is is_refused


def test_e4_the_reporting_period_itself_may_still_run():
    early = datetime.date(2026, 9, 25)
    assert codes("target", today=early) == []
    assert codes("target", {"value_period": "2025Q4"}, today=early, period=Period(2026, 2)) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"started_on": "2026-11"}, []),
        ({"started_on": "2026-12"}, ["E4 started_on"]),
        ({"completed_on": "2026-12"}, ["E4 completed_on"]),
        ({"started_on": "2023-05", "completed_on": "2023-05"}, []),
        ({"started_on": "2023-05", "completed_on": "2023-04"}, ["E4 completed_on"]),
        ({"started_on": "2023-05", "expected_on": "2023-04"}, ["E4 expected_on"]),
        ({"expected_on": "2027-06"}, []),
    ],
)
def test_e4_dates_of_a_project(changed, expected):
    assert codes("project", changed) == expected


def test_e4_messages_are_in_words():
    assert "2026年12月晚于今天" in only("E4", "project", {"started_on": "2026-12"}).message
    assert "E4 started_on" not in codes("project", {"started_on": "2026-12", "no_change": "1"})
    finding = only("E4", "project", {"completed_on": "2027-01"})
    assert finding.message == "实际竣工2027年1月晚于今天（2026年11月22日）：填写实际发生的时间"


def test_e5_completed_needs_a_date_and_evidence_once():
    assert codes("project", {"status": "completed"}, evidence=0) == [
        "E5 completed_on",
        "E5 evidence",
    ]
    assert codes("project", COMPLETED) == []
    assert codes("project", {"status": "completed"}, evidence=0, previous=COMPLETED) == []
    assert codes("project", COMPLETED | {"completed_on": "夏天"}) == ["E1 completed_on"]
    assert codes("project", {"status": "cancelled"}, evidence=0) == ["E5 evidence"]
    assert codes("project", {"status": "cancelled"}) == []


def test_errors_come_first_in_the_order_of_the_form():
    listed = codes(
        "project",
        {
            "status": "completed",
            "invested_wan": "40000",
            "started_on": "2027-01",
            "works_percent": "101",
        },
        evidence=0,
        total_investment_wan=decimals("32698")[0],
    )
    assert listed == [
        "E2 works_percent",
        "E4 started_on",
        "E5 completed_on",
        "E5 evidence",
        "W5 invested_wan",
    ]


def test_errors_cannot_be_switched_off():
    everything = Thresholds(off=frozenset(rule.code for rule in RULES))
    assert codes("target", {"value": ""}, thresholds=everything) == ["E7 value"]
    assert codes("target", evidence=0, thresholds=everything) == []


def test_the_narrative_of_the_tests_is_long_enough():
    assert 50 <= len(NARRATIVE) <= 800
    assert Q3.end < datetime.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "unit", "sentence", "remedy"),
    [
        ("0.52亿立方米", "万立方米", "这里的单位是“万立方米”，填写5200", "5200"),
        ("52万吨", "万立方米", "这里的单位是“万立方米”，填写数字", ""),
        ("52万吨", "", "这里没有单位，只填数字", ""),
        ("12.5万", "%", "这里的单位是“%”，填写百分数，如 78.6", ""),
    ],
)
def test_e1_another_unit_is_converted_where_it_can_be(typed, unit, sentence, remedy):
    finding = only("E1", "target", {"value": typed}, unit=unit)
    assert finding.message.endswith(sentence)
    assert finding.remedy == remedy


@pytest.mark.parametrize(
    ("typed", "told", "remedy"),
    [
        ("上升0.7", "上期 77.9%，上升 0.7 个百分点是 78.6", "78.6"),
        ("提高0.7个百分点", "上期 77.9%，上升 0.7 个百分点是 78.6", "78.6"),
        ("下降1.2%", "上期 77.9%，下降 1.2 个百分点是 76.7", "76.7"),
    ],
)
def test_e1_a_turn_where_a_level_is_asked_for_offers_the_level(typed, told, remedy):
    known = {"unit": "%", "is_share": True, "history": decimals("77.9")}
    finding = only("E1", "target", {"value": typed}, **known)
    assert finding.message == f"写的是升降幅度，这里填写期末的数值：{told}"
    assert finding.remedy == remedy


@pytest.mark.parametrize(
    ("rate", "known", "expected"),
    [
        ("3.2", {}, None),
        ("-1.5", {}, None),
        ("99.99", {}, None),
        ("100", {}, "当年降低率须小于 100%，填写的是 100%"),
        ("3.2", {"base_year": None}, "当年降低率只和累计降低率的全年数值一起填"),
        ("3.2万吨", {}, "与本项的单位不同"),
    ],
)
def test_a_yearly_rate_belongs_to_a_year_of_a_reduction(rate, known, expected):
    known = {"is_reduction": True, "is_annual": True, "base_year": 2020, **known}
    texts = {"value": "15", "value_period": "2025", "annual_rate": rate}
    said = [one.message for one in found("target", texts, **known) if one.field == "annual_rate"]
    assert len(said) == (expected is not None)
    assert expected is None or expected in said[0]


def test_a_quarter_has_no_yearly_rate():
    texts = {"value": "15", "annual_rate": "3"}
    assert "E2 annual_rate" in codes("target", texts, is_reduction=True, base_year=2020)
