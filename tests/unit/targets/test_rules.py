"""The rules of judgement at every boundary, against numbers computed by hand."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets import rules
from targets.rules import Goal, Level, Terms, Tolerance, Verdict
from tests.unit.targets.terms import TODAY, D, actual, reduction, share


class TestRequired:
    @pytest.mark.parametrize(
        ("year", "percent"),
        [
            (2020, "0"),
            (2021, "3.20"),
            (2022, "6.29"),
            (2023, "9.29"),
            (2024, "12.19"),
            (2025, "15"),
        ],
    )
    def test_reductions_compound(self, year, percent):
        """15 % in five years asks for 3.198 % a year; the straight line 3/6/9/12 is wrong."""
        assert rules.required(reduction(15, decimals=2), year) == D(percent)

    def test_the_first_year_of_fifteen_in_five(self):
        assert rules.required(reduction(15, decimals=3), 2021) == D("3.198")

    def test_three_percent_a_year_is_not_fifteen(self):
        five_years = (1 - (1 - D("0.03")) ** 5) * 100
        assert five_years.quantize(D("0.01")) == D("14.13")
        terms = reduction(15, (2025, five_years))
        assert rules.judge(terms, 2025, today_year=2026).verdict == Verdict.MISSED

    @pytest.mark.parametrize(
        ("year", "value"),
        [
            (2020, "16.8"),
            (2021, "17.4"),
            (2022, "18.1"),
            (2024, "19.4"),
            (2025, "20"),
            (2026, "20.4"),
            (2030, "22"),
        ],
    )
    def test_straight_through_both_milestones(self, year, value):
        """Rounded half up as it is printed: 17.44, 18.08, 19.36."""
        assert rules.required(share(), year) == D(value)

    def test_after_the_last_milestone_its_value_stays(self):
        assert rules.required(share(goals=((2025, 35),)), 2027) == 35

    def test_without_a_baseline_the_first_stretch_is_open(self):
        terms = share(baseline_value=None)
        assert rules.needs_baseline(terms)
        assert rules.required(terms, 2024) is None
        assert rules.required(terms, 2025) == 20
        assert rules.required(terms, 2026) == D("20.4")

    def test_a_step_asks_for_nothing_before_its_year(self):
        terms = share(pace="step")
        assert rules.required(terms, 2024) is None
        assert rules.required(terms, 2025) == 20

    def test_hold_asks_for_the_next_milestone(self):
        terms = share(pace="hold")
        assert [rules.required(terms, year) for year in (2021, 2025, 2026)] == [20, 20, 22]

    def test_a_pending_milestone_gives_no_point(self):
        terms = share(goals=())
        terms = replace(terms, goals=(Goal(2025, state="pending"),))
        assert rules.required(terms, 2025) is None

    def test_a_standing_rule_holds_every_year(self):
        terms = Terms("at_least", (Goal(None, nature="standing", value=D(50)),), pace="hold")
        assert rules.required(terms, 2023) == 50

    @given(
        goal=st.decimals("0.1", "60", places=2),
        years=st.integers(1, 10),
        pace=st.sampled_from(["linear", "geometric"]),
    )
    def test_the_line_never_falls(self, goal, years, pace):
        terms = reduction(goal, decimals=2)
        terms = replace(terms, pace=pace, goals=(Goal(2020 + years, value=goal),))
        line = [rules.required(terms, year) for year in range(2020, 2021 + years)]
        assert all(after >= before for before, after in itertools.pairwise(line))
        assert line[-1] == goal


class TestMeets:
    @pytest.mark.parametrize(
        ("comparison", "value", "met"),
        [
            ("at_least", "20", True),
            ("at_least", "19.99", False),
            ("equal", "100", True),
            ("equal", "99.99", False),
            ("at_most", "1.3", True),
            ("at_most", "1.31", False),
            ("below", "1.3", False),
            ("below", "1.30", False),
            ("below", "1.29", True),
            ("about", "15.07", True),
            ("about", "15.0699", False),
            ("about", "15.70", True),
        ],
    )
    def test_boundary_words_as_in_law(self, comparison, value, met):
        goals = {
            "at_least": "20",
            "equal": "100",
            "at_most": "1.3",
            "below": "1.3",
            "about": "15.38",
        }
        goal = Goal(2025, comparison=comparison, value=D(goals[comparison]))
        assert rules.meets(goal, D(value)) is met

    def test_the_band_is_a_setting(self):
        goal = Goal(2025, comparison="about", value=D("15.38"))
        assert rules.limits(goal, Tolerance(D(1))) == (D("15.23"), D("15.53"))
        assert not rules.meets(goal, D("15.1"), Tolerance(D(1)))

    def test_its_ends_are_rounded_as_they_are_printed(self):
        """15.38 ± 2 % is 15.0724 to 15.6876, printed 15.07—15.69: so 15.07 is inside."""
        goal = Goal(2025, comparison="about", value=D("15.38"))
        assert rules.limits(goal) == (D("15.07"), D("15.69"))
        assert rules.limits(goal, Tolerance(decimals=1)) == (D("15.1"), D("15.7"))


class TestJudge:
    def test_only_the_value_of_the_year_settles(self):
        terms = share((2024, "25"), (2026, "30"))
        assert rules.judge(terms, 2025, today_year=2026).verdict == Verdict.MISSING

    @pytest.mark.parametrize(
        ("value", "grade", "label"),
        [
            ("20", "final", "已达标"),
            ("19.9", "department", "未达标"),
            ("20", "preliminary", "数据待核定（初步达标）"),
            ("19.2", "preliminary", "数据待核定（初步未达标）"),
            ("19.2", "estimate", "数据待核定（初步未达标）"),
        ],
    )
    def test_grades(self, value, grade, label):
        assert rules.judge(share((2025, value, grade)), 2025, today_year=2026).label == label

    @pytest.mark.parametrize(
        ("value", "label", "level"),
        [("20", "已达标", Level.GREEN), ("19.9999", "未达到力争值", Level.ORANGE)],
    )
    def test_what_is_only_striven_for_is_never_missed(self, value, label, level):
        """Its own word and shape, whether or not its light is capped."""
        terms = replace(share((2025, value)), is_striven=True)
        for caps in (True, False):
            found = rules.judge(
                terms.under(rules.JudgingRules(caps_striven=caps)), 2025, today_year=2026
            )
            assert (found.label, found.level) == (label, level)

    @pytest.mark.parametrize(
        ("value", "label"),
        [("20", "数据待核定（初步达标）"), ("19.9", "数据待核定（初步未达到力争值）")],
    )
    def test_nor_is_it_missed_while_its_value_is_preliminary(self, value, label):
        terms = replace(share((2025, value, "preliminary")), is_striven=True)
        assert rules.judge(terms, 2025, today_year=2026).label == label

    def test_waiting_for_the_city_is_never_judged(self):
        terms = replace(share((2025, "16")), goals=(Goal(2025, state="pending"),))
        assert rules.judge(terms, 2025, today_year=2026).verdict == Verdict.PENDING
        assert rules.light(terms).level == Level.GREY
        assert rules.light(terms).reason == "目标待市下达"

    def test_another_basis_is_not_compared(self):
        terms = replace(share(), basis="旧口径", actuals=(actual(2025, "54", basis="新口径"),))
        assert rules.judge(terms, 2025, today_year=2026).verdict == Verdict.BASIS_CHANGED
        assert rules.light(terms).reason == "口径变更待确认"

    def test_nor_is_a_goal_of_another_basis_until_a_value_is_of_it(self):
        goal = Goal(2025, value=D(20), basis="新口径")
        terms = replace(share((2025, "54")), basis="旧口径", goals=(goal,))
        assert rules.judge(terms, 2025, today_year=2026).verdict == Verdict.BASIS_CHANGED
        assert rules.light(terms).reason == "口径变更待确认"
        both = replace(terms, actuals=(*terms.actuals, actual(2025, "19", basis="新口径")))
        assert rules.judge(both, 2025, today_year=2026).verdict == Verdict.MISSED
        own = replace(terms, goals=(replace(goal, basis="旧口径"),))
        assert rules.judge(own, 2025, today_year=2026).verdict == Verdict.ACHIEVED
        assert rules.light(own).level == Level.GREEN

    @pytest.mark.parametrize(
        ("year", "reason"),
        [(2025, "达到进度要求"), (2026, "口径变更待确认"), (2031, "口径变更待确认")],
    )
    def test_nothing_is_required_on_the_way_to_a_goal_of_another_basis(self, year, reason):
        ahead = Goal(2030, value=D(60), basis="新口径")
        terms = share((year, "54"), goals=((2025, 20),))
        terms = replace(terms, basis="旧口径", goals=(*terms.goals, ahead))
        assert rules.light(terms).reason == reason
        assert rules.required(terms, 2030) == D(20), "the line stays that of the own basis"
        assert rules.pace(terms, 2030, today=TODAY) is None
        found = rules.outlook(terms, 2030, today_year=2026)
        assert found.prospect == rules.Prospect.NOT_PROJECTED

    def test_a_standing_goal_of_another_basis_gives_no_light(self):
        goal = Goal(None, nature="standing", value=D(90), basis="新口径")
        terms = replace(share((2025, "80")), basis="旧口径", goals=(goal,))
        assert rules.light(terms).reason == "口径变更待确认"
        assert rules.light(replace(terms, actuals=())).reason == "缺数据"

    def test_nothing_new_built_is_not_applicable(self):
        terms = replace(share(), actuals=(actual(2025, None, not_applicable=True),))
        assert rules.judge(terms, 2025, today_year=2026).verdict == Verdict.NOT_APPLICABLE

    def test_no_goal_of_the_year_and_one_ahead(self):
        terms = share(goals=((2030, 75),))
        assert rules.judge(terms, 2025, today_year=2026).verdict == Verdict.NOT_APPLICABLE
        assert rules.judge(terms, 2030, today_year=2026).verdict == Verdict.AHEAD

    def test_a_judgement_is_recognised_by_people(self):
        terms = Terms("qualitative", (Goal(2025, nature="judgement", comparison=""),))
        assert rules.judge(terms, 2025, today_year=2026).verdict == Verdict.TO_RECOGNISE

    def test_above_the_band_is_met_and_asks_for_the_basis(self):
        terms = Terms(
            "about", (Goal(2025, comparison="about", value=D("15.38")),), (actual(2025, "54.1"),)
        )
        judged = rules.judge(terms, 2025, today_year=2026)
        assert judged.verdict == Verdict.ACHIEVED
        assert judged.is_above_band
        assert rules.gap_words(terms, judged) == "高于范围，请核实口径"

    @pytest.mark.parametrize(
        ("comparison", "goal", "value", "index"),
        [
            ("at_least", "35", "29.8", "85.14"),
            ("below", "1.3", "1.25", "104"),
            ("about", "15.38", "15.40", "100"),
        ],
    )
    def test_degree_of_completion(self, comparison, goal, value, index):
        goal = Goal(2025, comparison=comparison, value=D(goal))
        found = rules.completion(Terms("at_least", (goal,)), goal, D(value))
        assert found.quantize(D("0.01")) == D(index)


class TestLight:
    @pytest.mark.parametrize(
        ("value", "level"),
        [("20", Level.GREEN), ("19.99", Level.ORANGE), ("18", Level.ORANGE), ("17.99", Level.RED)],
    )
    def test_up_to_a_tenth_short_is_level_two(self, value, level):
        assert rules.light(share((2025, value))).level == level

    def test_a_miss_that_moves_the_wrong_way_is_red(self):
        terms = share((2024, "19.5"), (2025, "19.2"))
        assert rules.light(terms).level == Level.RED
        assert rules.light(share((2023, "19.5"), (2025, "19.2"))).level == Level.ORANGE

    def test_a_reduction_that_turns_into_a_rise_is_red_even_above_the_line(self):
        terms = reduction(15, (2024, "17"), (2025, "16"))
        assert rules.light(terms).level == Level.RED
        assert rules.light(terms).reason == "不降反升"

    def test_a_rise_against_the_base_is_red(self):
        assert rules.light(reduction(15, (2021, "-0.1"))).level == Level.RED

    def test_lower_is_better(self):
        goal = (Goal(2025, comparison="below", value=D("1.3")),)
        pue = Terms("below", goal, (actual(2024, "1.28"), actual(2025, "1.25")), pace="step")
        assert rules.light(pue).level == Level.GREEN
        worse = replace(pue, actuals=(actual(2024, "1.31"), actual(2025, "1.35")))
        assert rules.light(worse).level == Level.RED
        equal = replace(pue, actuals=(actual(2025, "1.30"),))
        assert rules.light(equal).level == Level.ORANGE

    @pytest.mark.parametrize(
        ("value", "level"),
        [
            ("15.07", Level.GREEN),
            ("15.06", Level.ORANGE),
            ("14.76", Level.ORANGE),
            ("14.75", Level.RED),
            ("54.1", Level.GREEN),
        ],
    )
    def test_below_a_band_counts_in_tolerances(self, value, level):
        goal = (Goal(2025, comparison="about", value=D("15.38")),)
        terms = Terms("about", goal, (actual(2025, value),), pace="hold", decimals=2)
        assert rules.light(terms).level == level

    def test_a_cap_may_rise_below_its_limit(self):
        goal = (Goal(2025, comparison="at_most", value=D(40)),)
        oil = Terms("assigned", goal, (actual(2024, 35), actual(2025, 36)), pace="assigned")
        assert rules.light(oil).level == Level.GREEN

    def test_an_assigned_reduction_that_falls_is_a_rise(self):
        goal = (Goal(2025, value=D(15)),)
        co2 = Terms("assigned", goal, (actual(2024, 17), actual(2025, 16)), pace="assigned")
        assert rules.light(co2).level == Level.RED

    def test_a_year_without_new_building_is_not_judged(self):
        terms = share((2024, "50"), (2025, None), kind="at_least")
        terms = replace(
            terms, actuals=(*terms.actuals[:1], actual(2025, None, not_applicable=True))
        )
        assert rules.light(terms).reason == "2025年不适用（没有新建）"

    def test_striven_for_is_at_worst_orange(self):
        terms = share((2025, "10"), is_striven=True)
        assert rules.light(terms).level == Level.ORANGE
        assert rules.light(terms).reason.endswith("力争目标最高到二级")

    @pytest.mark.parametrize(
        ("terms", "reason"),
        [
            (share(), "缺数据"),
            (share((2023, "18"), baseline_value=None), "基期值待补录"),
            (share((2023, "18"), pace="step"), "未到期"),
            (Terms("qualitative", (Goal(2025, nature="judgement"),)), "定性目标，由区发改局认定"),
        ],
    )
    def test_grey_always_has_its_reason(self, terms, reason):
        assert rules.light(terms) == rules.Light(
            Level.GREY, reason, terms.latest.year if terms.latest else None
        )

    @given(st.lists(st.decimals("-50", "150", places=2), min_size=1, max_size=6))
    def test_no_light_depends_on_the_unit(self, values):
        actuals = [actual(2020 + n, value) for n, value in enumerate(values)]
        terms = replace(share(), actuals=tuple(actuals))
        scaled = replace(
            terms,
            baseline_value=terms.baseline_value * 1000,
            goals=tuple(replace(goal, value=goal.value * 1000) for goal in terms.goals),
            actuals=tuple(replace(a, value=a.value * 1000) for a in actuals),
        )
        assert rules.light(terms).level == rules.light(scaled).level
