"""Which years are owed in which quarter: preliminary once a year, final until it is there."""

import pytest

from common.quarters import Period
from reporting.rules.value_years import Known, owed_years, words

JULY = tuple(Period(year, 2) for year in range(2026, 2032))
"""The bureau asks for annual values each July, with the second quarter."""


def owed(code, *, years=(), settled=(), asking=JULY, **facts):
    known = Known(frozenset((*years, *settled)), frozenset(settled))
    facts = {"since": 2025} | facts
    return owed_years(period=Period.parse(code), asking=asking, known=known, **facts)


@pytest.mark.parametrize(
    ("code", "years", "settled", "expected"),
    [
        ("2026Q1", (), (), ()),
        ("2026Q2", (), (), (2025,)),
        ("2026Q2", (2025,), (), (2025,)),
        ("2026Q2", (), (2025,), ()),
        ("2026Q3", (), (), (2025,)),
        ("2026Q3", (2025,), (), ()),
        ("2026Q4", (2025,), (), (2025,)),
        ("2026Q4", (), (2025,), ()),
        ("2027Q1", (2025,), (), (2025,)),
        ("2027Q1", (2025, 2026), (), (2025,)),
        ("2027Q2", (2025,), (), (2026, 2025)),
        ("2027Q2", (), (2025,), (2026,)),
        ("2027Q2", (2025, 2026), (), (2026, 2025)),
        ("2027Q3", (2025,), (), (2026, 2025)),
        ("2027Q3", (2025, 2026), (), (2025,)),
        ("2027Q3", (2026,), (2025,), ()),
        ("2027Q4", (2026,), (2025,), (2026,)),
        ("2031Q1", (2029, 2030), range(2025, 2029), (2029,)),
        ("2031Q1", (), (), (2029, 2028, 2027, 2026, 2025)),
        ("2031Q2", (2030,), range(2025, 2030), (2030,)),
    ],
)
def test_owed(code, years, settled, expected):
    assert owed(code, years=years, settled=settled) == expected


def test_nothing_is_asked_of_last_year_before_a_quarter_asks_for_it():
    assert owed("2026Q3", asking=()) == ()
    assert owed("2027Q3", years=(2025,), asking=()) == (2025,)
    assert owed("2026Q2", asking=[Period(2026, 3)]) == ()


def test_the_fourth_quarter_asks_for_its_own_year():
    assert owed("2030Q4", settled=range(2025, 2030), asking=[Period(2030, 4)]) == (2030,)


def test_a_back_filled_quarter_asks_for_its_own_last_year_only():
    assert owed("2023Q2", asking=[Period(2023, 2)]) == (2022,)
    assert owed("2023Q3", asking=()) == ()


def test_older_years_are_asked_for_from_the_first_milestone_year_on():
    assert owed("2033Q2", asking=[Period(2033, 2)], since=2030) == (2032, 2031, 2030)


def test_what_has_no_value_is_asked_about_once_a_year():
    assert owed("2027Q2", is_counted=False) == (2026,)
    assert owed("2027Q3", is_counted=False) == ()


@pytest.mark.parametrize(
    ("code", "year", "expected"),
    [
        ("2027Q2", 2026, "2026年度（初步）"),
        ("2027Q2", 2025, "2025年度（最终）"),
        ("2027Q3", 2026, "2026年度（初步）"),
        ("2027Q4", 2026, "2026年度（最终）"),
        ("2030Q4", 2030, "2030年度（初步）"),
    ],
)
def test_words(code, year, expected):
    assert words(year, Period.parse(code)) == expected
