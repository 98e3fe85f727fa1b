"""How alike texts are, and the differences that a reviewer sees."""

import time
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.answers.rules.likeness import TextPiece, changes, likeness

OLD = "本季度新建公共充电桩126个，累计3,286个。下一步加快老旧小区改造。"
TEXTS = st.text(alphabet="充电桩新建个，。\n 126.%ab", max_size=60)


@pytest.mark.parametrize(
    ("old", "new", "percent"),
    [
        (OLD, OLD, 100),
        (OLD, OLD.replace("，", " , "), 100),
        ("", "", 0),
        (OLD, "", 0),
        ("甲乙丙丁", "戊己庚辛", 0),
        ("甲乙丙丁", "甲乙丙戊", 75),
        ("甲乙丙丁戊", "乙丙丁戊己", 80),
        ("甲乙", "甲乙丙丁", Decimal(200) / 3),
    ],
)
def test_likeness_in_percent(old, new, percent):
    assert likeness(old, new) == percent


def test_sentences_in_another_order_stay_alike():
    first, second = "本季度新建公共充电桩一百二十六个。", "下一步加快老旧小区充电设施改造。"
    assert likeness(first + second, second + first) > 90


def test_another_quarters_report_is_not_alike():
    new = "三季度完成纯电动公交更新98辆，开工建设新河换电站；存在用地手续办理较慢的问题。"
    assert likeness(OLD, new) < 50


@given(TEXTS, TEXTS)
def test_likeness_is_mutual_and_a_percentage(old, new):
    alike = likeness(old, new)
    assert alike == likeness(new, old)
    assert 0 <= alike <= 100


def test_changes_are_told_by_numbers_and_words():
    new = "本季度新建公共充电桩152个，累计3,438个。下一步推进老旧小区改造和公交更新。"
    assert changes(OLD, new) == (
        TextPiece("same", "本季度新建公共充电桩"),
        TextPiece("del", "126"),
        TextPiece("ins", "152"),
        TextPiece("same", "个，累计"),
        TextPiece("del", "3,286"),
        TextPiece("ins", "3,438"),
        TextPiece("same", "个。下一步"),
        TextPiece("del", "加快"),
        TextPiece("ins", "推进"),
        TextPiece("same", "老旧小区改造"),
        TextPiece("ins", "和公交更新"),
        TextPiece("same", "。"),
    )


def test_sentences_without_much_in_common_are_replaced_whole():
    old, new = "已完成前期工作。持续推进。", "项目因资金问题停工。持续推进。"
    assert changes(old, new) == (
        TextPiece("del", "已完成前期工作。"),
        TextPiece("ins", "项目因资金问题停工。"),
        TextPiece("same", "持续推进。"),
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("甲丙乙", "丁丙戊", "-甲丙乙 +丁丙戊"),
        ("丙乙丁", "丙戊己", "丙 -乙丁 +戊己"),
        ("乙丁丙", "戊己丙", "-乙丁 +戊己 丙"),
        ("甲丙丁乙", "戊丙丁己", "-甲 +戊 丙丁 -乙 +己"),
        ("甲12乙", "丙12丁", "-甲 +丙 12 -乙 +丁"),
    ],
)
def test_a_single_character_between_two_changes_joins_them(old, new, told):
    assert " ".join(map(_shown, changes(old, new))) == told


@pytest.mark.parametrize(
    ("old", "told"),
    [("甲乙丙丁戊己", "甲乙 -丙丁戊己 +壬癸"), ("甲乙丙丁戊己庚", "-甲乙丙丁戊己庚 +甲乙壬癸")],
)
def test_less_than_a_third_in_common_is_replaced_whole(old, told):
    assert " ".join(map(_shown, changes(old, "甲乙壬癸"))) == told


def _shown(piece):
    return {"same": "", "del": "-", "ins": "+"}[piece.kind] + piece.text


def test_changes_of_nothing():
    assert changes("", "") == ()
    assert changes("", "甲") == (TextPiece("ins", "甲"),)
    assert changes("甲", "") == (TextPiece("del", "甲"),)
    assert changes("甲。", "甲。") == (TextPiece("same", "甲。"),)


@given(TEXTS, TEXTS)
def test_changes_give_back_both_texts_and_alternate(old, new):
    pieces = changes(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "ins") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "del") == new
    assert all(piece.text for piece in pieces)
    kinds = [piece.kind for piece in pieces]
    assert all(one != other for one, other in pairwise(kinds))
    assert ("ins", "del") not in set(pairwise(kinds))


@pytest.mark.parametrize("text", ["的" * 20_000, "一。" * 10_000, "1" * 20_000, "甲乙 " * 6_000])
def test_no_text_takes_long(text):
    start = time.process_time()
    other = text[:-1] + "了"
    assert likeness(text, other) > 90
    changes(text, other)
    assert time.process_time() - start < 5
