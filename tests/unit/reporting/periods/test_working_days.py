"""Working days, and reading a year's holidays as they are published."""

import datetime
import json
from pathlib import Path

import pytest

from reporting.periods.rules.holiday_list import HOLIDAY, WORKDAY, SpecialDay, read_holidays
from reporting.periods.rules.working_days import WorkingDays

day = datetime.date
PUBLISHED = json.loads(
    (Path(__file__).parents[4] / "fixtures" / "holidays.json").read_text(encoding="utf-8")
)


def calendar_of(*years):
    found = [
        item
        for year in years
        for item in read_holidays("\n".join(PUBLISHED[year]["text"]), int(year)).days
    ]
    return WorkingDays(
        frozenset(item.day for item in found if item.kind == HOLIDAY),
        frozenset(item.day for item in found if item.kind == WORKDAY),
    )


CALENDAR = calendar_of("2025", "2026")


@pytest.mark.parametrize(
    ("when", "works"),
    [
        (day(2026, 11, 20), True),  # Friday
        (day(2026, 11, 22), False),  # Sunday
        (day(2026, 10, 1), False),
        (day(2026, 10, 10), True),  # a worked Saturday
        (day(2026, 2, 23), False),  # Monday of the Spring Festival
        (day(2026, 2, 28), True),
        (day(2025, 10, 8), False),
        (day(2025, 1, 26), True),
        (day(2027, 1, 1), True),  # not entered: weekdays count
    ],
)
def test_is_working(when, works):
    assert CALENDAR.is_working(when) is works


def test_steps_over_holidays():
    assert CALENDAR.on_or_after(day(2026, 10, 1)) == day(2026, 10, 8)
    assert CALENDAR.on_or_after(day(2026, 10, 10)) == day(2026, 10, 10)
    assert CALENDAR.on_or_before(day(2026, 11, 22)) == day(2026, 11, 20)
    assert CALENDAR.after(day(2026, 9, 30), 3) == day(2026, 10, 10)
    assert CALENDAR.after(day(2026, 11, 22), 0) == day(2026, 11, 22)


def test_days_between_leave_out_both_ends():
    assert CALENDAR.between(day(2026, 11, 27), day(2026, 11, 30)) == 0
    assert CALENDAR.between(day(2026, 11, 27), day(2026, 12, 1)) == 1
    assert CALENDAR.between(day(2026, 9, 30), day(2026, 10, 11)) == 3  # 8, 9 and 10 October
    assert CALENDAR.between(day(2026, 11, 23), day(2026, 11, 25)) == 1
    assert CALENDAR.between(day(2026, 11, 27), day(2026, 11, 20)) == 0


def test_years_that_are_not_entered_are_named():
    assert CALENDAR.missing_years(day(2026, 12, 1), day(2027, 2, 1)) == (2027,)
    assert CALENDAR.missing_years(day(2025, 1, 1), day(2026, 12, 31)) == ()
    assert WorkingDays().missing_years(day(2026, 1, 1), day(2026, 1, 1)) == (2026,)


@pytest.mark.parametrize(("year", "holidays", "worked"), [("2025", 28, 5), ("2026", 33, 6)])
def test_the_published_notices_are_read_completely(year, holidays, worked):
    """28 days off and 5 worked in 2025, 33 and 6 in 2026, as the notices count them."""
    read = read_holidays("\n".join(PUBLISHED[year]["text"]), int(year))
    assert not read.problems
    kinds = [item.kind for item in read.days]
    assert (kinds.count(HOLIDAY), kinds.count(WORKDAY)) == (holidays, worked)


@pytest.mark.parametrize(
    "line",
    [
        "二、春节：2月5日（农历除夕、周五）至6日（周六）放假调休，共2天。2月20日（周六）上班。",
        "2027-02-05至2027-02-06 放假 春节\t 2027-02-20",
    ],
)
def test_a_notice_and_a_list(line):
    text = line if "上班" in line else line.replace("\t 2027-02-20", "\n2027-02-20 上班 春节")
    assert read_holidays(text, 2027).days == (
        SpecialDay(day(2027, 2, 5), HOLIDAY, "春节"),
        SpecialDay(day(2027, 2, 6), HOLIDAY, "春节"),
        SpecialDay(day(2027, 2, 20), WORKDAY, "春节"),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1月4日", "写明“放假”或“上班”"),
        ("2月30日放假", "没有2027年2月30日"),
        ("1月4日上班", "本来就是工作日"),
        ("2026年1月1日放假", "不在2027年"),
        ("1月1日至3月1日放假", "不像一段假期"),
        ("1月2日放假\n1月2日上班", "既写了放假又写了上班"),
    ],
)
def test_what_is_not_understood_is_said(text, words):
    read = read_holidays(text, 2027)
    assert any(words in problem for problem in read.problems), read


def test_words_without_a_day_are_passed_over():
    read = read_holidays("各省、自治区、直辖市人民政府：\n国务院办公厅\n2025年11月4日", 2026)
    assert read.days == ()
    assert read.problems == ()
