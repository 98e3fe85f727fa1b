"""Yearly steps and peaks, against numbers computed by hand."""

from dataclasses import replace

import pytest

from targets import rules
from targets.rules import Goal, Level, Terms
from tests.unit.targets.terms import TODAY, D, actual, reduction, share


def peaking(values, goal="by_year"):
    return Terms(
        "peak_by",
        (Goal(2030, nature="event", comparison=goal),),
        tuple(actual(year, value) for year, value in values.items()),
        pace="manual",
        unit="万吨",
    )


class TestPace:
    def test_a_compounding_reduction_is_paced_in_yearly_rates(self):
        """1 − (72/84.4)^(1/5) = 3.128 %, and 1 − (84.4/93.95)^(1/3) = 3.510 %."""
        terms = reduction(15, (2022, "6.05"), (2025, "15.60"))
        terms = replace(terms, goals=(*terms.goals, Goal(2030, value=D(28))), decimals=2)
        found = rules.pace(terms, 2030, today=TODAY)
        assert found.needed.quantize(D("0.001")) == D("3.128")
        assert found.recent.quantize(D("0.001")) == D("3.510")
        assert rules.pace_words(terms, terms.goals[-1], found) == (
            "今后年均需下降3.13%，近三年年均下降3.51%。"
        )

    def test_a_rate_that_turned_into_a_rise_says_so(self):
        terms = reduction(15, (2024, "12"), (2025, "10"))
        terms = replace(terms, goals=(Goal(2030, value=D(28)),))
        assert "近一年上升2.27%" in rules.pace_words(
            terms, terms.goals[0], rules.pace(terms, 2030, today=TODAY)
        )

    def test_the_best_step_stands_beside_the_needed_one(self):
        terms = share((2021, "17.0"), (2022, "17.2"), (2023, "17.9"), (2025, "18.5"))
        assert (
            rules.best_step(terms, rules.pace(terms, 2030, today=TODAY)) == "2023年提高0.70个百分点"
        )

    def test_a_step_over_years_without_a_value_is_their_mean(self):
        terms = share((2021, "17.0"), (2024, "20.0"), (2025, "20.5"))
        assert (
            rules.best_step(terms, rules.pace(terms, 2030, today=TODAY))
            == "2022—2024年年均提高1.00个百分点"
        )

    def test_where_nothing_ever_went_the_right_way_there_is_no_best(self):
        falling = share((2023, "19.0"), (2024, "18.5"), (2025, "18.0"))
        assert rules.best_step(falling, rules.pace(falling, 2030, today=TODAY)) == ""

    def test_of_a_limit_the_best_step_is_the_largest_fall(self):
        terms = Terms(
            "below",
            (Goal(2030, comparison="below", value=D("1.2")),),
            tuple(actual(2022 + n, v) for n, v in enumerate(("1.5", "1.42", "1.45", "1.40"))),
            decimals=2,
        )
        assert rules.best_step(terms, rules.pace(terms, 2030, today=TODAY)) == "2023年下降0.08"

    def test_what_is_left_of_a_missed_reduction_is_a_rate_too(self):
        """From 14 to 28 in five years: 1 − (72/86)^(1/5) = 3.49 %."""
        terms = reduction(15, (2024, "12"), (2025, "14"))
        terms = replace(terms, goals=(*terms.goals, Goal(2030, value=D(28))), decimals=2)
        words = rules.carry_over_sentence(
            terms, rules.carry_over(terms, 2025, until=2030, today=TODAY)
        )
        assert words.endswith("今后年均需下降3.49%。")


class TestPeak:
    @pytest.mark.parametrize(
        ("values", "level", "words"),
        [
            # rose in 2022: only the last two years are falls
            (
                {2020: 100, 2021: 90, 2022: 95, 2023: 94, 2024: 93},
                Level.GREEN,
                "最近连降2年，疑似达峰，待认定",
            ),
            # years without a value are no falls
            (
                {2018: 100, 2020: 97, 2023: 95, 2025: 94},
                Level.ORANGE,
                "较2023年下降，尚不能判断达峰",
            ),
            (
                {2021: 99, 2022: 100, 2023: 98, 2024: 97},
                Level.GREEN,
                "最高值之后已连降2年，疑似达峰，待认定",
            ),
            ({2021: 100, 2022: 98, 2023: 97, 2024: 97}, Level.ORANGE, "进入平台"),
            (
                {2019: 90, 2020: 92, 2023: 98, 2024: 103},
                Level.ORANGE,
                "仍在上升，年份不连续，不比较快慢",
            ),
            ({2021: 90, 2022: 92, 2023: 94, 2024: 99}, Level.RED, "仍在上升，增速加快"),
        ],
    )
    def test_before_the_deadline(self, values, level, words):
        found = rules.peak(peaking(values), today_year=2026)
        assert (found.level, found.words) == (level, words)

    def test_a_maximum_inside_the_deadline_is_judged_by_that(self):
        values = {2026: 100, 2027: 101, 2028: 102, 2029: 103, 2030: 102}
        found = rules.peak(peaking(values), today_year=2031)
        assert (found.year, found.level) == (2029, Level.ORANGE)
        assert found.words == "期限内出现最高值，此后未再超过，待认定"

    @pytest.mark.parametrize(
        "values",
        [
            {2027: 100, 2028: 101, 2029: 102, 2030: 103},
            {2028: 100, 2029: 103, 2030: 102, 2031: 104},
        ],
    )
    def test_what_still_rises_at_the_end_has_not_peaked(self, values):
        found = rules.peak(peaking(values), today_year=2032)
        assert (found.level, found.words) == (Level.RED, "期限已过，仍未达峰")

    def test_before_a_year_ends_with_the_year_before(self):
        values = {2027: 100, 2028: 101, 2029: 102, 2030: 103, 2031: 102}
        assert rules.peak(peaking(values), today_year=2032).level == Level.ORANGE
        assert rules.peak(peaking(values, "before_year"), today_year=2032).level == Level.RED
