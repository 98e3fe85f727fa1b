"""Sentences read years later: how old a value is, and what the years left have to bring."""

import datetime
from dataclasses import replace

import pytest

from targets import rules
from targets.rules import Goal, Grade, Kind
from tests.unit.targets.terms import D, actual, reduction, share

Y = datetime.date
NEWS = share((2023, "18.3"), (2024, "18.8"), (2025, "19.2", "preliminary"))
OLD = "（2025年数，已2年多未更新）"


def needed(day, terms=NEWS, goal=None):
    """What is said of the pace to 2030 on a day."""
    found = rules.pace(terms, 2030, today=day)
    return rules.pace_words(terms, goal or terms.goals[-1], found).split("，近")[0]


@pytest.mark.parametrize(
    ("quarter", "day", "words"),
    [
        (None, Y(2026, 11, 30), ""),
        (None, Y(2027, 12, 31), ""),
        (None, Y(2028, 1, 1), "已2年多未更新"),
        (None, Y(2028, 2, 29), "已2年多未更新"),
        (None, Y(2031, 2, 24), "已5年多未更新"),
        (3, Y(2027, 9, 30), ""),
        (3, Y(2027, 10, 1), "已2年多未更新"),
    ],
)
def test_a_value_says_how_old_it_is_from_two_years_on(quarter, day, words):
    value = rules.Actual(2025, D("19.2"), Grade.FINAL, quarter=quarter)
    assert rules.stale_words(value, day) == words


class TestPace:
    @pytest.mark.parametrize(
        ("day", "words"),
        [
            (Y(2026, 11, 30), "今后年均需提高0.56个百分点"),
            (Y(2027, 3, 15), "今后年均需提高0.70个百分点"),
            (Y(2028, 2, 29), f"按最新值{OLD}，今后年均需提高0.93个百分点，2024—2025年年均"),
            (Y(2029, 12, 31), "按最新值（2025年数，已3年多未更新），今后年均需提高1.40个百分点"),
            (Y(2030, 11, 20), "按最新值（2025年数，已4年多未更新），还差2.8个百分点，本年须完成"),
        ],
    )
    def test_what_is_lacking_falls_on_the_years_that_are_left(self, day, words):
        assert needed(day).startswith(words)

    def test_a_newer_value_leaves_its_own_years(self):
        terms = share((2025, "19.2"), (2026, "19.6"))
        assert needed(Y(2027, 3, 15), terms) == "今后年均需提高0.60个百分点"

    def test_one_of_the_year_that_runs_leaves_the_next(self):
        terms = share((2028, "21.0"), (2029, "21.5"))
        assert needed(Y(2029, 12, 31), terms) == "还差0.5个百分点，2030年须完成"

    def test_in_the_last_year_a_limit_is_still_exceeded(self):
        goals = (Goal(2030, comparison=rules.Comparison.AT_MOST, value=D("1.3")),)
        values = (actual(2029, "1.34"),)
        terms = rules.Terms(kind=Kind.AT_MOST, goals=goals, actuals=values, decimals=2)
        assert needed(Y(2030, 5, 1), terms) == "还高0.04，本年须完成。"

    def test_after_the_deadline_there_is_none(self):
        assert rules.pace(NEWS, 2030, today=Y(2031, 1, 1)) is None

    def test_a_reduction_goes_on_by_yearly_rates(self):
        terms = replace(reduction(28, (2025, "15.6")), goals=(Goal(2030, value=D(28)),))
        assert needed(Y(2026, 11, 30), terms) == "今后年均需下降3.13%。"
        # (1 − 0.156) → (1 − 0.28) in four years: 1 − (0.72 / 0.844)^(1/4) = 3.89 %
        assert needed(Y(2027, 11, 30), terms) == "今后年均需下降3.89%。"

    def test_what_is_reached_says_by_which_value(self):
        terms = share((2025, "22.4"))
        assert needed(Y(2028, 2, 29), terms) == f"最新值{OLD}已达到，须保持。"


class TestCarriedOver:
    @pytest.mark.parametrize(
        ("day", "words"),
        [
            (Y(2026, 11, 30), "今后年均需提高0.56个百分点。"),
            (Y(2028, 2, 29), "今后年均需提高0.93个百分点。"),
            (Y(2030, 11, 20), "还差2.8个百分点，本年须完成。"),
            (Y(2031, 1, 1), "期限已到。"),
        ],
    )
    def test_what_is_left_falls_on_the_years_that_are_left(self, day, words):
        found = rules.carry_over(NEWS, 2025, until=2030, today=day)
        assert rules.carry_over_sentence(NEWS, found).endswith(words)

    def test_its_value_says_how_old_it_is(self):
        found = rules.carry_over(NEWS, 2025, until=2030, today=Y(2028, 2, 29))
        said = "最新值19.2%（2025年，初步核算，已2年多未更新）"
        assert said in rules.carry_over_sentence(NEWS, found)


class TestOtherSentences:
    DAY = Y(2028, 2, 29)

    def test_the_newest_value(self):
        found = rules.newest_of(NEWS, today=self.DAY)
        assert found.words == "2025年19.2%（初步核算，已2年多未更新）"
        assert found.note == "2025年，初步核算，已2年多未更新"

    def test_a_year_without_a_goal(self):
        alone = share((2025, "19.2"), goals=())
        said = rules.latest_sentence(alone, 2030, today=self.DAY)
        assert said.startswith("2025年为19.2%（最终核实，已2年多未更新）。")

    def test_a_peak(self):
        values = [(2022, "380"), (2023, "390"), (2024, "401"), (2025, "409")]
        terms = share(*values, kind="peak_by", unit="万吨", goals=())
        peak = rules.peak(terms, today_year=2028)
        said = rules.peak_sentence(terms, peak, today=self.DAY)
        assert said.startswith("2025年409.0万吨（最终核实，已2年多未更新），较2024年增长2.0%")

    def test_an_outlook(self):
        terms = share((2022, "17.7"), (2023, "18.3"), (2024, "18.8"), (2025, "19.2"))
        found = rules.outlook(terms, 2030, today_year=2028)
        said = rules.outlook_sentence(terms, found, today=self.DAY)
        assert f"按2022—2025年趋势{OLD}预计" in said
        assert OLD not in rules.outlook_sentence(terms, found, today=Y(2026, 11, 30))
