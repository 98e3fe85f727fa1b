import pytest

from imports.annex.cells.footnotes import footnote_in, raised

NOTES = ["注：1、森林覆盖率指标，是指森林面积占土地总面积的比率。", "2.绿化率：绿地面积占比。"]


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("森林覆盖率1稳定在15.38%左右", "森林覆盖率稳定在15.38%左右"),
        ("城市绿化率2达到40%", "城市绿化率达到40%"),
        ("森林覆盖率①稳定", "森林覆盖率稳定"),
        ("森林覆盖率*稳定", "森林覆盖率稳定"),
        ("森林覆盖率*1稳定", "森林覆盖率稳定"),
        ("森林覆盖率[1]稳定", "森林覆盖率稳定"),
        ("森林覆盖率〔1〕", "森林覆盖率"),
        ("森林覆盖率（注1）", "森林覆盖率"),
        ("森林覆盖率¹稳定", "森林覆盖率稳定"),
        ("5G基站节能改造*", "5G基站节能改造"),
    ],
)
def test_marks_that_are_certain(text, without):
    footnote = footnote_in(text, NOTES)
    assert footnote.text == without
    assert footnote.certain


def test_a_glued_digit_that_no_note_explains_is_only_a_suggestion():
    footnote = footnote_in("森林覆盖率1稳定在15.38%左右", [])
    assert footnote.text == "森林覆盖率稳定在15.38%左右"
    assert not footnote.certain


@pytest.mark.parametrize(
    "text",
    [
        "推进2个示范项目",
        "建设3号变电站",
        "新建住宅2000套",
        "2023年城镇老旧小区改造",
        "①推进节能；②推进减污",
        "面积100m²",
        "A区（二期）",
        "装机10万千瓦",
        "每年下降1个百分点",
    ],
)
def test_what_is_no_mark(text):
    assert footnote_in(text, NOTES) is None


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("改造规模为30*104m3/d。", "改造规模为30×10⁴ m³/d。"),
        ("规模2×104t/a", "规模2×10⁴ t/a"),
        ("处理25000m3/d", "处理25000m³/d"),
        ("占地500m2，", "占地500m²，"),
        ("面积3km2", "面积3km²"),
    ],
)
def test_superscripts_are_put_back(text, better):
    assert raised(text) == better


@pytest.mark.parametrize(
    "text", ["D400污水管道", "63MKVA变压器", "30*100m", "长104公里", "面积500m²", "M3型设备"]
)
def test_what_lost_no_superscript(text):
    assert raised(text) is None
