import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.name_matching import KnownNames, name_key

PARK = "马栏山（长沙）视频文创园管理委员会"
NAMES = KnownNames.of(
    [
        ("区发展和改革局", "区发展和改革局"),
        ("区发改局", "区发展和改革局"),
        ("区住房和城乡建设局", "区住房和城乡建设局"),
        ("长沙金霞经济开发区管理委员会", "长沙金霞经济开发区管理委员会"),
        (PARK, PARK),
    ],
    groups=["各街道"],
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("马栏山（长沙）园", "马栏山(长沙)园"),
        ("区 发 改\n局", "区发改局"),
        ("ＡＢＣ公司", "abc公司"),
        ("〔甲〕公司", "（甲）公司"),
        ("“甲”公司", "甲公司"),
        ("甲\u200b公司", "甲公司"),
    ],
)
def test_spellings_that_are_one_name(one, other):
    assert name_key(one) == name_key(other)


def test_look_alikes_stay_apart():
    assert name_key("市自然资源和规划局开福区分局") != name_key("市自然资源和规划局开福分局")


LETTERS = st.characters(min_codepoint=0x20, max_codepoint=0x7E) | st.sampled_from(
    "长沙市开福区局委（）〔〕【】“”《》·　０９％＋、①"
)


@given(st.text(LETTERS))
def test_a_key_is_its_own_key(text):
    assert name_key(name_key(text)) == name_key(text)


def test_known_names_resolve_aliases_and_themselves():
    assert NAMES.canonical("区发改局") == "区发展和改革局"
    assert NAMES.canonical("区发展和 改革局") == "区发展和改革局"
    assert NAMES.canonical("马栏山(长沙)视频文创园管理委员会") == PARK
    assert NAMES.canonical("区财政局") is None
    assert "各街道" in NAMES.groups


@pytest.mark.parametrize(
    ("spelling", "name", "least"),
    [
        ("马栏山(长沙)视频文创管理委员会", PARK, 96),
        ("区住建局", "区住房和城乡建设局", 90),
        ("开福区发展和改革局", "区发展和改革局", 90),
        ("长沙金霞经济开发区", "长沙金霞经济开发区管理委员会", 90),
    ],
)
def test_nearest_names_come_first(spelling, name, least):
    best = NAMES.nearest(spelling)[0]
    assert best.name == name
    assert least <= best.score <= 100


def test_names_unlike_any_known_one_have_no_suggestion():
    assert NAMES.nearest("湖南壹城环保科技有限公司") == ()


def test_several_spellings_of_one_name_are_suggested_once():
    suggestions = NAMES.nearest("区发展改革局")
    assert [one.name for one in suggestions].count("区发展和改革局") == 1
