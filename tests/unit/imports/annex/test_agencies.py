import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.annex.rows.agencies import AgencyReader
from tests.unit.imports.annex.sheets import known

NAMES = known(
    "区发展和改革局",
    "区机关事务中心",
    "市生态环境局开福分局",
    "市自然资源和规划局开福区分局",
    "长沙金霞经济开发区管理委员会",
    "区城市管理和综合执法局",
    "社区（村）",
    "各街道",
    长沙金霞经济开发区="长沙金霞经济开发区管理委员会",
)


def others(text, names=NAMES):
    return AgencyReader(names.by_key if names else None).read(text).others


def roles(text):
    parties = AgencyReader(NAMES.by_key).read(text)
    return parties.leads, parties.others


@pytest.mark.parametrize("names", [NAMES, None])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "区发展和改革局、区交通运输局，区商务局；区交警大队",
            ("区发展和改革局", "区交通运输局", "区商务局", "区交警大队"),
        ),
        ("区发展和改革局,区财政局;区商务局", ("区发展和改革局", "区财政局", "区商务局")),
        ("区发展和改革局\n区财政局", ("区发展和改革局", "区财政局")),
        ("区发展和改革局 区财政局　区商务局", ("区发展和改革局", "区财政局", "区商务局")),
        ("区发展和\n改革局、区财\n政局", ("区发展和改革局", "区财政局")),
        ("区委\n宣传部、区政府\n办公室", ("区委宣传部", "区政府办公室")),
        ("甲局\n乙局", ("甲局", "乙局")),
        ("长沙金霞经济开发区\n管理委员会", ("长沙金霞经济开发区管理委员会",)),
        ("区发展和改革局；、区财政局。", ("区发展和改革局", "区财政局")),
        ("各街道、社区（村）", ("各街道", "社区（村）")),
        ("各镇（街道）、村（社区）", ("各镇（街道）", "村（社区）")),
        (
            "市水业集团（长沙供水有限公司、长沙排水有限公司）、区财政局",
            ("市水业集团（长沙供水有限公司、长沙排水有限公司）", "区财政局"),
        ),
        ("区发展和改革局（区能源局）、区财政局", ("区发展和改革局（区能源局）", "区财政局")),
        ("区机关事务中心市生态环境局开福分局", ("区机关事务中心", "市生态环境局开福分局")),
        (
            "区机关事务中心市生态环境局开福分局区商务局",
            ("区机关事务中心", "市生态环境局开福分局", "区商务局"),
        ),
        ("区委宣传部区委组织部", ("区委宣传部", "区委组织部")),
        ("区城市管理和综合执法局和区财政局", ("区城市管理和综合执法局", "区财政局")),
        ("区发展和改革局及各街道", ("区发展和改革局", "各街道")),
        ("区发展和改革局/区财政局", ("区发展和改革局", "区财政局")),
        ("1.区发展和改革局\n2.区财政局", ("区发展和改革局", "区财政局")),
        ("区财政局等", ("区财政局",)),
        ("区财政局、区商务局等有关单位", ("区财政局", "区商务局")),
        ("区财政局、区商务局等按照职责分工负责", ("区财政局", "区商务局")),
        ("责任单位：区财政局、区商务局", ("区财政局", "区商务局")),
        ("区发展和改革局①、区财政局*", ("区发展和改革局", "区财政局")),
        ("区财政局、区财政局", ("区财政局",)),
        ("会同县发展和改革局、会同县财政局", ("会同县发展和改革局", "会同县财政局")),
        ("ABC Technology Co., Ltd、区财政局", ("ABC Technology Co., Ltd", "区财政局")),
    ],
)
def test_lists_are_split(text, expected, names):
    assert others(text, names) == expected


@pytest.mark.parametrize(
    "name",
    [
        "市生态环境局开福分局",
        "市自然资源和规划局开福区分局",
        "市公安局市中区分局",
        "区住房和城乡建设局",
        "区城市管理和综合执法局",
        "社区（村）",
        "各相关部门",
        "区直各相关单位",
        "市水业集团（长沙供水有限公司）",
        "马栏山(长沙)视频文创管理委员会",
        "国网湖南省电力有限公司长沙供电分公司",
        "长沙市恒晟城市更新投资有限责任公司",
        "区委",
    ],
)
@pytest.mark.parametrize("names", [NAMES, None])
def test_one_name_stays_one(name, names):
    assert others(name, names) == (name,)


@pytest.mark.parametrize(
    "text", ["", " ", "/", "／", "无", "—", "——", "－", "暂无", "待定", "#REF!", "、"]
)
def test_nobody(text):
    assert roles(text) == ((), ())


@pytest.mark.parametrize(
    ("text", "leads", "helpers"),
    [
        (
            "区发展和改革局牵头，区财政局、区商务局等按照职能分工负责",
            ("区发展和改革局",),
            ("区财政局", "区商务局"),
        ),
        ("（区发展和改革局牵头，区财政局按职责分工负责）", ("区发展和改革局",), ("区财政局",)),
        ("区发展和改革局、区财政局共同牵头", ("区发展和改革局", "区财政局"), ()),
        ("由区发展和改革局牵头，区财政局配合", ("区发展和改革局",), ("区财政局",)),
        (
            "区发展和改革局牵头；区财政局、区商务局配合；各街道参与",
            ("区发展和改革局",),
            ("区财政局", "区商务局", "各街道"),
        ),
        (
            "牵头单位：区发展和改革局；责任单位：区财政局、区商务局",
            ("区发展和改革局",),
            ("区财政局", "区商务局"),
        ),
        (
            "牵头单位：区发展和改革局\n配合单位：区财政局\n区商务局",
            ("区发展和改革局",),
            ("区财政局", "区商务局"),
        ),
        ("区发展和改革局（牵头）、区财政局（配合）", ("区发展和改革局",), ("区财政局",)),
        ("区发展和改革局（牵头、区财政局", ("区发展和改革局",), ("区财政局",)),
        ("区发展和改革局会同区财政局、区商务局", (), ("区发展和改革局", "区财政局", "区商务局")),
        ("区发展和改革局负责", (), ("区发展和改革局",)),
        ("各牵头单位、各责任单位", (), ("各牵头单位", "各责任单位")),
    ],
)
def test_roles_in_one_cell(text, leads, helpers):
    assert roles(text) == (leads, helpers)


def test_what_was_overcome_is_said():
    reader = AgencyReader(NAMES.by_key)
    assert reader.read("区机关事务中心市生态环境局开福分局").notes == ("glued",)
    assert reader.read("区财政局①").notes == ("mark",)
    assert reader.read("区财政局、区财政局").notes == ("repeated",)
    assert reader.read("区财政局、区商务局").notes == ()


AGENCY = st.sampled_from(
    [
        "区发展和改革局",
        "市生态环境局开福分局",
        "社区（村）",
        "各街道",
        "市水业集团（长沙供水有限公司）",
        "区委宣传部",
        "马栏山(长沙)视频文创管理委员会",
    ]
)


@settings(deadline=None)
@given(
    st.lists(AGENCY, min_size=1, max_size=7, unique=True),
    st.sampled_from(["、", "，", ",", "；", ";", "\n", " 、\n", "、 "]),
    st.sampled_from(["", "。", "等", "等单位", "；"]),
)
def test_joined_names_split_into_the_same_names(names, separator, tail):
    assert list(others(separator.join(names) + tail)) == names
    assert list(others(separator.join(names) + tail, None)) == names
