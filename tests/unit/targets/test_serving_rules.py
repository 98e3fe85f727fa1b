"""Which targets a text speaks of."""

import pytest

from targets.rules import Proposed, proposed_targets

NAMES = {
    "T03": "非化石能源消费比重",
    "T05": "森林蓄积量",
    "T06": "二氧化碳排放达峰",
    "T07": "新建公共机构建筑、新建厂房屋顶光伏覆盖率",
    "T12": "新建建筑装配率",
    "T15": "重要公共设施和场所充电桩普及率",
    "T16": "绿色出行比例",
}


def codes(text):
    return [found.target for found in proposed_targets(text, NAMES)]


@pytest.mark.parametrize(
    ("text", "target", "quote"),
    [
        ("1.总则\n积极推进清洁能源利用。其他", "T03", "积极推进清洁能源利用"),
        ("巩固提升林业生态系统碳汇\n严守红线", "T05", "巩固提升林业生态系统碳汇"),
        ("先行，推动园区碳达峰建设，积极淘汰", "T06", "推动园区碳达峰建设"),
        ("ALC装配式建筑型材智能工厂\n主要建设", "T12", "ALC装配式建筑型材智能工厂"),
        ("引导公共充电桩等资源融入；其他", "T15", "引导公共充电桩等资源融入"),
        ("倡导绿色交通，鼓励市民低碳出行。", "T16", "鼓励市民低碳出行"),
    ],
)
def test_a_target_is_proposed_with_the_whole_phrase_that_speaks_of_it(text, target, quote):
    assert Proposed(target, quote) in proposed_targets(text, NAMES)


def test_one_phrase_may_speak_of_several_targets_in_the_order_of_the_plan():
    assert codes("实施屋顶分布式光伏发电工程") == ["T03", "T07"]


def test_the_first_phrase_is_quoted():
    found = proposed_targets("发展装配式建筑，推广装配化装修。", NAMES)
    assert found == (Proposed("T12", "发展装配式建筑"),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "实现2030年前碳达峰目标",  # every task does
        "主要建设蒸压加气混凝土板材",
        "新能源和清洁能源车辆比例达到100%",  # the share of vehicles, not of energy
    ],
)
def test_a_text_that_speaks_of_no_target_proposes_none(text):
    assert proposed_targets(text, NAMES | {"T10": "主城区居民气化率"}) == ()


def test_a_target_whose_name_holds_no_known_word_is_never_proposed():
    assert proposed_targets("积极推进清洁能源利用", {"T99": "其他比重"}) == ()
