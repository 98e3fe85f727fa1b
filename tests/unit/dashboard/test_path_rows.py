"""Where each kind of target is drawn on the axis of years, and what it says."""

import datetime
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from common.charts import Palette
from targets.rules import Actual, Comparison, Goal, GoalState, Grade, Nature
from tests.unit.dashboard.drawn import RISE, SHARE, Drawn
from tests.unit.targets.judged import YEARS, judged

D = Decimal


def quarterly(value, quarter=3, year=2026):
    return Actual(year, D(value), Grade.DEPARTMENT, quarter=quarter)


def goals(*numbers, **more):
    return {"goals": tuple(Goal(year, value=D(value), **more) for year, value in numbers)}


class TestAtLeast:
    def test_behind_is_hatched_up_to_the_milestone(self):
        drawn = Drawn(judged(values=RISE, terms=SHARE))
        assert drawn.done == [(2020, 2023.75)]
        assert drawn.bars(Palette.R) == [(2023.75, 2025)]
        assert drawn.ticks == [2025, 2030]
        assert {"[慢15个月]", "≥20", "≥22"} <= set(drawn.says())

    def test_provisional_is_hollow_and_orange(self):
        value = Actual(2025, D("19.2"), Grade.PRELIMINARY)
        drawn = Drawn(judged(terms=SHARE | {"actuals": (value,)}))
        assert drawn.bars(Palette.O) == [(2023.75, 2025)]
        assert drawn.marks("circle") == [(2023.75, 21.5, Palette.PAPER)]

    def test_ahead_runs_past_the_milestone(self):
        known = goals((2025, 51), (2030, 60)) | {"baseline_value": D("45.1")}
        drawn = Drawn(judged(values=((2025, "52.3"),), terms=known))
        assert drawn.done == [(2020, 2025.72)]
        assert drawn.bars(Palette.R) == []
        assert "快8个月" in drawn.says()

    def test_all_reached(self):
        drawn = Drawn(judged(values=((2025, "22.6"),), terms=SHARE))
        assert drawn.done == [(2020, 2030)]
        assert "已达到2030年目标" in drawn.says()

    def test_below_the_base_nothing_but_hatching(self):
        drawn = Drawn(judged(values=((2025, "16.1"),), terms=SHARE))
        assert (drawn.done, drawn.bars(Palette.R)) == ([], [(2020, 2025)])
        assert "[低于2020年0.7]" in drawn.says()

    def test_a_base_without_a_value(self):
        drawn = Drawn(judged(terms=SHARE))
        assert drawn.line(Palette.LINE_2) == [(2020, 21.5), (2030, 21.5)]
        assert "还没有实际值" in drawn.says()

    def test_the_outlook_lies_on_the_way_to_its_goal(self):
        drawn = Drawn(judged(values=RISE, terms=SHARE))
        ((low, high),) = drawn.outlook
        assert 2025 < low < high <= 2030
        assert "外推21.6" in drawn.says()

    def test_lower_is_better(self):
        known = goals((2025, 90), (2030, 80), comparison=Comparison.AT_MOST)
        drawn = Drawn(judged(values=((2025, "92.5"),), terms=known | {"baseline_value": D(100)}))
        assert drawn.done == [(2020, 2023.75)]
        assert {"[慢15个月]", "≤90", "≤80"} <= set(drawn.says())

    @pytest.mark.parametrize("code", ["单位GDP能耗", "公共机构能耗"])
    def test_a_reduction_by_equal_rates(self, code):
        known = goals((2025, 15)) | {"baseline_value": D(0), "kind": "reduction"}
        one = judged(code, values=((2024, "9.29"),), terms=known | {"pace": "geometric"})
        assert Drawn(one).done == [(2020, 2023)]


class TestWithoutBase:
    def test_from_the_first_known_value(self):
        values = ((2023, "24.1"), (2025, "29.8"))
        drawn = Drawn(
            judged(values=values, goals=((2025, 35),), terms={"quarterly": quarterly("31.2")})
        )
        assert drawn.line(Palette.EDGE)[:2] == [(2020, 21.5), (2023, 21.5)]
        assert drawn.done == [(2023, 2024.05)]
        assert drawn.quarter == [(2024.05, 2024.3)]
        assert drawn.bars(Palette.R) == [(2024.3, 2025)]
        assert {"[三季度还差3.8]", "≥35", "保持"} <= set(drawn.says())

    def test_only_a_quarter_lies_by_its_level(self):
        drawn = Drawn(judged(goals=((2025, 50),), terms={"quarterly": quarterly(47)}))
        assert drawn.done == []
        assert drawn.marks("diamond") == [(2024.7, 21.5, Palette.S_ACTUAL)]
        assert drawn.bars(Palette.EDGE) == [(2024.7, 2025)]
        assert {"三季度还差3.0", "≥50"} <= set(drawn.says())

    def test_towards_a_goal_that_lies_ahead_nothing_is_lacking_yet(self):
        values = ((2021, 82), (2025, "98.2"))
        drawn = Drawn(judged(values=values, goals=((2030, 100),)))
        assert drawn.done == [(2021, 2029.1)]
        assert drawn.bars(Palette.EDGE) == []
        assert "还差1.8" in drawn.says()

    def test_no_value_is_hatched_grey(self):
        drawn = Drawn(judged(goals=((2025, 50),)))
        assert drawn.bars(Palette.EDGE) == [(2020, 2030)]
        assert {"还没有年度值", "≥50", "保持"} <= set(drawn.says())


class TestKept:
    def test_a_bar_to_the_date_of_the_value(self):
        known = {"baseline_value": D(48), "quarterly": quarterly("77.9", 2)}
        drawn = Drawn(judged(values=((2025, "77.1"),), goals=((2025, 75),), terms=known))
        assert (drawn.done, drawn.quarter) == ([(2020, 2025)], [(2025, 2025.5)])
        assert drawn.corridor == [(2025, 2030)]

    def test_below_again_the_bar_falls_back(self):
        known = {"baseline_value": D(48), "quarterly": quarterly("73.1", 2)}
        drawn = Drawn(judged(values=((2025, "77.1"),), goals=((2025, 75),), terms=known))
        assert drawn.done == [(2020, 2024.65)]
        assert drawn.quarter == []
        assert drawn.bars(Palette.O) == [(2024.65, 2025)]
        assert len(drawn.marks("circle", "diamond")) == 1, "the year above it is left out"
        assert "[二季度还差1.9]" not in drawn.says()
        assert "二季度还差1.9" in drawn.says()

    def test_all_of_what_was_new(self):
        none = Actual(2024, None, Grade.DEPARTMENT, not_applicable=True)
        years = tuple(Actual(year, D(100), Grade.DEPARTMENT) for year in (2023, 2025))
        one = judged(goals=((2025, 100),), terms={"actuals": (*years, none), "pace": "hold"})
        drawn = Drawn(one)
        assert drawn.done == [(2023, 2025)]
        assert "当年没有新增" in drawn.says()

    def test_after_the_base_year_of_a_goal_of_its_own(self):
        """2030年较2025年再降13.5%: 15.6 in 2025 stands at its start."""
        own = Goal(2030, base_year=2025, entered=D("13.5"))
        known = {"goals": (Goal(2025, value=D(15)), own), "kind": "reduction", "pace": "geometric"}
        drawn = Drawn(judged(values=((2025, "15.6"),), terms=known | {"baseline_value": D(0)}))
        assert drawn.done == [(2020, 2025)]
        assert "≥27" in drawn.says()


def test_past_the_last_goal_it_is_to_be_kept():
    years = replace(YEARS, today=datetime.date(2031, 2, 1))
    drawn = Drawn(judged(values=((2030, "22.4"),), terms=SHARE, years=years))
    assert drawn.done == [(2020, 2030)]
    assert drawn.corridor == [(2030, 2031)]
    assert set(drawn.says()) == {"≥20", "≥22", "保持"}


class TestAsValues:
    def test_at_a_limit_that_is_not_included(self):
        known = goals((2025, "1.3"), comparison=Comparison.BELOW)
        values = ((2024, "1.28"), (2025, "1.3"))
        drawn = Drawn(judged(values=values, terms=known | {"unit": "", "decimals": 2}))
        assert drawn.line(Palette.INK) == [(2020, 15), (2030, 15)]
        assert drawn.marks("square") == [(2025, 15, Palette.R)]
        assert {"[1.30，未低于1.3]", "1.28"} <= set(drawn.says())

    def test_below_it_is_allowed(self):
        known = goals((2025, "1.3"), comparison=Comparison.BELOW)
        values = ((2024, "1.28"), (2025, "1.26"))
        drawn = Drawn(judged(values=values, terms=known | {"unit": "", "decimals": 2}))
        assert drawn.marks("square") == []
        (_, first), (_, last) = drawn.line(Palette.S_ACTUAL)
        assert 15 < first < last, "further below the line"
        assert "1.26" in drawn.says()

    def test_a_standing_goal_is_a_limit(self):
        drawn = Drawn(judged(values=((2025, 47),), goals=((None, 50),)))
        assert len(drawn.marks("square")) == 1
        assert {"[47.0，差3.0]", "≥50"} <= set(drawn.says())

    @pytest.mark.parametrize(
        ("value", "words", "square"),
        [
            ("15.38", [], 0),
            ("14.9", ["[低于下限0.17]"], 1),
            ("15.9", ["高于上限0.21，核对口径"], 0),
        ],
    )
    def test_a_band(self, value, words, square):
        known = goals((2025, "15.38"), (2030, "15.38"), comparison=Comparison.ABOUT)
        one = judged(values=((2024, "15.38"), (2025, value)), terms=known | {"decimals": 2})
        drawn = Drawn(one)
        assert drawn.corridor == [(2020, 2030)]
        assert len(drawn.marks("square")) == square
        assert set(drawn.says()) == {"15.38左右", *words}

    @pytest.mark.parametrize(
        ("numbers", "words"),
        [
            ((409, 415, 420, "423.8"), "[仍在上升，+0.9%]"),
            ((430, 425, 420, 415), "[2022年最高，已连降3年]"),
            ((409, 415, 420), "[只有3个年度值]"),
        ],
    )
    def test_a_peak(self, numbers, words):
        goal = Goal(2030, Nature.EVENT, Comparison.BEFORE_YEAR)
        values = tuple(zip(range(2026 - len(numbers), 2026), numbers, strict=True))
        drawn = Drawn(judged(values=values, terms={"goals": (goal,), "kind": "peak_by"}))
        assert drawn.window == [(2025, 2029)], "2030年前 ends with 2029"
        assert drawn.ticks == [2029]
        assert {words, "2030年前"} == set(drawn.says())

    def test_what_the_city_has_not_sent_down(self):
        pending = tuple(Goal(year, state=GoalState.PENDING) for year in (2025, 2030))
        values = ((2023, 10), (2024, 13), (2025, 16))
        drawn = Drawn(judged(values=values, terms={"goals": pending, "kind": "assigned"}))
        assert drawn.done == []
        assert [round(x, 1) for x, *_ in drawn.marks("square")] == [2025.3, 2030]
        assert drawn.says() == ["待市下达", "待市下达"]

    def test_it_becomes_a_bar_with_the_number(self):
        known = {"goals": (Goal(2025, value=D(18)), Goal(2030, state=GoalState.PENDING))}
        known |= {"kind": "assigned", "pace": "geometric", "baseline_value": D(0)}
        drawn = Drawn(judged(values=((2025, "16.1"),), terms=known))
        assert drawn.done[0][0] == 2020
        assert 2024 < drawn.done[0][1] < 2025
        assert {"≥18", "待市下达"} <= set(drawn.says())

    def test_another_basis_is_not_joined(self):
        values = tuple(Actual(year, D(90), Grade.FINAL) for year in (2023, 2024))
        other = Actual(2025, D("93.5"), Grade.FINAL, basis="新")
        drawn = Drawn(judged(goals=((2025, 100),), terms={"actuals": (*values, other)}))
        assert [x for x, _ in drawn.line(Palette.S_ACTUAL)] == [2023, 2024]
        assert drawn.marks("x-thin") == [(2025, 15, Palette.INK_2)]
        assert "2025年换了口径，不可比" in drawn.says()

    def test_what_has_no_number(self):
        goal = Goal(2025, nature=Nature.JUDGEMENT, comparison=None)
        drawn = Drawn(judged(terms={"goals": (goal,), "kind": "qualitative"}))
        assert drawn.says() == ["定性，等区发改局凭材料认定"]
        assert len(drawn.traces) == 1

    def test_a_series_is_cut_where_the_drawing_begins(self):
        goal = Goal(2030, Nature.EVENT, Comparison.BY_YEAR)
        values = tuple(zip(range(2018, 2026), range(10, 18), strict=True))
        drawn = Drawn(judged(values=values, terms={"goals": (goal,), "kind": "peak_by"}))
        points = drawn.line(Palette.S_ACTUAL)
        assert 2019.5 < points[0][0] < 2020
        steps = [b[1] - a[1] for a, b in pairwise(points[1:])]
        slope = (points[1][1] - points[0][1]) / (points[1][0] - points[0][0])
        assert slope == pytest.approx(steps[0], abs=0.5)
