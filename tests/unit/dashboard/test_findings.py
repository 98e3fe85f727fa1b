"""The titles over rows, tasks, projects and reports, and what a leader must decide."""

import datetime
from dataclasses import replace

import pytest

from common.quarters import Period
from dashboard.rules.overview.decisions_block import LastDecision, PendingDecision, decisions_block
from dashboard.rules.overview.findings import (
    HeadlineTarget,
    ReportingDuties,
    due_words,
    projects_finding,
    reporting_finding,
    rows_finding,
    tasks_finding,
)
from tests.unit.dashboard.sentences import plain_text

Q3 = Period(2026, 3)
MET, PENDING = HeadlineTarget(is_met=True), HeadlineTarget(is_pending=True)
SLOW, PEAK = (
    HeadlineTarget(is_missed=True, lag="慢15个月"),
    HeadlineTarget(peak="二氧化碳排放仍在上升"),
)


class TestRows:
    @pytest.mark.parametrize(
        ("rows", "words"),
        [
            ([PEAK, SLOW, MET, MET, PENDING, MET],
             "6项主要目标：3项达到或初步达到2025年要求，1项慢15个月，1项等市下达，二氧化碳排放仍在上升"),
            ([MET, MET], "2项主要目标：2项达到或初步达到2025年要求"),
            ([SLOW, SLOW, HeadlineTarget()], "3项主要目标：2项没有达到2025年要求，1项还不能判断"),
            ([HeadlineTarget(is_missed=True)], "1项主要目标：1项没有达到2025年要求"),
            ([], "各项指标的进展"),
        ],
    )  # fmt: skip
    def test_counts_each_once(self, rows, words):
        assert rows_finding(rows, year=2025, has_values=True) == words

    def test_without_values_and_of_another_year(self):
        assert rows_finding([MET], year=2025, has_values=False) == "还没有实际值，只画目标"
        assert "2030年要求" in rows_finding([MET], year=2030, has_values=True)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"total": 32, "slow": 4, "reported": True}, "任务：4项滞后或停滞"),
        ({"total": 32, "slow": 0, "reported": True}, "任务：没有滞后或停滞的"),
        ({"total": 32, "slow": 0, "reported": False}, "任务：三季度还没有进展"),
        ({"total": 0, "slow": 0, "reported": False}, "还没有任务"),
    ],
)
def test_tasks(facts, words):
    assert tasks_finding(**facts, period=Q3) == words


@pytest.mark.parametrize(
    ("total", "overdue", "unassigned", "words"),
    [
        (20, 7, 4, "7个项目超期，其中4个没有填报单位"),
        (20, 7, 7, "7个项目超期，都没有填报单位"),
        (20, 7, 0, "7个项目超期"),
        (20, 0, 0, "没有项目超期"),
        (0, 0, 0, "还没有项目"),
    ],
)
def test_projects(total, overdue, unassigned, words):
    assert projects_finding(total=total, overdue=overdue, unassigned=unassigned) == words


class TestReporting:
    DUTIES = ReportingDuties(
        Q3, datetime.date(2026, 11, 30), datetime.date(2026, 12, 7), owed=151, handed_in=40
    )

    def on(self, day, **facts):
        return replace(self.DUTIES, today=datetime.date.fromisoformat(day), **facts)

    @pytest.mark.parametrize(
        ("day", "facts", "finding", "due"),
        [
            ("2026-11-30", {}, "三季度报送还没有到期：151项已报送40项",
             "12月7日（周一）截止，还剩7天"),
            ("2026-12-07", {}, "三季度报送还没有到期：151项已报送40项",
             "12月7日（周一）截止，就是今天"),
            ("2026-12-10", {"late": 111, "bodies": 9}, "三季度报送缺111项，涉及9个单位",
             "12月7日（周一）截止，已过3天"),
            ("2026-12-10", {"handed_in": 151}, "三季度报送：151项已报送151项",
             "12月7日（周一）截止，已过3天"),
            ("2027-01-05", {"handed_in": 151}, "2026年三季度报送：151项已报送151项",
             "2026年12月7日（周一）截止，已过29天"),
            ("2026-10-08", {"owed": 0, "due_on": None}, "三季度没有开放填报", ""),
        ],
    )  # fmt: skip
    def test_before_and_after_its_day(self, day, facts, finding, due):
        duties = self.on(day, **facts)
        assert (reporting_finding(duties), due_words(duties)) == (finding, due)


class TestDecisions:
    LEAD = PendingDecision("指定", "垃圾三项指标（T21—T23）的牵头单位", "/t/", is_ownerless=True)

    def asked(self, code, month=None):
        due = datetime.date(2026, month, 28) if month else None
        return PendingDecision(
            "协调", code, f"/{code}/", due=f"2026年{month}月" if month else "", due_on=due
        )

    def test_ownerless_first_then_by_date(self):
        found = decisions_block(
            [self.asked("晚", 12), self.asked("早", 10), self.LEAD], url="/all/"
        )
        assert [row.title for row in found.rows] == [self.LEAD.title, "早", "晚"]
        assert [row.due_words for row in found.rows] == ["没有期限", "2026年10月", "2026年12月"]
        assert (found.total, plain_text(found.more)) == (3, "全部3件")

    def test_the_rest_is_counted_and_led_to(self):
        waiting = [self.LEAD, self.asked("甲", 10), self.asked("乙", 11), self.asked("丙", 12)]
        found = decisions_block([*waiting, self.asked("丁")], url="/all/")
        assert plain_text(found.more) == "另有2件，最近的：丙。全部5件"
        assert [p.url for p in found.more if p.url] == ["/丙/", "/all/"]

    def test_nothing_waits(self):
        last = LastDecision(datetime.date(2026, 9, 18), "P13 资金平衡方案", "/m/")
        found = decisions_block([], url="/all/", last=last)
        assert (found.rows, found.nothing) == ((), "没有需要您决定的事项")
        assert found.nothing_note == "最近一次决定是9月18日：P13 资金平衡方案。"
        assert decisions_block([], url="/all/").nothing_note == ""
