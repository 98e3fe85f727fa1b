"""The block of changes: five rows, worst first, and in words why there are none."""

import datetime
from dataclasses import replace

import pytest

from common.quarters import Period
from dashboard.rules.overview.changes_block import Span, changes_block, not_compared
from targets.rules.levels import Level
from targets.rules.words.provenance import Stamp
from tests.unit.dashboard.changes_scene import (
    PROJECT,
    Q1,
    Q2,
    Q3,
    TARGET,
    TASK,
    compared,
    project,
    target,
    task,
    value,
)
from tests.unit.dashboard.sentences import plain_text

TODAY = datetime.date(2026, 11, 30)
SPAN = Span(Q2, Q3, TODAY, "/changes/", "/changes/?start=2026Q1&end=2026Q2")


def numbered(thing, place):
    return replace(thing, code=f"{place}-1", url=f"/{place}/", name=f"第{place}项", position=place)


def tasks(before, after, count=1, first=0):
    things = [numbered(TASK, place) for place in range(first, first + count)]
    return [task(before, Q2, thing=one) for one in things], [
        task(after, thing=one) for one in things
    ]


def block(before, after, span=SPAN, names=None):
    return changes_block(compared(before, after), span, names)


class TestRows:
    def test_a_value_goes_by_its_short_name_with_its_stamp(self):
        before, after = target(value("45.0", quarter=2)), target(value("47.0", quarter=3))
        (row,) = block([before], [after], names={"T26": "绿色完整社区"}).rows
        assert (row.label, row.title, row.words) == ("变好", "绿色完整社区", "45.0% → 47.0%")
        assert (row.stamp, row.owner, row.url) == (Stamp.REVIEWED, "区人居环境局", TARGET.url)

    def test_of_each_direction_one_in_turn_in_the_order_of_directions(self):
        better = tasks("lagging", "on_track", 4)
        worse = tasks("on_track", "lagging", 4, first=10)
        moved = [project("not_started", Q2)], [project("cancelled")]
        found = block([*better[0], *worse[0], *moved[0]], [*better[1], *worse[1], *moved[1]])
        assert [row.label for row in found.rows] == ["变差", "变差", "变动", "变好", "变好"]
        assert plain_text(found.more).endswith("全部变化9条")
        assert found.rows[2].owner == "待指定"

    def test_new_problems_share_a_row(self):
        things = [numbered(PROJECT, place) for place in range(1, 4)]
        before = [project("under_way", Q2, thing=one) for one in things]
        after = [project("under_way", problems="土地指标未落实。", thing=one) for one in things]
        (row,) = block(before, after).rows
        assert (row.title, row.words, row.count) == ("1-1 土地指标未落实", "等3件", 3)
        assert [phrase.text for phrase in row.others] == ["2-1 土地指标未落实"]
        (row,) = block(before[:1], after[:1]).rows
        assert (row.words, row.owner, row.others) == ("", "待指定", ())

    def test_what_came_late_has_the_room_that_is_left(self):
        late = [task(thing=numbered(TASK, 8))], [task("on_track", thing=numbered(TASK, 8))]
        assert [row.label for row in block(*late).rows] == ["补报"]
        better = tasks("lagging", "on_track", 5)
        found = block([*better[0], *late[0]], [*better[1], *late[1]])
        assert [row.label for row in found.rows] == ["变好"] * 5

    def test_that_a_verdict_was_settled_as_it_looked_comes_last(self):
        from targets.rules import Verdict
        from tests.unit.dashboard.changes_scene import held

        open_, settled = held(Verdict.ACHIEVED), held(Verdict.ACHIEVED, settled=True)
        before = [target(value("45"), verdicts=open_), project("not_started", Q2)]
        after = [target(value("45"), verdicts=settled), project("cancelled")]
        assert [row.title for row in block(before, after).rows] == [PROJECT.name, TARGET.name]

    def test_what_did_not_change(self):
        slow = tasks("on_track", "lagging")
        before = [*slow[0], target(value("45")), project("under_way", Q2, overdue=8)]
        after = [*slow[1], target(value("45")), project("under_way", overdue=10)]
        assert plain_text(block(before, after).more) == (
            "没有变化：1项预警等级。超期项目仍为1个。全部变化1条"
        )
        after[1] = target(value("45"), level=Level.RED)
        assert plain_text(block(before, after).more) == "超期项目仍为1个。全部变化2条"


class TestNothing:
    def test_the_first_day_of_a_quarter(self):
        found = block([task("on_track", Q2)], [task("on_track", Q2)])
        assert (found.rows, found.nothing) == ((), "三季度还没有审核通过的数")
        assert plain_text(found.nothing_note) == "审核通过一条，这里就列一条。二季度的变化"
        assert found.nothing_note[-1].url == SPAN.earlier_url

    def test_reports_came_and_wait(self):
        span = replace(SPAN, waiting=40)
        found = block([task("on_track", Q2)], [task("on_track", Q2)], span)
        assert plain_text(found.nothing_note).startswith("期间收到报送40项，待审核。")

    def test_what_came_changed_nothing(self):
        found = block([task("on_track", Q2)], [task("on_track", Q3)])
        assert found.nothing == "与二季度相比没有变化"
        assert plain_text(found.nothing_note) == (
            "预警等级、任务和项目状态都与二季度相同，没有新问题。最近一次审核是10月20日（8-1）。"
        )

    def test_there_was_nothing_before(self):
        found = block([], [target(value("45"))], replace(SPAN, has_before=False))
        assert (found.rows, found.nothing) == ((), "还没有两个季度的数")

    def test_what_waits_for_review_is_not_compared(self):
        found = not_compared(SPAN)
        assert (found.nothing, found.nothing_note[0].url) == (
            "含待审核的数值不参加比较",
            "/changes/",
        )


@pytest.mark.parametrize(
    ("first", "last", "note"),
    [
        (Q2, Q3, "2026年二季度 → 三季度"),
        (Period(2026, 4), Period(2027, 1), "2026年四季度 → 2027年一季度"),
        (Q1, None, "2026年一季度末 → 今天"),
    ],
)
def test_the_span_in_words(first, last, note):
    assert replace(SPAN, first=first, last=last).note == note
