"""The required line inside a year, and the goal that a year leads to."""

import pytest

from targets import rules
from targets.rules import Comparison, Goal, Terms
from targets.rules.trends.trajectory import base_at, between, goal_led_to
from tests.unit.targets.terms import D, share


@pytest.mark.parametrize(
    ("year", "quarter", "required"),
    [
        (2021, 1, "16.96"),
        (2025, 1, "19.52"),
        (2025, 2, "19.68"),
        (2025, 3, "19.84"),
        (2025, 4, "20"),
        (2025, None, "20"),
        (2026, 1, "20.10"),
        (2026, 4, "20.40"),
    ],
)
def test_a_quarter_lies_on_a_straight_way_through_its_year(year, quarter, required):
    """16.8 in 2020, 20 in 2025: 0.64 a year, 0.16 a quarter; then 0.40 a year."""
    assert rules.required_at(share(decimals=2), year, quarter) == D(required)


def test_a_quarter_after_a_year_that_requires_nothing_requires_nothing():
    step = share(pace="step", baseline_value=None)
    assert rules.required_at(step, 2025, 2) is None
    assert rules.required_at(step, 2025, 4) == 20
    assert rules.goal_at(step, 2024, 2) is None


def test_what_is_held_is_asked_for_in_every_quarter():
    held = share(pace="hold")
    assert [rules.required_at(held, 2023, quarter) for quarter in (1, 2, 3, 4)] == [20] * 4


def test_a_quarter_is_compared_as_the_goal_that_it_leads_to():
    terms = share(decimals=2, goals=((2025, 20),))
    assert rules.goal_at(terms, 2025, 2) == Goal(2025, value=D("19.68"))
    below = Goal(2025, comparison=Comparison.BELOW, value=D("1.3"))
    found = Terms("below", (below,), pace="hold")
    assert rules.goal_at(found, 2025, 2).comparison == Comparison.BELOW


class TestGoalLedTo:
    @pytest.mark.parametrize(
        ("year", "goal"), [(2021, 2025), (2025, 2025), (2026, 2030), (2030, 2030), (2031, 2030)]
    )
    def test_on_a_slope_the_next_one(self, year, goal):
        assert goal_led_to(share(), year).year == goal

    @pytest.mark.parametrize(
        ("year", "goal"), [(2021, 2025), (2025, 2025), (2026, 2025), (2029, 2025), (2030, 2030)]
    )
    def test_by_steps_the_last_one_until_its_year(self, year, goal):
        assert goal_led_to(share(pace="step"), year).year == goal

    def test_without_goals_none(self):
        assert goal_led_to(share(goals=()), 2025) is None
        assert base_at(share(goals=()), 2025) is None

    def test_the_change_runs_from_the_base_of_the_target(self):
        assert base_at(share(), 2028) == D("16.8")


@pytest.mark.parametrize(
    ("first", "last", "halfway"),
    [("0", "100", "50"), ("100", "50", "75"), ("0", "75", "50")],
)
def test_a_reduction_by_all_has_no_yearly_rate_and_goes_straight(first, last, halfway):
    """75 % are halved twice; nothing is ever halved to nothing."""
    found = between((2020, D(first)), (2022, D(last)), 2021, geometric=True)
    assert found == D(halfway)
