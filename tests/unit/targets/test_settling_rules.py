"""What a settlement rests on, what changed since, what is carried over: by hand, no database."""

import datetime
from dataclasses import replace

import pytest

from targets import rules
from targets.rules import (
    Goal,
    GroundKind,
    Grounds,
    JudgingRules,
    Settled,
    Signature,
    Terms,
    Verdict,
)
from tests.unit.targets.terms import TODAY, D, actual, share

GOAL = Goal(2025, value=D(75))
BUS = share((2025, "77.1", "department"), goals=((2025, 75),), decimals=2)
THEN = Grounds(GOAL, 1, actual(2025, "77.1", "department"), 1)
BAND = Goal(2025, comparison="about", value=D("15.38"))
WOOD = Grounds(BAND, 1, actual(2025, "15.20"), 1, D(2))
DAY = Signature("赵六", datetime.date(2026, 11, 22), proposed_by="李敏")


def changed(**facts):
    return rules.ground_changes(THEN, replace(THEN, **facts))


class TestOutdated:
    def test_nothing_changed(self):
        assert not rules.is_outdated(THEN, THEN)
        assert not rules.is_outdated(
            THEN, replace(THEN, actual=actual(2025, "77.10", "department"))
        )

    def test_a_revised_value(self):
        (change,) = changed(actual=actual(2025, "74.2"), observation_version=2)
        assert (change.ground, change.difference) == (GroundKind.VALUE, D("-2.9"))

    def test_a_new_version_with_the_same_number_counts_too(self):
        (change,) = changed(observation_version=2)
        assert change.difference == 0

    def test_a_value_that_was_taken_back(self):
        (change,) = changed(actual=None, observation_version=None)
        assert (change.after, change.difference) == (None, None)

    def test_a_grade_that_settles_no_more(self):
        assert changed(actual=actual(2025, "77.1", "preliminary"))

    def test_another_basis(self):
        assert changed(actual=actual(2025, "77.1", "department", basis="新口径"))

    def test_a_revised_milestone(self):
        (change,) = changed(goal=replace(GOAL, value=D(78)), milestone_version=2)
        assert (change.ground, change.difference) == (GroundKind.MILESTONE, 3)
        (change,) = changed(goal=replace(GOAL, comparison="equal"))
        assert change.difference == 0

    def test_rules_count_where_they_judge_the_goal(self):
        later = replace(WOOD, tolerance_percent=D(1), rule_version=2)
        (change,) = rules.ground_changes(WOOD, later)
        assert (change.ground, change.before, change.after) == (GroundKind.RULE, D(2), D(1))
        assert not rules.is_outdated(WOOD, replace(WOOD, rule_version=2))
        assert not rules.is_outdated(WOOD, replace(WOOD, tolerance_percent=None))
        assert not rules.is_outdated(THEN, replace(THEN, rule_version=2))

    def test_everything_at_once(self):
        found = changed(actual=None, observation_version=None, goal=None, milestone_version=None)
        assert [change.ground for change in found] == [GroundKind.VALUE, GroundKind.MILESTONE]

    def test_only_a_band_has_a_tolerance_among_its_grounds(self):
        terms = share().under(JudgingRules(4, tolerance_percent=D(3)))
        assert rules.grounds_of(terms, GOAL, 1).tolerance_percent is None
        grounds = rules.grounds_of(terms, BAND, 2, actual(2025, "15"), 3)
        assert grounds == Grounds(
            BAND, 2, actual(2025, "15"), 3, D(3), 4, is_tolerance_confirmed=False
        )

    def test_states(self):
        assert [state.label for state in Settled] == ["待判定", "已判定", "须重新判定"]

    def test_the_value_that_the_goal_was_converted_by(self):
        base = actual(2025, "15.6")
        then = replace(THEN, base=base, base_version=1)
        (change,) = rules.ground_changes(
            then, replace(then, base=actual(2025, "15.4"), base_version=2)
        )
        assert (change.ground, change.difference) == (GroundKind.BASE, D("-0.2"))
        (change,) = rules.ground_changes(then, replace(then, base=None, base_version=None))
        assert (change.before, change.after) == (D("15.6"), None)

    @pytest.mark.parametrize(
        ("is_missed", "is_confirmed", "is_open"),
        [(True, False, True), (True, True, False), (False, False, False)],
    )
    def test_only_what_was_missed_waits_for_the_tolerance(self, is_missed, is_confirmed, is_open):
        then = replace(WOOD, is_missed=is_missed)
        now = replace(then, is_tolerance_confirmed=is_confirmed)
        assert rules.is_outdated(then, now) is is_open


class TestGrounds:
    def test_the_tolerance_counts_for_about_alone(self):
        wood = share(goals=(), tolerance_percent=D(2))
        assert rules.grounds_of(wood, BAND, 1).tolerance_percent == D(2)
        assert not rules.grounds_of(wood, BAND, 1).is_tolerance_confirmed
        assert rules.grounds_of(wood, GOAL, 1).tolerance_percent is None
        assert rules.grounds_of(wood, GOAL, 1).is_tolerance_confirmed
        assert rules.grounds_of(wood, None, None).is_tolerance_confirmed
        sure = replace(wood, is_tolerance_confirmed=True)
        assert rules.grounds_of(sure, BAND, 1).is_tolerance_confirmed

    def test_a_goal_is_converted_only_by_a_version_in_force(self):
        goal = Goal(2030, base_year=2025, entered=D("13.5"))
        terms = share((2025, "15.6"), goals=())
        by = rules.grounds_of(terms, goal, 1, base_version=3)
        assert (by.goal.value, by.base.value, by.base_version) == (D("27.0"), D("15.6"), 3)
        without = rules.grounds_of(terms, goal, 1)
        assert (without.goal.value, without.base, without.base_version) == (None, None, None)


class TestHeld:
    def held(self, terms, verdict=Verdict.ACHIEVED):
        return rules.settled_judgement(terms, 2025, verdict, THEN, today_year=2026)

    def test_the_verdict_stands_over_the_number_in_force(self):
        found = self.held(share((2025, "74"), goals=((2025, 75),)))
        assert (found.verdict, found.actual.value) == (Verdict.ACHIEVED, D(74))

    def test_what_waits_for_review_is_not_shown_beside_it(self):
        found = self.held(share(goals=((2025, 75),), actuals=(_waiting("74"),)))
        assert (found.verdict, found.actual.value) == (Verdict.ACHIEVED, D("77.1"))

    @pytest.mark.parametrize("is_striven", [True, False])
    def test_what_was_not_met_is_said_by_whether_it_is_striven_for(self, is_striven):
        terms = share((2025, "74"), goals=((2025, 75),), is_striven=is_striven)
        told = self.held(terms, Verdict.MISSED).verdict
        assert told == (Verdict.FELL_SHORT if is_striven else Verdict.MISSED)


def _waiting(value):
    return replace(actual(2025, value), is_unreviewed=True)


class TestWords:
    def test_a_settled_number(self):
        assert rules.settlement_sentence(BUS, 2025, Verdict.ACHIEVED, THEN, DAY) == (
            "2025年目标75%以上，实际77.10%（部门统计），已达标，高2.10个百分点"
            "（李敏提出，赵六2026年11月22日确认）。"
        )

    def test_the_band_that_held_not_that_of_today(self):
        terms = Terms("about", (BAND,), unit="%", decimals=2).under(
            JudgingRules(2, tolerance_percent=D(1))
        )
        assert rules.settlement_sentence(terms, 2025, Verdict.ACHIEVED, WOOD, DAY) == (
            "2025年目标15.38%左右（左右按±2%），实际15.20%（最终核实），已达标，在范围内"
            "（李敏提出，赵六2026年11月22日确认）。"
        )
        now = replace(WOOD, tolerance_percent=D(1), rule_version=2)
        judged = rules.judge(
            replace(terms, actuals=(actual(2025, "15.20"),)), 2025, today_year=2026
        )
        assert rules.outdated_sentence(terms, Verdict.ACHIEVED, WOOD, now, judged, DAY) == (
            "原判定为已达标（李敏提出，赵六2026年11月22日确认）；此后左右容差由±2%（规则第1版）改为±1%（规则第2版），减少1个百分点，"
            "须重新判定（按现有数据：初步未达标，容差待确认），重新判定以前原结论不变。"
        )

    def test_a_recognised_peak(self):
        goal = Goal(2030, nature="event", comparison="by_year")
        terms = Terms("peak_by", (goal,), unit="万吨")
        signed = replace(
            DAY, proposed_by="", document="《核定通知》（1号）", note="2027年以后连续下降"
        )
        assert rules.settlement_sentence(
            terms, 2030, Verdict.ACHIEVED, Grounds(goal, 1), signed
        ) == (
            "目标2030年达峰，依据《核定通知》（1号）认定为已达标（赵六2026年11月22日单人判定）："
            "2027年以后连续下降。"
        )

    def test_what_changed_and_by_how_much(self):
        now = replace(
            THEN,
            actual=actual(2025, "74.2"),
            observation_version=2,
            goal=replace(GOAL, value=D(78)),
            milestone_version=2,
        )
        terms = share((2025, "74.2"), goals=((2025, 78),), decimals=2)
        judged = rules.judge(terms, 2025, today_year=2026)
        assert rules.outdated_sentence(terms, Verdict.ACHIEVED, THEN, now, judged, DAY) == (
            "原判定为已达标（李敏提出，赵六2026年11月22日确认）；此后实际值由77.10%（部门统计，第1版）改为74.20%（最终核实，第2版），"
            "下降2.90个百分点；阶段目标由75%以上（第1版）改为78%以上（第2版），提高3.00个百分点，"
            "须重新判定（按现有数据：未达标），重新判定以前原结论不变。"
        )

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            (
                {"observation_version": 3},
                "实际值由77.10%（部门统计，第1版）改为77.10%（部门统计，第3版），数值未变",
            ),
            (
                {"actual": None, "observation_version": None},
                "实际值由77.10%（部门统计，第1版）改为没有可用的现行年度值，无法比较大小",
            ),
            (
                {"actual": actual(2025, None, not_applicable=True), "observation_version": 2},
                "实际值由77.10%（部门统计，第1版）改为不适用（最终核实，第2版），无法比较大小",
            ),
            (
                {"goal": Goal(2025, state="withdrawn"), "milestone_version": 2},
                "阶段目标由75%以上（第1版）改为不再下达（第2版），无法比较大小",
            ),
            (
                {"goal": None, "milestone_version": None},
                "阶段目标由75%以上（第1版）改为没有现行目标，无法比较大小",
            ),
        ],
    )
    def test_each_change(self, facts, words):
        now = replace(THEN, **facts)
        (change,) = rules.ground_changes(THEN, now)
        assert rules.change_words(BUS, change, THEN, now) == words

    def test_nothing_changed_says_nothing(self):
        judged = rules.judge(BUS, 2025, today_year=2026)
        assert rules.outdated_sentence(BUS, Verdict.ACHIEVED, THEN, THEN, judged, DAY) == ""

    def test_grounds_for_the_ledger(self):
        assert rules.grounds_words(BUS, THEN) == (
            "实际值77.10%（部门统计，第1版）；阶段目标75%以上（第1版）；判定规则第1版"
        )
        assert rules.grounds_words(share(decimals=2), WOOD) == (
            "实际值15.20%（最终核实，第1版）；阶段目标15.38%左右（第1版）；左右容差±2%；判定规则第1版"
        )


def carried(terms, **more):
    found = rules.carry_over(terms, 2025, until=2030, today=TODAY)
    return found, rules.carry_over_sentence(terms, found)


class TestCarryOver:
    def test_to_a_goal_of_its_own(self):
        """19.2 of 20 is 0.8 short; 22 by 2030 is 2.8 in five years, 0.56 a year."""
        found, words = carried(share((2025, "19.2")))
        assert (found.lacking, found.lacking_aim, found.needed) == (D("0.8"), D("2.8"), D("0.56"))
        assert not found.is_floor
        assert words == (
            "2025年目标20%以上未完成，结转到2030年：最新值19.2%（2025年，最终核实），"
            "与2025年目标比差0.8个百分点，与2030年目标22%以上比差2.8个百分点，"
            "今后年均需提高0.56个百分点。"
        )

    def test_without_one_the_missed_goal_stays(self):
        """29.8 of 35 is 5.2 short: 1.04 a year."""
        found, words = carried(share((2025, "29.8"), goals=((2025, 35),)))
        assert (found.is_floor, found.aim, found.needed) == (
            True,
            Goal(2030, value=D(35)),
            D("1.04"),
        )
        assert words == (
            "2025年目标35%以上未完成，结转到2030年：最新值29.8%（2025年，最终核实），"
            "与2025年目标比差5.2个百分点，今后年均需提高1.04个百分点。"
        )

    def test_made_up_later(self):
        terms = share((2025, "19.2"), (2026, "20", "preliminary"), (2027, "20.1"), (2028, "20.5"))
        found, words = carried(terms)
        assert found.made_up_in == 2027
        assert found.needed == D("0.75")
        assert "已达到2025年目标，与2030年目标22%以上比差1.5个百分点" in words

    def test_both_kept(self):
        found, words = carried(share((2025, "19.2"), (2026, "22")))
        assert (found.needed, found.lacking_aim) == (None, 0)
        assert words.endswith("已达到2030年目标22%以上，今后须保持。")

    def test_lower_is_better(self):
        goal = Goal(2025, comparison="below", value=D("1.3"))
        pue = Terms("below", (goal,), (actual(2025, "1.35"),), pace="step", decimals=2)
        found, words = carried(pue)
        assert (found.lacking, found.needed) == (D("0.05"), D("-0.01"))
        assert words.endswith("与2025年目标比高0.05，今后年均需下降0.01。")
        equal = replace(pue, actuals=(actual(2025, "1.30"),))
        found, words = carried(equal)
        assert (found.lacking, found.needed) == (0, 0)
        assert words.endswith("与2025年目标比未低于1.3，今后须低于1.3。")

    def test_below_a_band(self):
        """The lower limit of 15.38 ± 2 % is 15.07; from 14.8 in five years 0.054 a year."""
        terms = Terms("about", (BAND,), (actual(2025, "14.8"),), unit="%", decimals=2)
        found, words = carried(terms)
        assert found.needed == D("0.054")
        assert "与2025年目标比低于下限0.27个百分点，今后年均需提高0.05个百分点" in words

    def test_without_a_value_and_of_another_basis(self):
        found, words = carried(share())
        assert (found.latest, found.lacking, found.needed) == (None, None, None)
        assert words == "2025年目标20%以上未完成，结转到2030年：还没有可比的年度值。"
        other = replace(share(), actuals=(actual(2026, "30", basis="新口径"),))
        assert carried(other)[0].lacking is None

    def test_what_has_no_number_is_not_counted(self):
        terms = Terms("qualitative", (Goal(2025, nature="judgement"),))
        assert rules.carry_over(terms, 2025, until=2030, today=TODAY) is None
        assert rules.carry_over(share(), 2024, until=2030, today=TODAY) is None

    def test_after_the_last_year_no_pace_can_be_said(self):
        found, words = carried(share((2030, "21")))
        assert (found.needed, found.lacking_aim) == (None, 1)
        assert words.endswith("比差1.0个百分点，期限已到。")
