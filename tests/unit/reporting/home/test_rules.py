"""The words of the home: one headline, the nearest day first."""

import datetime

import pytest

from reporting.home.rules import (
    NOTHING_TO_DO,
    Task,
    codes_words,
    headline,
    left_to_fill,
    left_words,
    moment_words,
    signer_headline,
)

day = datetime.date
TODAY = day(2026, 11, 30)
DUE = day(2026, 12, 7)
RETURNED = Task("5-1", day(2026, 12, 3), is_returned=True)
DRAFT = Task("T15", DUE)
FRESH = Task("9-3", DUE, is_fresh=True)
EXTENDED = Task("T19", day(2026, 12, 15), is_fresh=True)


@pytest.mark.parametrize(
    ("tasks", "said"),
    [
        ([], NOTHING_TO_DO),
        # An extension to the 15th, a return by the 3rd, the period's 7th: the 3rd is named.
        ([EXTENDED, FRESH, DRAFT, RETURNED], "还有4项在您这里，5-1 要在12月3日前改好"),
        ([FRESH, FRESH], "2项要填，12月7日前报送"),
        ([DRAFT, FRESH], "还有2项在您这里，要在12月7日前报送"),
        ([DRAFT, EXTENDED], "还有2项在您这里，T15 要在12月7日前报送"),
        ([DRAFT, FRESH, FRESH, EXTENDED], "还有4项在您这里，其中3项要在12月7日前报送"),
        ([EXTENDED], "1项要填，12月15日前报送"),
        ([Task("T18", TODAY)], "还有1项在您这里，要在今天报送"),
        ([Task("T18", day(2026, 11, 28), is_fresh=True)], "还有1项在您这里，已逾期2天"),
        ([Task("T18", day(2026, 11, 28)), EXTENDED], "还有2项在您这里，T18 已逾期2天"),
        ([Task("T18", None)], "还有1项在您这里"),  # a correction has no day
        ([Task("T18", None), RETURNED], "还有2项在您这里，5-1 要在12月3日前改好"),
    ],
)
def test_headline(tasks, said):
    assert headline(tasks, TODAY) == said


def test_a_backfill_is_not_late():
    assert headline([Task("T18", day(2026, 1, 1))], TODAY, is_backfill=True) == "还有1项在您这里"


def test_headline_of_a_signer():
    assert signer_headline([], TODAY) == NOTHING_TO_DO
    assert signer_headline([DRAFT, EXTENDED], TODAY) == "2项等您审核，12月7日前签送"
    assert signer_headline([Task("T18", day(2026, 11, 28))], TODAY) == "1项等您审核，已逾期2天"
    assert signer_headline([Task("T18", None)], TODAY) == "1项等您审核"


def test_days_left():
    said = [left_words(TODAY + datetime.timedelta(days), TODAY) for days in (7, 0, -2)]
    assert said == ["还剩7天", "今天截止", "逾期2天"]


def test_codes_are_named_up_to_four():
    assert codes_words(["T15", "T17"]) == "T15、T17"
    assert codes_words(["1", "2", "3", "4", "5"]) == "1、2、3、4等5项"
    assert codes_words(["T16", "T16", "T18"]) == "T16、T18等3项"
    assert left_to_fill(["T15"], ["5-1"]) == "T15 已有草稿；5-1 还没有填完"
    assert left_to_fill([], []) == ""


def test_moments():
    at = datetime.datetime(2026, 11, 30, 8, 51)  # noqa: DTZ001 - local, as the page has it
    assert moment_words(at, TODAY) == "今天 08:51"
    assert moment_words(at, DUE) == "11-30 08:51"
