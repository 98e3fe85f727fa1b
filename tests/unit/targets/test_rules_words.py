"""Pace, peak and sentences, against numbers and words written by hand."""

from dataclasses import replace

import pytest

from targets import rules
from targets.rules import Goal, Level, Terms, Verdict
from tests.unit.targets.terms import TODAY, D, actual, share


class TestPaceAndPeak:
    def test_needed_and_recent(self):
        values = [(2022, "17.7"), (2023, "18.3"), (2024, "18.8"), (2025, "19.2", "preliminary")]
        terms = share(*values)
        found = rules.pace(terms, 2030, today=TODAY)
        assert (found.needed, found.recent, found.recent_years) == (D("0.56"), D("0.5"), 3)
        assert rules.pace_sentence(terms, found) == (
            "到2030年达到22%以上，今后年均需提高0.56个百分点，近三年年均提高0.50个百分点。"
        )

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ([(2024, "18.8"), (2025, "19.2")], "近一年提高0.40个百分点"),
            ([(2023, "18.3"), (2024, "18.8"), (2025, "19.3")], "近两年年均提高0.50个百分点"),
        ],
    )
    def test_fewer_years_are_named(self, values, words):
        terms = share(*values)
        assert rules.pace_sentence(terms, rules.pace(terms, 2030, today=TODAY)).endswith(
            f"，{words}。"
        )

    def test_reached_already(self):
        terms = share((2025, "23"))
        assert "最新值已达到" in rules.pace_sentence(terms, rules.pace(terms, 2030, today=TODAY))

    def test_a_band_asks_for_no_pace(self):
        goals = (Goal(2030, comparison="about", value=D("15.38")),)
        terms = Terms("about", goals, (actual(2025, "15.30"),))
        assert rules.pace(terms, 2030, today=TODAY) is None

    def test_before_a_year_ends_with_the_year_before(self):
        oil = Terms("peak_by", (Goal(2030, nature="event", comparison="before_year"),))
        assert rules.judge(oil, 2030, today_year=2029).verdict == Verdict.AHEAD
        assert rules.judge(oil, 2030, today_year=2030).verdict == Verdict.TO_RECOGNISE
        carbon = replace(oil, goals=(Goal(2030, nature="event", comparison="by_year"),))
        assert rules.judge(carbon, 2030, today_year=2030).verdict == Verdict.AHEAD

    def test_no_pace_without_a_number(self):
        assert rules.pace(share(), 2030, today=TODAY) is None
        assert rules.pace(share((2025, "20"), goals=((2025, 20),)), 2030, today=TODAY) is None

    @pytest.mark.parametrize(
        ("values", "level"),
        [
            ((380, 390, 401), Level.GREY),
            ((380, 390, 401, 409), Level.ORANGE),
            ((380, 385, 391, 400), Level.RED),
            ((380, 400, 395, 390), Level.GREEN),
            ((380, 390, 400, 399), Level.ORANGE),
            ((400, 390, 395, 394), Level.ORANGE),  # two years below the top, one of them falling
            ((380, 400, 395, 399), Level.RED),  # rises again below the top
        ],
    )
    def test_peak(self, values, level):
        terms = Terms(
            "peak_by",
            (Goal(2030, nature="event", comparison="by_year"),),
            tuple(actual(2018 + n, value) for n, value in enumerate(values)),
        )
        assert rules.peak(terms, today_year=2026).level == level

    @pytest.mark.parametrize(
        ("values", "level", "words"),
        [
            ((380, 400, 395, 395), Level.ORANGE, "进入平台"),  # level after a fall
            ((380, 400, 400, 400), Level.ORANGE, "进入平台"),
            ((8, 4, 2, 0), Level.GREEN, "最高值之后已连降3年，疑似达峰，待认定"),
            ((8, 4, 0, 0), Level.ORANGE, "进入平台"),
            ((0, 0, 0, 5), Level.RED, "仍在上升，增速加快"),
            ((0, 0, 0, 0), Level.ORANGE, "进入平台"),
        ],
    )
    def test_a_level_end_and_nothing_at_all(self, values, level, words):
        terms = Terms(
            "peak_by",
            (Goal(2030, nature="event", comparison="by_year"),),
            tuple(actual(2018 + n, value) for n, value in enumerate(values)),
        )
        found = rules.peak(terms, today_year=2026)
        assert (found.level, found.words) == (level, words)

    def test_a_passed_deadline_is_red(self):
        terms = Terms(
            "peak_by",
            (Goal(2030, nature="event", comparison="by_year"),),
            tuple(actual(2027 + n, value) for n, value in enumerate((400, 405, 409, 410))),
        )
        assert rules.peak(terms, today_year=2031).level == Level.RED


class TestWords:
    @pytest.mark.parametrize(
        ("comparison", "goal", "value", "words"),
        [
            ("at_least", "20", "19.2", "差0.8个百分点"),
            ("at_least", "20", "20", "达到"),
            ("at_least", "20", "21", "高1.0个百分点"),
            ("below", "1.3", "1.3", "未低于1.3"),
            ("below", "1.3", "1.2", "低0.1个百分点"),
            ("about", "15.38", "15.38", "在范围内"),
            ("about", "15.38", "15.0", "低于下限0.1个百分点"),
        ],
    )
    def test_distance(self, comparison, goal, value, words):
        terms = share()
        asked = Goal(2025, comparison=comparison, value=D(goal))
        found = rules.distance_words(terms, asked, actual(2025, value))
        assert found == words

    def test_the_sentence_has_the_numbers_of_the_page(self):
        terms = share((2025, "19.2", "preliminary"))
        judged = rules.judge(terms, 2025, today_year=2026)
        assert rules.verdict_sentence(terms, judged) == (
            "2025年目标20%以上，实际19.2%（初步核算），数据待核定（初步未达标），差0.8个百分点。"
        )

    @pytest.mark.parametrize(
        ("goal", "words"),
        [
            (Goal(2025, value=D("20.0000")), "≥20%"),
            (Goal(2025, comparison="equal", value=D(100)), "100%"),
            (Goal(2025, comparison="about", value=D("15.3800")), "15.38%左右"),
            (Goal(2025, state="pending"), "待市下达"),
            (Goal(2030, state="withdrawn"), "不再下达"),
            (Goal(2030, nature="event", comparison="before_year"), "2030年前达峰"),
            (Goal(2025, nature="judgement"), "定性"),
        ],
    )
    def test_goals(self, goal, words):
        assert rules.goal_value(share(), goal) == words
