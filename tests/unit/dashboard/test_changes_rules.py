"""Two days compared: each kind of change in each direction, and the words for what stayed."""

from dataclasses import replace

import pytest

from dashboard.rules.changes.change import Direction, Kind
from targets.rules import Comparison, Goal, Grade, Verdict
from targets.rules import Kind as TargetKind
from targets.rules.levels import Level
from targets.rules.words.provenance import Stamp
from tests.unit.dashboard.changes_scene import (
    AT_LEAST,
    Q1,
    Q2,
    Q3,
    D,
    compared,
    held,
    only,
    project,
    target,
    task,
    value,
)

WORSE, BETTER, MOVED = Direction.WORSE, Direction.BETTER, Direction.MOVED
FILLED, CORRECTED, PROBLEM = Direction.FILLED, Direction.CORRECTED, Direction.PROBLEM
AT_MOST = Goal(2025, comparison=Comparison.AT_MOST, value=D(30))
ABOUT = Goal(2025, comparison=Comparison.ABOUT, value=D("15.4"))


class TestValues:
    @pytest.mark.parametrize(
        ("old", "new", "goal", "direction", "difference"),
        [
            ("45.0", "47.0", AT_LEAST, BETTER, "提高2.0个百分点"),
            ("47.0", "45.5", AT_LEAST, WORSE, "降低1.5个百分点"),
            ("28.0", "27.0", AT_MOST, BETTER, "降低1.0个百分点"),
            ("28.0", "29.0", AT_MOST, WORSE, "提高1.0个百分点"),
            ("15.4", "15.5", ABOUT, MOVED, "提高0.1个百分点"),
        ],
    )
    def test_a_newer_value_goes_the_way_of_its_goal(self, old, new, goal, direction, difference):
        then = target(value(old, quarter=2), goals=(goal,))
        now = target(value(new, quarter=3), goals=(goal,))
        found = only(then, now)
        assert (found.kind, found.direction) == (Kind.VALUE, direction)
        assert (found.before, found.after) == (f"{old}%", f"{new}%")
        assert found.difference == difference
        assert (found.basis, found.stamp, found.period) == ("三季度值", Stamp.REVIEWED, Q3)
        assert found.body == "区人居环境局"

    def test_emissions_that_rise_get_worse(self):
        goal = Goal(2030, comparison=Comparison.BEFORE_YEAR)
        facts = {"kind": TargetKind.PEAK_BY, "goals": (goal,), "unit": "万吨", "decimals": 2}
        found = only(target(value("420", 2024), **facts), target(value("423.8", 2025), **facts))
        assert (found.direction, found.difference) == (WORSE, "增加3.80万吨")
        assert found.basis == "2025年值"

    def test_digits_tell_two_values_apart(self):
        found = only(target(value("45.04", quarter=2)), target(value("45.01", quarter=3)))
        assert (found.before, found.after) == ("45.04%", "45.01%")
        assert found.difference == "降低0.03个百分点"

    def test_the_same_value_of_a_later_time_is_no_change(self):
        assert (
            compared([target(value(45, quarter=2))], [target(value(45, quarter=3))]).changes == ()
        )

    def test_a_first_value_was_lacking(self):
        found = only(target(), target(value("47.0", quarter=3)))
        assert (found.direction, found.change) == (FILLED, "没有数值→47.0%")

    def test_a_correction_is_neither_better_nor_worse(self):
        found = only(target(value("49.10", 2025)), target(value("49.30", 2025)))
        assert (found.direction, found.basis) == (CORRECTED, "2025年值更正")
        assert found.difference == "提高0.2个百分点"

    def test_a_year_is_corrected_behind_a_newer_quarter(self):
        quarter = value("50.0", quarter=3)
        found = only(target(value("49.1", 2025), quarter), target(value("49.3", 2025), quarter))
        assert (found.direction, found.basis) == (CORRECTED, "2025年值更正")
        assert found.change == "49.1%→49.3%"

    def test_a_value_taken_back(self):
        found = only(target(value(45, quarter=3)), target())
        assert (found.direction, found.change) == (CORRECTED, "45.0%→已撤销")
        back = only(target(value(44, 2025), value(45, quarter=3)), target(value(44, 2025)))
        assert (back.direction, back.basis) == (CORRECTED, "2025年值，后来的值已撤销")

    def test_a_preliminary_value_that_is_revised_was_no_error(self):
        found = only(
            target(value("45.0", 2025, grade=Grade.PRELIMINARY)),
            target(value("45.2", 2025, grade=Grade.FINAL)),
        )
        assert (found.direction, found.basis) == (MOVED, "2025年值，最终核实")

    def test_the_same_number_that_became_final(self):
        found = only(
            target(value("45.0", 2025, grade=Grade.PRELIMINARY)),
            target(value("45.0", 2025, grade=Grade.FINAL)),
        )
        assert (found.direction, found.difference) == (MOVED, "")
        assert found.change == "45.0%（初步核算）→45.0%（最终核实）"

    def test_values_of_two_bases_are_not_subtracted(self):
        found = only(target(value(86, 2024, basis="老口径")), target(value("93.5", 2025)))
        assert (found.direction, found.difference) == (MOVED, "")
        assert found.basis == "2025年值，口径不同"

    def test_what_is_new_in_a_year_begins_anew_with_it(self):
        then, now = (
            target(value(90, 2025), is_flow=True),
            target(value(80, quarter=2), is_flow=True),
        )
        found = only(then, now)
        assert (found.direction, found.basis) == (MOVED, "二季度值，与原值时段不同")
        same_year = only(
            target(value(80, quarter=1), is_flow=True), target(value(70, quarter=2), is_flow=True)
        )
        assert same_year.direction == WORSE


class TestLights:
    @pytest.mark.parametrize(
        ("old", "new", "direction"),
        [
            (Level.GREEN, Level.ORANGE, WORSE),
            (Level.RED, Level.ORANGE, BETTER),
            (Level.GREY, Level.RED, WORSE),
            (Level.GREY, Level.GREEN, BETTER),
            (Level.RED, Level.GREY, MOVED),
        ],
    )
    def test_a_level_goes_up_or_down(self, old, new, direction):
        found = only(target(level=old), target(level=new))
        assert (found.kind, found.direction) == (Kind.LIGHT, direction)
        assert found.change == f"预警{old.label}→预警{new.label}"

    def test_its_basis_is_the_value_or_the_hand(self):
        old = target(value(40, 2024), level=Level.GREEN)
        new = target(value(40, 2025), level=Level.RED)
        assert only(old, new).basis == "按2025年值"
        assert only(old, replace(old, level=Level.RED)).basis == "目标或判定规则变化"
        assert only(old, replace(old, level=Level.RED, is_by_hand=True)).basis == "人工判定"

    def test_that_of_a_corrected_value_is_corrected(self):
        old = target(value(40, 2025), level=Level.GREEN)
        found = compared([old], [target(value(30, 2025), level=Level.RED)])
        assert {change.direction for change in found.changes} == {CORRECTED}


class TestVerdicts:
    @pytest.mark.parametrize(
        ("old", "new", "direction"),
        [
            (Verdict.ACHIEVED, Verdict.MISSED, WORSE),
            (Verdict.MISSED, Verdict.ACHIEVED, BETTER),
            (Verdict.MISSING, Verdict.ACHIEVED, BETTER),
            (Verdict.TO_RECOGNISE, Verdict.FELL_SHORT, WORSE),
            (Verdict.PENDING, Verdict.MISSING, MOVED),
        ],
    )
    def test_a_first_verdict_counts_by_itself(self, old, new, direction):
        found = only(target(verdicts=held(old)), target(verdicts=held(new, settled=True)))
        assert (found.kind, found.direction, found.basis) == (Kind.VERDICT, direction, "2025年结论")
        assert found.stamp == Stamp.SETTLED

    def test_settling_what_was_plain_moves_it(self):
        then, now = held(Verdict.ACHIEVED), held(Verdict.ACHIEVED, settled=True)
        found = only(target(verdicts=then), target(verdicts=now))
        assert (found.direction, found.change) == (MOVED, "已达标，待判定→已达标")

    def test_a_year_that_ends_without_a_verdict_says_nothing(self):
        ahead, missing = held(Verdict.AHEAD), held(Verdict.MISSING)
        assert compared([target(verdicts=ahead)], [target(verdicts=missing)]).changes == ()
        met = only(target(verdicts=ahead), target(verdicts=held(Verdict.ACHIEVED)))
        assert met.change == "未到期→已达标，待判定"


class TestTasks:
    @pytest.mark.parametrize(
        ("old", "new", "direction"),
        [
            ("on_track", "lagging", WORSE),
            ("lagging", "stalled", WORSE),
            ("stalled", "on_track", BETTER),
            ("on_track", "done", BETTER),
            ("not_started", "lagging", MOVED),
        ],
    )
    def test_a_status_goes_up_or_down(self, old, new, direction):
        found = only(task(old, Q2), task(new, Q3))
        assert (found.kind, found.direction, found.basis) == (Kind.TASK, direction, "10月20日审核")

    def test_the_words_of_a_row(self):
        found = only(task("on_track", Q2), task("lagging", Q3))
        assert found.words == (
            "8-1 推动产业园区循环发展：正常推进→进展滞后（区发改局，10月20日审核）"
        )

    def test_what_was_not_approved_before_is_filled_in(self):
        first = only(task(), task("on_track"))
        assert (first.direction, first.change) == (FILLED, "没有核定→正常推进")
        gap = only(task("on_track", Q1), task("on_track", Q3))
        assert (gap.direction, gap.change) == (FILLED, "二季度没有核定→正常推进")
        assert only(task("stalled", Q1), task("on_track", Q3)).direction == BETTER

    def test_the_same_status_a_quarter_later_is_no_change(self):
        assert compared([task("on_track", Q2)], [task("on_track", Q3)]).changes == ()

    def test_a_correction_says_why(self):
        old, new = task("on_track"), task("lagging", version=2, reason="漏报停工")
        found = only(old, new)
        assert (found.direction, found.basis) == (CORRECTED, "10月20日更正：漏报停工")

    def test_a_report_taken_back(self):
        assert only(task("on_track"), task()).change == "正常推进→已撤销"
        back = only(task("lagging", Q3), task("on_track", Q2))
        assert (back.direction, back.basis) == (CORRECTED, "报告已撤销")


class TestProblems:
    def test_a_problem_that_was_not_named_before(self):
        told = "管线迁改未完成。"
        found = only(task("on_track", Q2, problems="无"), task("on_track", Q3, problems=told))
        assert (found.kind, found.direction) == (Kind.CONCERN, PROBLEM)
        assert (found.before, found.change) == ("", "管线迁改未完成")
        assert found.basis == "三季度填报"

    def test_one_that_is_named_no_more(self):
        found = only(task("on_track", Q2, problems="资金紧张"), task("on_track", Q3))
        assert (found.direction, found.after) == (BETTER, "不再列为问题")

    def test_blanks_make_no_new_one(self):
        old, new = (
            task("on_track", Q2, problems="资金，紧张"),
            task("on_track", problems="资金 紧张。"),
        )
        assert compared([old], [new]).changes == ()

    def test_a_correction_may_take_it_away(self):
        old, new = task("on_track", problems="资金紧张"), task("on_track", version=2)
        assert only(old, new).after == "不再列为问题"

    def test_what_is_given_up_has_none(self):
        found = only(project("under_way", Q2), project("cancelled", Q3, problems="选址不符"))
        assert (found.kind, found.change) == (Kind.PROJECT, "在建→取消或调整")


class TestProjects:
    @pytest.mark.parametrize(
        ("old", "new", "direction"),
        [
            ("not_started", "under_way", BETTER),
            ("under_way", "completed", BETTER),
            ("under_way", "suspended", WORSE),
            ("suspended", "under_way", BETTER),
            ("not_started", "cancelled", MOVED),
        ],
    )
    def test_a_state_goes_up_or_down(self, old, new, direction):
        found = only(project(old, Q2), project(new, Q3))
        assert (found.kind, found.direction) == (Kind.PROJECT, direction)
        assert (found.body, found.is_unassigned) == ("待指定", True)

    @pytest.mark.parametrize(
        ("month", "direction", "words"),
        [("2027-02", WORSE, "推迟2个月"), ("2026-11", BETTER, "提前1个月")],
    )
    def test_the_expected_completion_moves(self, month, direction, words):
        found = only(
            project("under_way", Q2, expected_on="2026-12"),
            project("under_way", Q3, expected_on=month),
        )
        assert (found.direction, found.difference) == (direction, words)
        assert found.before == "预计2026年12月竣工"

    def test_it_becomes_overdue_by_time_alone(self):
        report = project("under_way")
        found = only(report, replace(report, overdue=1))
        assert (found.direction, found.after) == (WORSE, "超期1个月")

    def test_growth_is_one_line(self):
        found = compared(
            [project("under_way", Q2, invested_wan=D(1000))],
            [project("under_way", Q3, invested_wan=D(26509))],
        )
        assert found.changes == ()
        assert found.invested_words == "1个项目累计投资合计增加25,509万元，不逐条列出"

    def test_what_shrinks_or_is_corrected_is_a_row(self):
        less = only(
            project("under_way", Q2, invested_wan=D(1000)),
            project("under_way", Q3, invested_wan=D(900)),
        )
        assert (less.direction, less.difference) == (MOVED, "减少100万元")
        mended = compared(
            [project("under_way", Q3, invested_wan=D(1000))],
            [project("under_way", Q3, version=2, invested_wan=D(1200))],
        )
        assert [change.direction for change in mended.changes] == [CORRECTED]
        assert mended.invested_words == ""
