"""The year whose required level a value has reached."""

from dataclasses import replace

import pytest

from targets.rules import Comparison, Goal, required
from targets.rules.trends.reached_year import ReachedYear, date_of, reached_year
from tests.unit.targets.terms import D, actual, reduction, share


def at(terms, year, value, quarter=None, **more):
    return reached_year(terms, actual(year, value, quarter=quarter, **more))


class TestShare:
    """16.8 in 2020, 20 in 2025, 22 in 2030."""

    @pytest.mark.parametrize(
        ("year", "value", "found"),
        [
            (2025, "19.2", ReachedYear(D("2023.75"), -15)),
            (2025, "20", ReachedYear(D(2025), 0)),
            (2025, "20.5", ReachedYear(D("2026.25"), 15)),
            (2024, "19.36", ReachedYear(D(2024), 0)),
            (2024, "19.39", ReachedYear(D("2024.046875"), 0)),
            (2024, "19.3", ReachedYear(D("2023.90625"), -1)),
            (2026, "19.2", ReachedYear(D("2023.75"), -27)),
        ],
    )
    def test_months_are_cut_to_whole_ones(self, year, value, found):
        assert at(share(), year, value) == found

    def test_a_quarter_counts_from_its_end(self):
        assert date_of(actual(2026, 20, quarter=3)) == D("2025.75")
        assert at(share(), 2026, "19.2", quarter=3) == ReachedYear(D("2023.75"), -24)

    def test_past_the_next_goal_it_is_capped_without_months(self):
        assert at(share(), 2024, "20") == ReachedYear(D(2025))
        assert at(share(), 2024, "23") == ReachedYear(D(2025))
        assert at(share(), 2025, "25") == ReachedYear(D(2030))

    def test_below_the_base_there_is_no_year(self):
        assert at(share(), 2025, "16.7") == ReachedYear(None, is_before_base=True)
        assert at(share(), 2025, "16.8") == ReachedYear(D(2020), -60)

    def test_ahead_of_the_way_to_the_next_goal(self):
        """森林蓄积量 52.3 after 51, on the way to 60: 快8个月."""
        terms = share(goals=((2025, 51), (2030, 60)), baseline_value=D("44.6"))
        assert at(terms, 2025, "52.3").months == 8

    def test_after_the_last_goal_no_months(self):
        assert at(share(), 2031, "21") == ReachedYear(D("2027.5"))
        assert at(share(), 2031, "22") == ReachedYear(D(2030))

    def test_it_is_the_inverse_of_the_required_line(self):
        terms = share(decimals=4)
        for year in range(2021, 2031):
            assert at(terms, 2029, required(terms, year)).year == year


class TestReduction:
    def test_compounding_is_inverted_as_it_runs(self):
        terms = reduction(15)
        for year, value in [(2021, "3.198"), (2022, "6.294"), (2023, "9.290"), (2024, "12.191")]:
            assert round(at(terms, 2024, value).year, 2) == year

    def test_a_goal_on_a_base_of_its_own_runs_from_there(self):
        own = Goal(2030, base_year=2025, entered=D("13.5"))
        terms = replace(
            reduction(15, (2025, "15.6"), decimals=2), goals=(Goal(2025, value=D(15)), own)
        )
        assert at(terms, 2025, "15.6") == ReachedYear(D(2025), 0)
        assert at(terms, 2026, "15.3") == ReachedYear(D(2025), -12), (
            "not past the end of the first way"
        )
        assert at(terms, 2025, "14").months < 0


class TestLower:
    def test_a_level_that_has_to_fall(self):
        goals = tuple(
            Goal(year, comparison=Comparison.AT_MOST, value=D(value))
            for year, value in [(2025, 18), (2030, 15)]
        )
        terms = replace(share(baseline_value=D(20)), goals=goals)
        assert at(terms, 2025, "18.8") == ReachedYear(D(2023), -24)
        assert at(terms, 2025, "20.1") == ReachedYear(None, is_before_base=True)
        assert at(terms, 2025, "14") == ReachedYear(D(2030))


class TestNone:
    @pytest.mark.parametrize(
        "terms",
        [
            share(baseline_value=None),
            share(pace="step"),
            share(pace="hold"),
            share(goals=()),
            share(baseline_value=D(20)),
            share(baseline_value=D(21)),
        ],
        ids=["no base", "steps", "held", "no goal", "flat", "falling"],
    )
    def test_no_way_that_climbs(self, terms):
        assert at(terms, 2023, "19") is None

    def test_without_a_base_not_even_between_two_goals(self):
        assert at(share(baseline_value=None), 2025, "20.5") is None

    def test_a_later_way_that_is_flat(self):
        flat = share(goals=((2025, 20), (2030, 20)))
        assert at(flat, 2025, "19.2") is None
        assert at(flat, 2024, "19.2") == ReachedYear(D("2023.75"), -3)

    def test_a_band(self):
        band = replace(share(), goals=(Goal(2025, comparison=Comparison.ABOUT, value=D(20)),))
        assert at(band, 2024, "19") is None

    def test_another_basis_or_no_value(self):
        assert at(share(basis="新"), 2025, "19", basis="旧") is None
        assert at(share(), 2025, None) is None
