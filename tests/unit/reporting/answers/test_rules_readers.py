"""Months, periods, choices and ticks as people type them."""

import pytest

from common.quarters import Period
from reporting.answers.rules.answers import read
from reporting.answers.rules.readers import LONGEST_NUMBER
from tests.unit.reporting.checked import Q3


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2026-12", "2026-12"),
        ("2026.12", "2026-12"),
        ("2026/12", "2026-12"),
        ("202612", "2026-12"),
        ("2026年12月", "2026-12"),
        ("２０２６年１２月", "2026-12"),
        ("2026 年 1 月", "2026-01"),
        ("2026-1", "2026-01"),
        ("2026—12", "2026-12"),
        ("2026年12月底前", "2026-12"),
        ("2026年底前", "2026-12"),
        ("2026年12月31日", "2026-12"),
        ("2026/12/1 0:00:00", "2026-12"),
        ("2026-12-31 00:00:00", "2026-12"),
        ("20261231", "2026-12"),
        ("", None),
        ("待定", None),
    ],
)
def test_months(typed, expected):
    answers = read("task", {"next_due": typed}, Q3)
    assert answers.next_due == expected
    assert not answers.unreadable


@pytest.mark.parametrize(
    ("typed", "ahead", "passed"),
    [
        ("12月", "2026-12", "2025-12"),
        ("12月15日", "2026-12", "2025-12"),
        ("12-15", "2026-12", "2025-12"),
        ("12月底前", "2026-12", "2025-12"),
        ("9月", "2026-09", "2026-09"),
        ("3月", "2027-03", "2026-03"),
        ("１２月１５日", "2026-12", "2025-12"),
        ("年底前", "2026-12", "2026-12"),
        ("今年11月", "2026-11", "2026-11"),
        ("明年3月", "2027-03", "2027-03"),
        ("去年10月", "2025-10", "2025-10"),
    ],
)
def test_a_month_without_its_year_is_the_nearest_and_says_so(typed, ahead, passed):
    """The quarter ends in September: a term lies ahead of it, a start behind it."""
    task = read("task", {"next_due": typed}, Q3)
    project = read("project", {"started_on": typed}, Q3)
    assert (task.next_due, project.started_on) == (ahead, passed)
    assert task.echoes == {"next_due": f"按 {ahead[:4]}年{int(ahead[5:])}月 填入"}


@pytest.mark.parametrize("typed", ["#DIV/0!", "#N/A", "\uff03N/A", " #value! "])
def test_the_error_of_a_formula_is_no_statement(typed):
    for kind, name in (("target", "value"), ("project", "invested_wan")):
        assert "表格公式的错误值" in read(kind, {name: typed}, Q3).unreadable[name]


@pytest.mark.parametrize(
    "typed", ["2026-13", "2026-00", "13月", "2026", "020261", "明年", "1026-12"]
)
def test_what_is_no_month_is_said(typed):
    answers = read("task", {"next_due": typed}, Q3)
    assert "填写年月，如 2026-12" in answers.unreadable["next_due"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2026Q3", Q3),
        ("2026q3", Q3),
        ("2026年第三季度", Q3),
        ("2026年第三季度（9月末）", Q3),
        ("2026年3季度", Q3),
        ("2026年9月末", Q3),
        ("三季度", Q3),
        ("本季度", Q3),
        ("上季度", Period(2026, 2)),
        ("2025", Period(2025)),
        ("2025年", Period(2025)),
        ("2025年度", Period(2025)),
        ("上年", Period(2025)),
        ("", None),
        ("——", None),
    ],
)
def test_periods_of_values(typed, expected):
    answers = read("target", {"value_period": typed}, Q3)
    assert answers.value_period == expected
    assert not answers.unreadable


@pytest.mark.parametrize("typed", ["2026Q5", "1—9月", "2026年8月", "20263", "去", "9999", "0000Q1"])
def test_what_is_no_period_is_said(typed):
    answers = read("target", {"value_period": typed}, Q3)
    assert "填写年份或季度，如 2025 或 2026Q3" in answers.unreadable["value_period"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("on_track", "on_track"), ("正常推进", "on_track"), (" 已完成 ", "done"), ("", "")],
)
def test_choices_by_code_and_by_label(typed, expected):
    assert read("task", {"status": typed}, Q3).status == expected


def test_what_is_not_to_choose_is_said_with_the_choices():
    answers = read("task", {"status": "基本正常"}, Q3)
    assert answers.status == ""
    assert answers.unreadable["status"] == (
        "“基本正常”不是可选项：从已完成、正常推进、进展滞后、严重滞后或停滞、未启动中选"
    )


@pytest.mark.parametrize(
    ("typed", "expected"), [("1", True), ("on", True), ("是", True), ("", False), ("否", False)]
)
def test_ticks(typed, expected):
    assert read("contribution", {"nothing": typed}, Q3).nothing is expected


@pytest.mark.parametrize("typed", ["无", "——", "/", "暂无"])
def test_a_basis_or_source_called_nothing_is_none(typed):
    answers = read("target", {"basis": typed, "source": typed, "note": typed}, Q3)
    assert (answers.basis, answers.source, answers.note) == ("", "", typed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1990-01", "1990-01"),
        ("2100-12", "2100-12"),
        ("1990年底前", "1990-12"),
        ("2100年末", "2100-12"),
        ("1989-12", None),
        ("2101-01", None),
        ("1989年底前", None),
        ("9999年底", None),
    ],
)
def test_months_of_the_first_and_the_last_year(typed, expected):
    answers = read("task", {"next_due": typed}, Q3)
    assert answers.next_due == expected
    assert ("next_due" in answers.unreadable) == (expected is None)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1990", Period(1990)),
        ("2100年", Period(2100)),
        ("1990Q1", Period(1990, 1)),
        ("2100年第四季度", Period(2100, 4)),
        ("2100年12月末", Period(2100, 4)),
        ("1989年度", None),
        ("2101", None),
        ("1989Q4", None),
        ("2101年一季度", None),
    ],
)
def test_periods_of_the_first_and_the_last_year(typed, expected):
    answers = read("target", {"value_period": typed}, Q3)
    assert answers.value_period == expected
    assert ("value_period" in answers.unreadable) == (expected is None)


@pytest.mark.parametrize(("kind", "field"), [("target", "value"), ("project", "invested_wan")])
def test_the_longest_text_of_a_number(kind, field):
    longest = f"1.{'0' * (LONGEST_NUMBER - 2)}"
    assert getattr(read(kind, {field: longest}, Q3), field) == 1
    answers = read(kind, {field: f"{longest}0"}, Q3)
    assert getattr(answers, field) is None
    assert "填写" in answers.unreadable[field]


@pytest.mark.parametrize(
    ("kind", "field", "digits"), [("target", "value", 14), ("project", "invested_wan", 12)]
)
def test_the_largest_number_that_records_keep(kind, field, digits):
    most = "9" * digits
    assert getattr(read(kind, {field: most}, Q3), field) == int(most)
    answers = read(kind, {field: f"1{'0' * digits}"}, Q3)
    assert answers.unreadable[field] == "数字太大，核对单位后再填"
