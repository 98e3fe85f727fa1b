"""Two days compared: problems and risks, and the sentences of the whole."""

import datetime
from dataclasses import replace

import pytest

from common.quarters import Period
from dashboard.rules.changes.change import Direction
from dashboard.rules.changes.comparison import text_of
from dashboard.rules.changes.snapshots import MatterStage
from targets.rules import Comparison, Goal, Verdict
from targets.rules.levels import Level
from tests.unit.dashboard.changes_scene import (
    AFTER,
    PROJECT,
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

WORSE, BETTER = Direction.WORSE, Direction.BETTER
PROBLEM = Direction.PROBLEM
AT_MOST = Goal(2025, comparison=Comparison.AT_MOST, value=D(30))
ABOUT = Goal(2025, comparison=Comparison.ABOUT, value=D("15.4"))


class TestConcerns:
    def test_a_new_risk_and_a_new_matter(self):
        found = compared([], [risk(severity=3), matter()])
        assert [(c.direction, c.after) for c in found.changes] == [
            (PROBLEM, "新增高风险，未化解"), (PROBLEM, "新报，待处理"),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("old", "new", "direction", "change"),
        [
            (risk(), risk(MatterStage.HELD), BETTER, "未化解→已控制"),
            (risk(), risk(MatterStage.CLOSED), BETTER, "未化解→已销号"),
            (risk(MatterStage.HELD), risk(), WORSE, "已控制→未化解"),
            (risk(severity=2), risk(severity=3), WORSE, "中风险→高风险"),
            (risk(severity=2), risk(severity=1), BETTER, "中风险→低风险"),
            (matter(), matter(MatterStage.CLOSED), BETTER, "待处理→已答复"),
        ],
    )
    def test_it_eases_closes_or_grows(self, old, new, direction, change):
        found = only(old, new)
        assert (found.direction, found.change) == (direction, change)

    def test_what_came_and_went_in_between_is_no_change(self):
        assert compared([], [risk(MatterStage.CLOSED)]).changes == ()

    def test_another_word_for_the_same_is_no_change(self):
        """Days before the ledgers were joined say 未化解 of what is 已研判 since."""
        then = replace(risk(), place="assessed")
        now = replace(then, state="已研判")
        assert compared([then], [now]).changes == ()
        held = replace(risk(MatterStage.HELD), state="办理中", place="in_hand")
        assert [(one.before, one.after) for one in compared([then], [held]).changes] == [
            ("未化解", "办理中")
        ]

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
