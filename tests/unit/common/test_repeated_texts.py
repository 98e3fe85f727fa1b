"""Texts told quarter by quarter."""

import pytest

from common.quarters import Period
from common.repeated_texts import repeated_texts

Q1, Q2, Q3, Q4 = Period(2026, 4).back(4)


def shown(told, **more):
    return [
        (run.text, run.first.code, run.times, run.is_last) for run in repeated_texts(told, **more)
    ]


def test_the_same_text_in_a_row_is_one_run_however_it_is_punctuated():
    told = [(Q1, "手续未办完。"), (Q2, "手续未办完"), (Q3, " 手续，未办完 ")]
    assert shown(told) == [(" 手续，未办完 ", "2026Q1", 3, True)]


def test_an_order_of_its_own_does_not_matter():
    told = [(Q3, "丙"), (Q1, "甲"), (Q2, "甲")]
    assert shown(told) == [("丙", "2026Q3", 1, True), ("甲", "2026Q1", 2, False)]


@pytest.mark.parametrize("between", ["", "无", "无。", "乙"])
def test_another_text_or_none_ends_a_run(between):
    found = shown([(Q1, "甲"), (Q2, between), (Q3, "甲")], nothing=("无",))
    assert [one for one in found if one[0] == "甲"] == [
        ("甲", "2026Q3", 1, True),
        ("甲", "2026Q1", 1, False),
    ]


def test_a_silent_newest_quarter_leaves_nothing_open():
    assert shown([(Q1, "甲"), (Q2, "")]) == [("甲", "2026Q1", 1, False)]


def test_nothing_told_is_no_run():
    assert repeated_texts([]) == ()


@pytest.mark.parametrize(
    ("earlier", "count"), [(Q4, 0), (Q3, 1), (Q1, 3), (Period(2025, 4), 4), (Period(2024, 4), 8)]
)
def test_quarters_since(earlier, count):
    assert Q4.quarters_since(earlier) == count
