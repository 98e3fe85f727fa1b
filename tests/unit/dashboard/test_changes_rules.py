"""Two days compared: each kind of change in each direction, and the words for what stayed."""

import datetime
from dataclasses import replace

import pytest

from common.lights import Level
from common.quarters import Period
from dashboard.rules.changes import Direction, Kind
from dashboard.rules.comparison import text_of
from dashboard.rules.snapshots import Stage
from targets.rules import Comparison, Goal, Grade, Verdict
from targets.rules import Kind as TargetKind
from targets.rules.provenance import Stamp
from tests.unit.dashboard.changes_scene import (
    AFTER,
    AT_LEAST,
    PROJECT,
    Q1,
    Q2,
    Q3,
    TARGET,
    TASK,
    D,
    compared,
    held,
    matter,
    only,
    project,
    risk,
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


class TestConcerns:
    def test_a_new_risk_and_a_new_matter(self):
        found = compared([], [risk(severity=3), matter()])
        assert [(c.direction, c.after) for c in found.changes] == [
            (PROBLEM, "新增高风险，未化解"), (PROBLEM, "新报，待处理"),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("old", "new", "direction", "change"),
        [
            (risk(), risk(Stage.HELD), BETTER, "未化解→已控制"),
            (risk(), risk(Stage.CLOSED), BETTER, "未化解→已销号"),
            (risk(Stage.HELD), risk(), WORSE, "已控制→未化解"),
            (risk(severity=2), risk(severity=3), WORSE, "中风险→高风险"),
            (risk(severity=2), risk(severity=1), BETTER, "中风险→低风险"),
            (matter(), matter(Stage.CLOSED), BETTER, "待处理→已答复"),
        ],
    )
    def test_it_eases_closes_or_grows(self, old, new, direction, change):
        found = only(old, new)
        assert (found.direction, found.change) == (direction, change)

    def test_what_came_and_went_in_between_is_no_change(self):
        assert compared([], [risk(Stage.CLOSED)]).changes == ()

    def test_the_ledger_stands_for_the_report_of_the_same_thing(self):
        then = [project("under_way", Q2)]
        now = project("under_way", Q3, problems="设备采购延期")
        assert [c.thing.url for c in compared(then, [now, risk()]).changes] == ["/risks/1/"]
        apart = compared(then, [now, risk(about="P9")])
        assert {c.thing.url for c in apart.changes} == {"/risks/1/", PROJECT.url}


class TestSentences:
    def test_nothing_changed_says_what_was_compared(self):
        things = [
            target(value(45, quarter=3), verdicts=held(Verdict.ACHIEVED)),
            task("on_track"),
            project("under_way", overdue=2),
            risk(),
        ]
        found = compared(things, things)
        assert found.head == "没有变化。"
        assert found.compared_words == (
            "1项指标的最新值和预警、1项2025年结论、1项任务、1个项目、1件风险和重大问题"
        )
        assert found.unchanged == (
            "1项指标的预警等级、2025年结论和1项任务的状态没有变，超期项目仍为1个。"
        )
        assert found.latest.thing.code in {"8-1", "P2"}

    def test_the_first_day_of_a_quarter(self):
        things = [task("on_track", Q2)]
        days = {"first": datetime.date(2026, 9, 30), "last": datetime.date(2026, 10, 1)}
        found = compared(things, things, **days)
        assert found.head == "没有变化：2026年第三季度还没有审核通过的任务进展。"
        assert found.not_compared == "1项任务中1项还没有核定的三季度进展，不参加比较。"

    def test_a_plan_without_any_actual(self):
        things = [target(level=Level.GREY), task(), project()]
        found = compared(things, things)
        assert found.changes == ()
        assert found.not_compared == (
            "T26没有数值，1项任务中1项还没有核定的三季度进展，P2没有填报，不参加比较。"
        )

    def test_no_plan_at_all(self):
        found = compared()
        assert found.is_empty
        assert (found.unchanged, found.not_compared) == ("", "")

    def test_many_directions_in_one_sentence(self):
        other = replace(TASK, code="8-2", url="/tasks/8-2/")
        found = compared(
            [task("on_track", Q2), task("on_track", Q2, thing=other), project("under_way", Q2)],
            [
                task("lagging"),
                task("done", thing=other),
                project("suspended", problems="土地指标未落实", overdue=1),
            ],
        )
        assert found.head == "5处变化：3项变差（任务1、项目2），新问题1件，1项变好。"
        assert found.unchanged == "超期项目由0个增加到1个。"
        assert [change.direction for change in found.changes] == [WORSE] * 3 + [PROBLEM, BETTER]

    def test_one_room_alone_is_named(self):
        assert compared([task("on_track", Q2)], [task("lagging")]).head == (
            "1处变化：1项任务变差。"
        )

    def test_six_long_names_stand_whole(self):
        long = "5G通信及PCB/FCCL科技产业园与MEMS传感器研发制造项目" * 3
        things = [replace(TARGET, code=f"T{n}", name=long, url=f"/{n}/") for n in range(10, 16)]
        before = [target(value(45, quarter=2), thing=thing) for thing in things]
        after = [target(value(47, quarter=3), thing=thing) for thing in things]
        found = compared(before, after)
        assert text_of(found, found.changes).count(long) == 6

    def test_thirty_one_are_counted_first(self):
        things = [replace(TASK, code=f"1-{n}", url=f"/{n}/") for n in range(31)]
        found = compared(
            [task("on_track", Q2, thing=thing) for thing in things],
            [task("lagging", thing=thing) for thing in things],
        )
        assert found.is_many
        assert (
            found.many_head
            == "31处变化：变好0，变差和新问题31，更正和其他0。变差的主要是任务状态。"
        )
        fewer = compared(
            [task("on_track", Q2, thing=thing) for thing in things[:30]],
            [task("lagging", thing=thing) for thing in things[:30]],
        )
        assert not fewer.is_many

    def test_the_worst_come_first(self):
        other = replace(TASK, code="1-1", url="/1/", position=1)
        found = compared(
            [task("on_track", Q2), task("on_track", Q2, thing=other)],
            [task("stalled"), task("lagging", thing=other)],
        )
        assert [change.thing.code for change in found.changes] == ["8-1", "1-1"]

    def test_the_text_for_a_report(self):
        found = compared([task("on_track", Q2)], [task("lagging")])
        assert text_of(found, found.changes).splitlines() == [
            "2026年9月30日至2026年11月30日，1处变化：1项任务变差。",
            "变差：8-1 推动产业园区循环发展：正常推进→进展滞后（区发改局，10月20日审核）",
        ]

    def test_the_year_is_said_where_it_is_another(self):
        last = datetime.date(2027, 2, 1)
        found = only(task("on_track", Q2), task("lagging"), last=last)
        assert found.basis == "2026年10月20日审核"
        later = only(target(value(45, quarter=2)), target(value(46, quarter=3)), last=last)
        assert (later.basis, later.period) == ("2026年三季度值", Period(2026, 3))
        assert last > AFTER
