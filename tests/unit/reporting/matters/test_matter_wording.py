"""How a list of matters is said."""

import datetime

import pytest

from reporting.matters.rules.wording import (
    LatestMatter,
    MatterCounts,
    age_words,
    day_words,
    due_words,
    left_words,
    standing_sentence,
)

DAY = datetime.date
TODAY = DAY(2026, 11, 30)


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (DAY(2026, 11, 30), "今天"),
        (DAY(2026, 12, 1), "今天"),
        (DAY(2026, 11, 29), "1天前"),
        (DAY(2026, 10, 1), "60天前"),
        (DAY(2026, 9, 30), "2个月前"),
        (DAY(2026, 1, 30), "10个月前"),
        (DAY(2026, 1, 31), "9个月前"),
        (DAY(2024, 12, 1), "23个月前"),
        (DAY(2024, 11, 30), "2年前"),
    ],
)
def test_how_long_ago(since, said):
    assert age_words(since, TODAY) == said


@pytest.mark.parametrize(
    ("due", "said", "left"),
    [
        (None, "没有期限", ""),
        (DAY(2026, 12, 15), "12月15日", "还剩15天"),
        (DAY(2027, 2, 28), "2027年2月28日", "还剩90天"),
        (DAY(2026, 11, 30), "11月30日", "今天到期"),
        (DAY(2026, 10, 31), "10月31日，已过30天", "已过30天"),
    ],
)
def test_until_when(due, said, left):
    assert (due_words(due, TODAY), left_words(due, TODAY)) == (said, left)


def test_the_day_of_another_year_says_it():
    assert day_words(DAY(2025, 3, 1), TODAY) == "2025年3月1日"


def said(is_leader=False, **counts):
    return "".join(
        text for text, _, _ in standing_sentence(MatterCounts(**counts), is_leader=is_leader)
    )


class TestSentence:
    def test_everything(self):
        late = LatestMatter("4-3试点选址", "/matters/2026-03/", 30)
        assert said(open=15, waiting=9, late=late, ownerless=6) == (
            "还有15件没有办结，9件等领导决定；4-3试点选址已过期限30天，6件没有承办单位。"
        )

    def test_others_that_are_overdue(self):
        late = LatestMatter("试点选址", "", 30)
        assert said(open=3, waiting=1, late=late, overdue=2) == (
            "还有3件没有办结，1件等领导决定；试点选址已过期限30天，另有2件过期。"
        )

    def test_nothing_waits_for_the_leader_who_reads(self):
        assert said(is_leader=True, open=5, waiting=0) == "还有5件没有办结，没有等您决定的。"

    def test_nothing_is_open(self):
        assert said(open=0, waiting=0) == "没有需要决定和协调的事项。"

    def test_the_late_one_is_a_link_and_numbers_are_strong(self):
        found = standing_sentence(
            MatterCounts(2, 0, LatestMatter("试点选址", "/matters/2026-03/", 3)), is_leader=False
        )
        assert ("试点选址", "/matters/2026-03/", False) in found
        assert ("3天", "", True) in found
