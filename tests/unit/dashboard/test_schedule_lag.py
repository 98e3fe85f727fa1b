"""How far the newest value is from its required line, in the fewest words."""

import datetime
from dataclasses import replace

import pytest

from dashboard.rules.overview.schedule_lag import lag_words
from targets.rules import Comparison, Goal
from tests.unit.targets.terms import D, actual, reduction, share

DAY = datetime.date(2026, 9, 30)


def said(terms):
    return lag_words(terms, DAY)


def quarterly(terms, value, period=(2026, 3)):
    year, quarter = period
    return replace(terms, quarterly=actual(year, value, quarter=quarter))


class TestMonths:
    def test_behind_and_ahead_by_whole_months(self):
        assert said(share((2025, "19.2"))) == "慢15个月"
        assert said(share((2025, "20.4"))) == "快12个月"

    def test_at_the_line_nothing_is_said(self):
        assert said(share((2025, 20))) == ""

    def test_a_quarter_by_its_own_end(self):
        assert said(quarterly(share((2025, "20")), "20")) == "慢9个月"

    def test_a_reduction_that_compounds(self):
        assert said(reduction(15, (2024, "9.29"))) == "慢12个月"

    def test_below_the_base(self):
        assert said(share((2025, "16.1"))) == "低于2020年0.7"

    def test_above_a_base_that_has_to_fall(self):
        goals = (Goal(2025, comparison=Comparison.AT_MOST, value=D(18)),)
        terms = replace(share((2024, "20.5"), baseline_value=D(20)), goals=goals)
        assert said(terms) == "高于2020年0.5"


class TestDistance:
    """Where there is no way, or it has ended."""

    def test_without_a_base_never_months(self):
        assert said(share((2025, "19.2"), baseline_value=None)) == "还差0.8"

    def test_to_the_first_goal_that_is_not_kept(self):
        assert said(share((2025, "20.5"), baseline_value=None)) == "还差1.5"

    def test_a_quarter_is_named(self):
        known = share((2025, "29.8"), goals=((2025, 35),), baseline_value=None)
        assert said(quarterly(known, "31.2")) == "三季度还差3.8"
        assert said(quarterly(known, "31.2", (2025, 4))) == "还差5.2", "of 2025 its year is newest"

    def test_a_quarter_of_another_year_with_it(self):
        known = share(goals=((2025, 35),), baseline_value=None)
        assert said(quarterly(known, "31.2", (2025, 3))) == "2025年三季度还差3.8"

    def test_what_has_to_be_kept_and_fell(self):
        known = share((2025, "77.1"), goals=((2025, 75),), baseline_value=D(48))
        assert said(quarterly(known, "73.1", (2026, 2))) == "二季度还差1.9"
        assert said(quarterly(known, "75", (2026, 2))) == ""

    def test_a_standing_goal(self):
        assert said(share((2025, 47), goals=((None, 50),))) == "还差3.0"

    def test_a_limit_that_is_included(self):
        goals = (Goal(2025, comparison=Comparison.AT_MOST, value=D(90)),)
        terms = replace(share((2025, "92.5"), baseline_value=None), goals=goals)
        assert said(terms) == "还高2.5"

    def test_without_the_unit(self):
        known = share((2025, "46.0"), goals=((2025, 51),), baseline_value=None, unit="万立方米")
        assert said(known) == "还差5.0"


@pytest.mark.parametrize(
    "terms",
    [
        share(),
        share((2025, "19"), goals=()),
        replace(share((2025, 14)), goals=(Goal(2025, comparison=Comparison.ABOUT, value=D(15)),)),
        replace(share((2025, 14)), goals=(Goal(2025, comparison=Comparison.BELOW, value=D(1)),)),
        share(basis="新", actuals=(actual(2025, "19.2", basis="旧"),)),
        share((2025, 23)),
    ],
    ids=["no value", "no goal", "band", "limit", "another basis", "all kept"],
)
def test_nothing_is_said(terms):
    assert said(terms) == ""
