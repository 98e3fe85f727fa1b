"""Which milestone year is due, next and past on a day."""

import datetime

import pytest

from targets.rules import MilestoneYears

PLAN = (2025, 2030)


def on(day, **more):
    return MilestoneYears(datetime.date.fromisoformat(day), PLAN, base=2020, **more)


@pytest.mark.parametrize(
    ("day", "due", "following", "settled", "ahead"),
    [
        ("2021-01-01", None, 2025, 2025, 2025),
        ("2025-12-31", None, 2025, 2025, 2025),
        ("2026-01-01", 2025, 2030, 2025, 2030),
        ("2026-11-30", 2025, 2030, 2025, 2030),
        ("2030-12-31", 2025, 2030, 2025, 2030),
        ("2031-01-01", 2030, None, 2030, 2030),
        ("2031-02-01", 2030, None, 2030, 2030),
        ("2036-06-01", 2030, None, 2030, 2030),
    ],
)
def test_what_is_due_and_what_is_next(day, due, following, settled, ahead):
    years = on(day)
    assert (years.due, years.next) == (due, following)
    assert (years.settled, years.ahead) == (settled, ahead)


def test_a_goal_beyond_the_plan_is_a_milestone_like_others():
    years = on("2031-02-01", goal_years=(2025, 2027, 2030, 2035))
    assert years.horizon == 2030
    assert years.years == (2025, 2030, 2035)
    assert (years.due, years.next) == (2030, 2035)
    assert (years.before(2035), years.after(2035)) == (2030, None)
    assert 2035 in years
    assert 2027 not in years


def test_a_plan_that_names_no_years_has_those_of_its_goals():
    years = MilestoneYears(datetime.date(2026, 11, 30), goal_years=(2025, 2028))
    assert years.horizon is None
    assert (years.settled, years.ahead) == (2025, 2028)


def test_without_any_milestone_the_day_answers():
    years = MilestoneYears(datetime.date(2026, 11, 30))
    assert (years.settled, years.ahead, years.years) == (2025, 2026, ())


@pytest.mark.parametrize(
    ("shown", "settled", "ahead"), [(2025, 2025, 2035), (2030, 2030, 2035), (2035, 2030, 2035)]
)
def test_a_page_may_be_about_another_year_than_the_day(shown, settled, ahead):
    years = on("2031-02-01", goal_years=(2035,)).showing(shown)
    assert (years.settled, years.ahead) == (settled, ahead)


@pytest.mark.parametrize(
    ("day", "between", "running_up"),
    [
        ("2020-12-31", (), None),
        ("2026-12-31", (2021, 2022, 2023, 2024), None),
        ("2027-01-01", (2021, 2022, 2023, 2024, 2026), 2026),
        ("2031-02-01", (2021, 2022, 2023, 2024, 2026, 2027, 2028, 2029), None),
        ("2032-01-01", (2021, 2022, 2023, 2024, 2026, 2027, 2028, 2029, 2031), 2031),
    ],
)
def test_what_lies_between_milestones_has_its_own_requirement(day, between, running_up):
    years = on(day)
    assert (years.between, years.running_up) == (between, running_up)


def test_without_any_milestone_nothing_lies_between():
    assert MilestoneYears(datetime.date(2026, 11, 30)).between == ()
