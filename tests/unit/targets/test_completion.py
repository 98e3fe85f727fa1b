"""Degrees of completion of reductions that compound."""

import pytest

from targets import rules
from targets.rules import Goal
from tests.unit.targets.terms import D, actual, cents, reduction, share


def words(terms, year, value, goal):
    return rules.completion_words(terms, goal, actual(year, value))


class TestReduction:
    """13.4 % of 16 %: 82.5 % of the way (国家发展改革委 of the thirteenth five-year plan)."""

    terms = reduction(16)
    goal = terms.goal(2025)

    def test_before_the_deadline_by_the_even_way(self):
        """ln(1 − 0.134) ÷ ln(1 − 0.16) = 0.14387 ÷ 0.17435."""
        found = rules.completion_before(self.terms, self.goal, D("13.4"))
        assert cents(found, "0.1") == D("82.5")
        assert words(self.terms, 2024, "13.4", self.goal) == "至2024年完成目标降幅的82.5%"

    def test_from_the_deadline_by_the_reductions(self):
        """21.272 ÷ 16 − 1 = 32.95 %."""
        assert words(self.terms, 2025, "21.272", self.goal) == "超额完成32.95%"
        assert words(self.terms, 2026, "21.272", self.goal) == "超额完成32.95%"

    def test_what_lacks_at_the_deadline_is_no_even_way(self):
        assert words(self.terms, 2025, "13.4", self.goal) == "完成目标降幅的83.8%"

    def test_just_reached_says_nothing_more(self):
        assert words(self.terms, 2025, "16", self.goal) == ""

    def test_never_a_whole_for_what_is_not_met(self):
        assert words(self.terms, 2025, "15.999", self.goal) == "完成目标降幅的99.99%"

    @pytest.mark.parametrize("value", ["0", "-1.2"])
    @pytest.mark.parametrize("year", [2024, 2025])
    def test_what_did_not_fall_has_no_percentage(self, year, value):
        assert words(self.terms, year, value, self.goal) == f"不降反升（{year}年）"
        assert rules.completion(self.terms, self.goal, D(value)) is None
        assert rules.completion_before(self.terms, self.goal, D(value)) is None

    def test_the_base_itself_says_nothing(self):
        assert words(self.terms, 2020, "0", self.goal) == ""

    @pytest.mark.parametrize("value", ["100", "104"])
    def test_nothing_left_has_no_even_way(self, value):
        assert rules.completion_before(self.terms, self.goal, D(value)) is None


class TestBaseOfItsOwn:
    """13.5 % less than in 2025, when 15.6 % were reached against 2020."""

    terms = reduction(15)
    goal = Goal(2030, base_year=2025, entered=D("13.5")).on_base(D("15.6"), 2)

    def test_only_what_was_reduced_since_counts(self):
        """d = 1 − 79.336 ÷ 84.4 = 6 %: ln 0.94 ÷ ln 0.865 = 42.7 % of the way."""
        assert words(self.terms, 2027, "20.664", self.goal) == "至2027年完成目标降幅的42.7%"

    def test_from_its_year_by_the_reductions(self):
        """d = 1 − 71.74 ÷ 84.4 = 15 %: 15 ÷ 13.5 − 1 = 11.11 %."""
        assert words(self.terms, 2030, "28.26", self.goal) == "超额完成11.11%"

    def test_less_than_in_its_base_year_is_a_rise(self):
        assert words(self.terms, 2026, "15.6", self.goal) == "不降反升（2026年）"

    def test_the_base_itself_says_nothing(self):
        assert words(self.terms, 2025, "15.6", self.goal) == ""


def test_other_targets_have_no_way_of_reduction():
    terms = share()
    assert rules.completion_before(terms, terms.goal(2025), D("19")) is None
    assert words(terms, 2024, "19", terms.goal(2025)) == ""


def test_a_cell_says_that_a_reduction_was_none():
    assert rules.index_words(reduction(16), None) == "不降反升"
    assert rules.index_words(share(), None) == "—"
    assert rules.index_words(share(), D("99.96")) == "99.96"
    assert rules.index_words(share(), D(100), is_met=True) == "100.0"
    assert rules.index_words(share(), D(100), is_met=False) == "不足100"
