"""What has to be filled in, and how long it may be: E7 at each boundary."""

import pytest

from reporting.periods.rules.thresholds import Thresholds
from tests.unit.reporting.checked import COMPLETED, FORMS, codes, decimals, only


@pytest.mark.parametrize("name", ["value", "value_period", "grade", "source"])
def test_e7_a_new_value_needs_all_that_belongs_to_it(name):
    assert codes("target", {name: ""}) == [f"E7 {name}"]


@pytest.mark.parametrize(
    ("name", "sentence"), [("grade", "选择数据状态"), ("source", "填写数据来源")]
)
def test_e7_a_choice_is_chosen_and_a_text_filled_in(name, sentence):
    assert only("E7", "target", {name: ""}).message == sentence


def test_e7_targets():
    nothing = dict.fromkeys(FORMS["target"], "")
    assert codes("target", nothing) == ["E7 availability"]
    assert codes("target", {"value": "——"}) == ["E7 value"]
    assert codes("target", nothing | {"availability": "not_applicable"}) == []
    annual = nothing | {"availability": "annual"}
    assert codes("target", annual, is_annual=True) == []
    assert codes("target", annual) == ["E7 availability"]


@pytest.mark.parametrize(
    ("note", "is_enough"), [("", False), ("等统计局", False), ("等统计局数", True)]
)
def test_e7_awaited_data_need_a_reason(note, is_enough):
    texts = dict.fromkeys(FORMS["target"], "") | {"availability": "awaited", "note": note}
    assert (codes("target", texts) == []) is is_enough


def test_e7_qualitative_targets_are_told_by_attainment():
    nothing = dict.fromkeys(FORMS["target"], "")
    known = {"target_kind": "qualitative"}
    assert codes("target", nothing, **known) == ["E7 attainment"]
    assert codes("target", nothing | {"attainment": "partly"}, **known) == []
    with_value = nothing | {"attainment": "partly", "value": "60"}
    assert codes("target", with_value, **known) == ["E7 value_period", "E7 grade", "E7 source"]


@pytest.mark.parametrize(
    ("text", "status", "is_enough"),
    [
        ("没有新进展：四季度集中建设，年底前完成", "on_track", True),
        ("本季度没有新进展。四季度集中建设，年底完成", "on_track", True),
        ("没有新进展", "on_track", False),
        ("没有新进展：四季度集中建设", "on_track", False),
        ("没有新进展", "done", True),
        ("四季度集中建设，年底前完成", "on_track", False),
    ],
)
def test_e7_a_standstill_needs_its_reason_and_no_more(text, status, is_enough):
    assert (codes("task", {"narrative": text, "status": status}) == []) is is_enough


@pytest.mark.parametrize(
    ("length", "sentence"),
    [
        (0, "填写本季度进展（50–800字）"),
        (49, "本季度进展至少写50字，现在49字"),
        (50, None),
        (800, None),
        (801, "本季度进展最多800字，现在801字（含标点和空格）"),
    ],
)
def test_e7_the_length_of_a_narrative(length, sentence):
    finding = only("E7", "task", {"narrative": "字" * length})
    assert (finding.message if finding else None) == sentence


def test_e7_blanks_do_not_fill_a_narrative_but_take_room():
    assert codes("task", {"narrative": "字 " * 49}) == ["E7 narrative"]
    assert codes("task", {"narrative": "字" + " \n" * 400 + "字" * 60}) == ["E7 narrative"]
    shorter = Thresholds({"NARRATIVE_LEAST": decimals("20")[0]})
    assert codes("task", {"narrative": "字" * 20}, thresholds=shorter) == []


@pytest.mark.parametrize("status", ["lagging", "stalled"])
def test_e7_slow_tasks_name_problems_and_measures(status):
    slow = {"status": status}
    assert codes("task", slow) == ["E7 problems", "E7 next_steps"]
    assert codes("task", slow | {"problems": "无", "next_steps": "—"}) == [
        "E7 problems",
        "E7 next_steps",
    ]
    assert codes("task", slow | {"problems": "征地滞后", "next_steps": "每周调度"}) == []


def test_e7_contributions_are_told_or_declared_to_be_none():
    assert codes("contribution", {"text": ""}) == ["E7 text"]
    assert codes("contribution", {"text": "", "nothing": "1"}) == []
    assert codes("contribution", {"nothing": "1"}) == ["E7 nothing"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("", ["E7 status"]),
        ("not_started", []),
        ("cancelled", []),
        ("under_way", ["E7 invested_wan", "E7 works_percent"]),
        ("suspended", ["E7 invested_wan"]),
        ("completed", ["E7 invested_wan"]),
    ],
)
def test_e7_projects(status, expected):
    texts = {"status": status, "invested_wan": "", "works_percent": "", "completed_on": "2026-09"}
    total = decimals("32698")[0]
    assert codes("project", texts, total_investment_wan=total) == expected
    without_total = [item for item in expected if item != "E7 invested_wan"]
    assert codes("project", texts) == without_total


def test_e7_no_change_is_for_what_was_completed():
    alone = dict.fromkeys(FORMS["project"], "") | {"no_change": "1"}
    assert codes("project", alone, evidence=0, previous=COMPLETED) == []
    assert codes("project", alone) == ["E7 no_change"]
    assert codes("project", alone, previous={"status": "under_way"}) == ["E7 no_change"]
    assert codes("project", alone, previous={"status": "cancelled"}) == []
    assert codes("project", alone | {"status": "suspended"}, previous=COMPLETED) == ["E7 no_change"]


@pytest.mark.parametrize(
    ("kind", "name", "most"),
    [
        ("target", "source", 160),
        ("target", "note", 1000),
        ("task", "problems", 800),
        ("contribution", "text", 300),
        ("project", "works_note", 200),
        ("project", "why_W5", 500),
    ],
)
def test_e7_texts_fit_into_the_records(kind, name, most):
    assert codes(kind, {name: "字" * most}) == []
    assert codes(kind, {name: "字" * (most + 1)}) == [f"E7 {name}"]
