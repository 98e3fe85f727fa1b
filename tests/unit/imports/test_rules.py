from decimal import Decimal

import pytest

from imports.rules import kind_of, match_target, split_statement, target_key

NAMES = {
    "T01": "单位GDP能耗累计降低率（较2020年）",
    "T02": "单位GDP二氧化碳排放降低率",
    "T03": "非化石能源消费比重",
    "T04": "森林覆盖率",
    "T05": "森林蓄积量",
    "T06": "二氧化碳排放达峰",
}


def found(statement, title=""):
    return [
        (p.name, p.kind, p.value, p.unit, p.year, p.base_year, p.state)
        for p in split_statement(statement, title)
    ]


def test_a_compound_sentence_gives_one_proposal_for_each_target():
    sentence = "到2025年，单位GDP能耗比2020年下降15%，非化石能源消费比重提高至20%以上。"
    assert found(sentence) == [
        ("单位GDP能耗", "reduction", Decimal(15), "%", 2025, 2020, "set"),
        ("非化石能源消费比重", "at_least", Decimal(20), "%", 2025, None, "set"),
    ]


def test_the_base_year_is_never_taken_for_the_target_year():
    assert found("单位GDP能耗比2020年下降15%", "到2030年，明显进展")[0][4:6] == (2030, 2020)


def test_the_year_comes_from_the_title_where_the_sentence_has_none():
    sentence = "森林覆盖率稳定在15.38%左右，森林蓄积量达51万立方米。"
    assert found(sentence, "2025年森林覆盖率和蓄积量指标") == [
        ("森林覆盖率", "about", Decimal("15.38"), "%", 2025, None, "set"),
        ("森林蓄积量", "at_least", Decimal(51), "万立方米", 2025, None, "set"),
    ]


def test_what_the_city_assigns_is_pending_and_a_peak_is_an_event():
    sentence = "单位GDP二氧化碳排放下降率完成市下达目标任务，二氧化碳排放达峰。"
    assert found(sentence, "到2030年") == [
        ("单位GDP二氧化碳排放下降率", "assigned", None, "%", 2030, None, "pending"),
        ("二氧化碳排放达峰", "peak_by", None, "", 2030, None, "set"),
    ]


@pytest.mark.parametrize(
    ("words", "kind", "comparison"),
    [
        ("垃圾填埋量控制在35万吨以内", "at_most", "at_most"),
        ("能耗不高于35万吨", "at_most", "at_most"),
        ("数据中心电能利用效率低于1.3", "below", "below"),
        ("绿色出行比例不低于75%", "at_least", "at_least"),
        ("绿色出行比例达到75%以上", "at_least", "at_least"),
        ("森林覆盖率保持在15%左右", "about", "about"),
        ("单位产品能耗降低8%", "reduction", "at_least"),
    ],
)
def test_boundary_words_decide_the_comparison(words, kind, comparison):
    (proposal,) = split_statement(words, "到2025年")
    assert (proposal.kind, proposal.comparison) == (kind, comparison)


def test_numbers_inside_names_are_not_values():
    (proposal,) = split_statement("到2025年，力争PM2.5年均浓度控制在35微克/立方米以内")
    assert (proposal.name, proposal.value, proposal.unit) == (
        "PM2.5年均浓度",
        Decimal(35),
        "微克/立方米",
    )
    assert proposal.striven


def test_a_sentence_without_number_promises_no_target():
    assert split_statement("绿色生产生活方式广泛形成，治理能力进一步提高。", "到2030年") == ()


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("单位GDP能耗比2020年下降15%", "T01"),
        ("单位GDP能耗下降率完成市下达目标任务", "T01"),
        ("单位GDP二氧化碳排放下降率完成市下达目标任务", "T02"),
        ("非化石能源消费比重提高至22%以上", "T03"),
        ("二氧化碳排放达峰", "T06"),
        ("CO2排放达峰", "T06"),
        ("新能源汽车占比达40%", None),
    ],
)
def test_sentences_find_their_target_by_name(sentence, code):
    (proposal,) = split_statement(sentence, "到2030年")
    assert match_target(proposal, NAMES) == code


def test_the_keys_of_the_plans_targets_differ():
    assert len({target_key(name) for name in NAMES.values()}) == len(NAMES)


def test_a_number_says_more_of_the_kind_than_a_pending_one():
    pending, number = split_statement(
        "单位GDP能耗下降率完成市下达目标任务，单位GDP能耗比2020年下降15%", "到2025年"
    )
    assert kind_of([pending, number]) == "reduction"
    assert kind_of([pending]) == "assigned"
