"""What needs a reason, at each boundary: W4 to W13, and how reasons are asked for."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reporting.answers.rules.facts import Sibling
from reporting.answers.rules.findings import DOUBT, ERROR, RULES, open_doubts
from reporting.periods.rules.thresholds import Thresholds
from targets.rules import AnnualRate, Goal, Tolerance
from tests.unit.reporting.checked import FORMS, NARRATIVE, codes, decimals, found, only

SHARE = {"is_share": True, "decimals": 1}
FEW = decimals("75", "77.9")
TONNES = {"unit": "万吨", "decimals": 1}


def asked(comparison="at_least", value=Decimal(75)):
    return Goal(2026, comparison=comparison, value=value)


@pytest.mark.parametrize(
    ("value", "known", "expected"),
    [
        ("75", {}, None),
        ("74.9", {}, "低于进度要求 75.0%，差 0.1 个百分点"),
        ("74.96", {}, "低于进度要求 75.0%，差 0.04 个百分点"),
        (
            "76",
            {"goal": asked("at_most")},
            "高于进度要求 75.0%，高 1.0 个百分点",
        ),
        ("75", {"goal": asked("at_most")}, None),
        (
            "75",
            {"goal": asked("below")},
            "没有低于要求的 75.0%（不含本数）",
        ),
        ("74.9", {"goal": asked("below")}, None),
        ("73.5", {"goal": asked("about"), "tolerance": Tolerance(Decimal(2))}, None),
        (
            "73.4",
            {"goal": asked("about"), "tolerance": Tolerance(Decimal(2))},
            "低于进度要求 75.0%，差 1.6 个百分点",
        ),
    ],
)
def test_w4_worse_than_required(value, known, expected):
    known = {"goal": asked(), **SHARE, **known}
    finding = only("W4", "target", {"value": value}, **known)
    said = expected and f"{expected}：写明原因和下一步措施。"
    assert (finding.message if finding else None) == said


def test_w4_shows_a_required_value_as_the_target_is_shown():
    known = {"goal": asked(value=Decimal(50) / 3), **TONNES}
    finding = only("W4", "target", {"value": "16"}, **known)
    assert finding.message.startswith("低于进度要求 16.7 万吨，差 0.7 万吨：")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"invested_wan": "32698"}, None),
        ({"invested_wan": "32698.01"}, "累计投资 32,698.01 万元超过总投资 32,698 万元"),
        ({"works_percent": "100", "invested_wan": "26158.4"}, None),
        (
            {"works_percent": "100", "invested_wan": "26158.39"},
            "形象进度 100%，累计投资只占",
        ),
        ({"works_percent": "99.9", "invested_wan": "100"}, None),
        ({"status": "completed", "completed_on": "2026-09", "invested_wan": "100"}, "已竣工，"),
    ],
)
def test_w5_investment(changed, expected):
    finding = only("W5", "project", changed, total_investment_wan=Decimal(32698))
    assert (finding is None) is (expected is None)
    assert finding is None or finding.message.startswith(expected)


@pytest.mark.parametrize(("kept", "is_doubted"), [(90, True), (89, False)])
def test_w6_texts_like_those_of_last_quarter(kept, is_doubted):
    said = "新增充电桩12个"
    old = said + "".join(chr(0x4E00 + place) for place in range(100 - len(said)))
    new = old[:kept] + "".join(chr(0x6E00 + place) for place in range(100 - kept))
    doubted = ["W6 narrative"] if is_doubted else []
    assert codes("task", {"narrative": new}, previous={"narrative": old}) == doubted
    doubted = ["W6 text"] if is_doubted else []
    assert codes("contribution", {"text": new}, previous={"text": old}) == doubted


@pytest.mark.parametrize(
    ("text", "is_doubted"), [("新增九个文字不比较", False), ("新增十个文字要比较了", True)]
)
def test_w6_texts_of_a_few_characters_are_alike_by_nature(text, is_doubted):
    found = codes("contribution", {"text": text}, previous={"text": text})
    assert found == (["W6 text"] if is_doubted else [])


@pytest.mark.parametrize(
    ("text", "is_doubted"),
    [
        ("督促2家重点用能运输企业按月报送能耗数据。", False),
        ("按分工完成本单位公务用车更新，没有其他事项。", False),
        ("新增公交专用道，方案9月报送区政府研究。", True),
        ("本季度建成换电站三座，运行平稳。", True),
        ("已完成方案编制；另有3家企业按月报送。", False),
    ],
)
def test_w6_only_what_claims_to_have_moved_is_doubted(text, is_doubted):
    found = codes("contribution", {"text": text}, previous={"text": text})
    assert found == (["W6 text"] if is_doubted else [])


class TestOneParagraphInSeveralTasks:
    NEWS = FORMS["task"]["narrative"]

    def found(self, *siblings, text=NEWS):
        known = tuple(Sibling(*one) for one in siblings)
        return only("W6", "task", {"narrative": text}, siblings=known)

    def test_it_is_one_doubt_at_the_first(self):
        same = self.NEWS
        first = self.found(("5-2", same, False, True), ("5-3", same, False, True))
        assert first.message == "与5-2、5-3写的是同一段文字：各写各的进展，或说明为什么可以共用。"
        assert self.found(("5-1", same, True, True), ("5-3", same, False, True)) is None

    def test_where_the_first_is_handed_in_the_next_one_has_it(self):
        assert self.found(("5-1", self.NEWS, True, False)).message.startswith("与5-1写的是")

    def test_other_texts_and_standstill_are_none(self):
        assert self.found(("5-2", "智慧停车接入泊位1.9万个。", False, True)) is None
        still = "没有新进展：四季度集中建设，2026年12月底前完成。"
        assert self.found(("5-2", still, False, True), text=still) is None


def test_w6_what_may_stay_the_same():
    assert codes("contribution", {"text": "已完成。"}, previous={"text": "已完成。"}) == []
    done = FORMS["task"] | {"status": "done"}
    assert codes("task", done, previous=done) == []
    assert codes("task", done, previous=FORMS["task"]) == ["W6 narrative"]
    message = only("W6", "task", previous=FORMS["task"]).message
    assert message == "与上季度文字 100% 相同：写出本季度的新进展，或说明为什么没有变化。"
    off = Thresholds(off=frozenset({"W6"}))
    assert codes("task", previous=FORMS["task"], thresholds=off) == []


@pytest.mark.parametrize(
    ("value", "grade", "is_doubted"),
    [
        ("102", "final", False),
        ("102.01", "final", True),
        ("97.99", "final", True),
        ("120", "preliminary", False),
        ("100", "final", False),
    ],
)
def test_w7_final_values_far_from_the_provisional(value, grade, is_doubted):
    finding = only("W7", "target", {"value": value, "grade": grade}, provisional=Decimal(100))
    assert bool(finding) is is_doubted


def test_w7_messages():
    finding = only(
        "W7", "target", {"value": "73.1", "grade": "final"}, provisional=Decimal("78.6"), decimals=2
    )
    assert finding.message == (
        "最终核实 73.10%，比初步值 78.60% 变动 −7.0%，超过 2%：说明核定差异的原因。"
    )
    assert only("W7", "target", {"grade": "final"}, provisional=Decimal(0))


def test_w8_without_evidence():
    assert codes("target", evidence=0) == ["W8 evidence"]
    awaited = {"availability": "awaited", "note": "等市统计局反馈"}
    assert codes("target", awaited, evidence=0) == []
    nothing = dict.fromkeys(FORMS["target"], "")
    known = {"target_kind": "qualitative", "evidence": 0}
    assert codes("target", nothing | {"attainment": "realised"}, **known) == ["W8 evidence"]
    assert codes("target", nothing | {"attainment": "largely"}, **known) == []
    assert codes("task", {"status": "done"}, evidence=0) == ["W8 evidence"]
    assert codes("task", {"status": "done"}, evidence=0, previous={"status": "done"}) == []
    assert codes("task", evidence=0) == []


def test_w9_cumulative_is_before_plus_quarter():
    known = {"previous_cumulative_wan": Decimal(29650)}
    assert codes("project", {"invested_quarter_wan": "1200"}, **known) == []
    finding = only("W9", "project", {"invested_quarter_wan": "1,100"}, **known)
    assert finding.remedy == "30750"
    assert finding.message == (
        "上期累计 29,650 万元加本季度 1,100 万元应为 30,750 万元，"
        "填写的累计是 30,850 万元：改正，或说明原因。"
    )
    assert codes("project", {"invested_quarter_wan": ""}, **known) == []
    assert codes("project", {"invested_quarter_wan": "1100"}) == []


def test_w10_a_fall_is_typed_without_a_sign():
    finding = only("W10", "target", {"value": "−15"}, is_reduction=True)
    assert finding.remedy == "15"
    assert finding.message == "填写的是 −15.0%，表示上升 15.0%；下降 15.0% 时填 15。"
    assert codes("target", {"value": "15"}, is_reduction=True) == []
    assert codes("target", {"value": "上升15%"}, is_reduction=True) == []
    assert codes("target", {"value": "-15"}) == []


def test_w11_another_basis_is_told_and_never_compared():
    known = {"history": FEW, "goal": asked(), "provisional": Decimal(90), **SHARE}
    changed = {"value": "46.5", "basis": "含新能源出租车", "grade": "final"}
    assert codes("target", changed, basis="公交车", **known) == ["W11 basis"]
    assert "（以前是“公交车”）" in only("W11", "target", changed, basis="公交车", **known).message
    assert codes("target", changed, **known) == ["W11 basis"]
    same = changed | {"basis": " 公交车 "}
    assert codes("target", same, basis="公交车", **known) == ["W1 value", "W4 value", "W7 value"]


@pytest.mark.parametrize(
    ("reason", "is_open"),
    [
        ("", True),
        ("新购一百二十辆公交", True),
        ("新购一百二十辆公交车", False),
        ("新 购 " * 5, False),
    ],
)
def test_doubts_wait_for_a_reason(reason, is_open):
    findings = found("target", {"value": "46.5"}, history=FEW, **SHARE)
    assert [item.reason_field for item in findings] == ["why_W1"]
    assert bool(open_doubts(findings, {"why_W1": reason})) is is_open


def test_reasons_have_their_least_length_and_errors_take_none():
    findings = found("target", {"value": "96.5", "value_period": "2026Q4"}, history=FEW, **SHARE)
    shorter = Thresholds({"REASON_LENGTH": Decimal(2)})
    assert [item.code for item in findings] == ["E4", "W1"]
    assert [item.code for item in open_doubts(findings, {})] == ["W1"]
    assert open_doubts(findings, {"why_W1": "属实"}, shorter) == ()


@pytest.mark.parametrize(
    ("typed", "code"),
    [("-5", "E2"), ("3，200", "E2"), ("146.5", "E2"), ("12.5万", "E1"), ("上升0.7", "E1")],
)
def test_no_reason_is_asked_for_what_will_be_refused(typed, code):
    texts = {"value": typed, "availability": "new"}
    findings = found("target", texts, history=FEW, evidence=0, **SHARE)
    assert {item.code for item in findings if item.field == "value"} == {code}
    assert not [item for item in findings if not item.is_error]


def test_every_rule_is_in_the_table_once_a_kind():
    keys = [(rule.test, kind) for rule in RULES for kind in rule.kinds]
    assert len(keys) == len(set(keys))
    assert {rule.level for rule in RULES} == {ERROR, DOUBT}
    assert all(rule.code[0] == {ERROR: "E", DOUBT: "W"}[rule.level] for rule in RULES)
    for code in {rule.code for rule in RULES}:
        assert len({rule.level for rule in RULES if rule.code == code}) == 1


VALUES = (
    st.sampled_from(["", "0", "-15", "78.6", "0.786", "1e9", "下降9%", "很多", "——"]) | st.text()
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of the rules
@given(
    st.sampled_from(sorted(FORMS)),
    st.dictionaries(
        st.sampled_from(sorted({name for form in FORMS.values() for name in form})), VALUES
    ),
    st.lists(st.decimals(min_value=-(10**9), max_value=10**9, places=4), max_size=6),
    st.booleans(),
    st.sampled_from(["", "%", "万吨"]),
)
def test_no_text_raises_errors_come_first_and_a_doubt_comes_once(kind, texts, history, flag, unit):
    findings = found(
        kind,
        texts,
        history=tuple(history),
        unit=unit,
        is_share=flag,
        is_reduction=not flag,
        is_cumulative=flag,
        goal=asked(value=history[0]) if history else None,
        provisional=history[-1] if history else None,
        previous_cumulative_wan=history[0] if history else None,
        total_investment_wan=history[-1] if history else None,
        previous={"narrative": NARRATIVE},
    )
    levels = [item.level for item in findings]
    assert levels == sorted(levels, key=[ERROR, DOUBT].index)
    doubts = [item.code for item in findings if item.level == DOUBT]
    order = list(dict.fromkeys(rule.code for rule in RULES if rule.level == DOUBT))
    assert doubts == [code for code in order if code in doubts]
    assert all(item.message and "请" not in item.message for item in findings)


REDUCTION = {"is_reduction": True, "is_annual": True, "decimals": 2, "base_year": 2020}
YEAR = {"value_period": "2022", "grade": "final"}
RATE_OF_2021 = (AnnualRate(2021, Decimal(3)),)


@pytest.mark.parametrize(
    ("value", "rate", "expected"),
    [
        ("5.91", "3", None),  # 1 − 0.97² = 5.91 %
        ("6.10", "3.2", None),
        ("6.00", "3", "各年降低率连乘为5.91%，与填报的累计6.00%不一致，相差0.09个百分点；"
         "填报值是逐年相加的，应当连乘。"),
        ("6.30", "3", "各年降低率连乘为5.91%，与填报的累计6.30%不一致，相差0.39个百分点。"),
    ],
)  # fmt: skip
def test_w12_yearly_rates_compound(value, rate, expected):
    texts = {"value": value, "annual_rate": rate, **YEAR}
    finding = only("W12", "target", texts, rates=RATE_OF_2021, **REDUCTION)
    said = expected and f"{expected}核对这两个数，确实如此的说明原因。"
    assert (finding.message if finding else None) == said


@pytest.mark.parametrize(
    ("texts", "known"),
    [
        ({}, {"rates": ()}),
        ({"annual_rate": ""}, {}),
        ({"annual_rate": "120"}, {}),
        ({"basis": "扣除原料用能"}, {}),
    ],
    ids=["a year is missing", "no rate", "an error", "another basis"],
)
def test_w12_what_cannot_be_chained_is_no_doubt(texts, known):
    texts = {"value": "6.3", "annual_rate": "3", **YEAR, **texts}
    assert only("W12", "target", texts, **{"rates": RATE_OF_2021, **REDUCTION, **known}) is None


ANNUAL = {"value_period": "2025", "grade": "department"}
QUARTER = {"value_period": "2025Q4", "grade": "department"}


@pytest.mark.parametrize(
    ("texts", "value", "twin", "expected"),
    [
        (ANNUAL, "41", "41.0", None),
        (ANNUAL, "41.5", None, None),
        (ANNUAL, "41.5", "41", "年度值 41.5%，四季度末值 41.0%，相差 0.5 个百分点"),
        (ANNUAL, "41.04", "41", "年度值 41.04%，四季度末值 41.0%，相差 0.04 个百分点"),
        (QUARTER, "40.9", "41", "四季度末值 40.9%，年度值 41.0%，相差 0.1 个百分点"),
        (ANNUAL | {"basis": "另一口径"}, "41.5", "41", None),
    ],
)
def test_w13_year_and_fourth_quarter_of_a_stock(texts, value, twin, expected):
    known = {"twin": twin and Decimal(twin), **SHARE}
    finding = only("W13", "target", {"value": value, **texts}, **known)
    said = expected and f"{expected}：两者都是年末数，核对后改正，或说明为什么不同。"
    assert (finding.message if finding else None) == said
