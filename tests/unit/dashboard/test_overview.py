"""The overview from the database: what it says, and that each number leads to its list."""

import datetime

import pytest

from agencies.choices import Role
from common.quarters import Period
from dashboard.selectors.overview.overview import overview
from dashboard.selectors.part_cache import PageMemory
from projects.choices import ProjectStatus
from records.asof import AsOf
from reporting.choices import MatterKind, MatterState, MatterStep
from reporting.matters.selectors.asof import matters_now
from reporting.models import Instruction, MatterNote
from targets.models import Observation
from tasks.choices import TaskStatus
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.matters import MatterFactory
from tests.factories.plan import CategoryFactory
from tests.factories.projects import ProjectFactory, ProjectProgressFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.factories.tasks import TaskFactory, TaskProgressFactory
from tests.unit.dashboard.sentences import plain_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("of_2026q3")]
Q2, Q3 = Period(2026, 2), Period(2026, 3)


@pytest.fixture
def leader(client):
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    return client


def plan():
    """A missed target, one without a lead, a stalled task, an overdue project."""
    missed = TargetFactory(code="T21", short_name="垃圾回收利用率", lead=None)
    MilestoneFactory(target=missed, value=35)
    ObservationFactory(target=missed, year=2025, quarter=None, value="29.8", grade="final")
    lead = AgencyFactory(short_name="区科技局")
    task = TaskFactory(category=CategoryFactory(number=7), lead=lead)
    for quarter in (1, 2, 3):
        TaskProgressFactory(
            task=task, quarter=quarter, status=TaskStatus.STALLED, problems="资金紧张。再议。",
            next_due="2026-12",
        )  # fmt: skip
    project = ProjectFactory(code="P2", number=2, reporting_agency=None)
    ProjectProgressFactory(project=project, expected_on="2027-02", problems="设备没有到货")


def page(**facts):
    return overview(**{"period": Q3} | facts)


class TestSummary:
    def test_what_stands_worst_whose_it_is(self):
        plan()
        target, project, task = page().summary.worst
        assert (target.headline, target.owner) == ("差5.2个百分点", "没有牵头单位")
        assert plain_text(target.facts) == "2025年29.8%"
        assert (project.headline, project.due) == ("超期23个月", "预计2027年2月")
        assert plain_text(project.facts) == "投资40.0%，设备没有到货"
        assert project.owner_is_missing
        assert (task.headline, task.owner, task.due) == ("停滞3个季度", "区科技局", "2026年12月")
        assert plain_text(task.facts) == "资金紧张"

    def test_a_newer_quarter_stands_beside_the_year_that_was_judged(self, clock):
        plan()
        target = Observation.objects.get().target
        ObservationFactory(target=target, year=2026, quarter=3, value="31.2")
        assert plain_text(page().summary.worst[0].facts) == "2025年29.8%，今年三季度31.2%"
        clock.move_to(datetime.date(2027, 2, 1))
        said = plain_text(page(period=Period(2026, 4)).summary.worst[0].facts)
        assert said == "2025年29.8%，2026年三季度31.2%"

    def test_from_2027_on_the_gap_of_the_year_that_ended_last(self, clock):
        plan()
        target = Observation.objects.get().target
        target.baseline_value = 20
        target.save()
        MilestoneFactory(target=target, year=2030, value=45)
        ObservationFactory(target=target, year=2026, quarter=None, value="30", grade="final")
        clock.move_to(datetime.date(2027, 3, 15))
        worst = page(period=Period(2026, 4)).summary.worst[0]
        assert worst.headline == "2026年差7.0个百分点"
        assert plain_text(worst.facts) == "2026年30.0%"
        more = page(period=Period(2026, 4)).summary.score[0].more
        assert (more.text, more.url) == (
            "2026年达到进度要求0项，未达到1项", "/dashboard/2026/progress/",
        )  # fmt: skip

    def test_what_has_to_be_decided(self):
        plan()
        MatterFactory(title="资金平衡方案待审定", due_on=datetime.date(2026, 12, 10))
        MatterFactory(title="区发改局的事", kind=MatterKind.URGE)
        found = page(ledger=((), matters_now())).summary.decisions
        assert [(row.tag, row.is_ownerless) for row in found.rows] == [
            ("指定", True), ("指定", True), ("协调", False),
        ]  # fmt: skip
        assert (found.rows[2].title, found.rows[2].due) == ("资金平衡方案待审定", "12月10日")
        assert (found.total, found.more[-1].url) == (3, "/matters/?show=leader")

    def test_who_has_no_list_of_matters_is_not_led_to_it(self):
        plan()
        more = page(decides=False).summary.decisions.more[-1]
        assert (more.text, more.url) == ("全部2件", "")
        assert page(ledger=None).summary.decisions.more[-1].text == "全部事项"

    def test_nothing_waits_and_what_was_decided_last(self):
        matter = MatterFactory(title="资金平衡方案", state=MatterState.INSTRUCTED)
        note = MatterNote.objects.create(matter=matter, step=MatterStep.INSTRUCT, by_name="李四")
        day = datetime.date(2026, 9, 18)
        Instruction.objects.create(matter=matter, note=note, leader="孙", day=day, text="同意。")
        found = page(ledger=((), matters_now())).summary.decisions
        assert (found.total, found.nothing) == (0, "没有需要您决定的事项")
        assert found.nothing_note == "最近一次决定是9月18日：资金平衡方案。"

    def test_a_plan_without_any_value(self):
        target = TargetFactory(code="T01", is_headline=True)
        MilestoneFactory(target=target)
        MilestoneFactory(target=target, year=2030)
        summary = page().summary
        assert summary.claim == "还不能说进展，先看方案的要求"
        assert [[cell.count for cell in line.cells] for line in summary.score] == [
            [None, None, None, 1], [None, None, None, 1],
        ]  # fmt: skip
        assert (summary.worst, summary.worst_more) == ((), ())
        assert summary.changes.nothing == "还没有两个季度的数"
        assert summary.rows_finding == "还没有实际值，只画目标"

    def test_no_plan_at_all(self):
        found = page()
        assert found.is_empty
        assert found.summary.claim == "还没有载入实施方案"
        assert found.summary.decisions.nothing == "没有需要您决定的事项"
        assert (found.tasks_finding, found.projects_finding) == ("还没有任务", "还没有项目")
        assert found.judging is None


class TestChanges:
    def change(self, day):
        """A task that went well in the second quarter is behind by a report of that day."""
        task = TaskFactory(category=CategoryFactory(number=8), title="推动循环发展")
        first = TaskProgressFactory(task=task, quarter=2)
        second = TaskProgressFactory(task=task, quarter=3, status=TaskStatus.LAGGING)
        for row, when in ((first, "2026-07-10"), (second, day)):
            type(row).objects.filter(pk=row.pk).update(recorded_at=f"{when}T09:00+08:00")

    def test_since_the_end_of_the_quarter(self):
        self.change("2026-10-20")
        (row,) = page().summary.changes.rows
        assert (row.label, row.title, row.words) == ("变差", "推动循环发展", "正常推进 → 进展滞后")
        assert page().summary.changes.note == "2026年二季度 → 三季度"

    def test_as_of_a_past_day_and_of_an_older_quarter(self):
        self.change("2026-10-20")
        then = page(asof=AsOf(datetime.date(2026, 10, 15))).summary.changes
        assert (then.rows, then.nothing) == ((), "三季度还没有审核通过的数")
        assert then.url == "/changes/?start=2026Q2&end=day&end_day=2026-10-15"
        older = page(period=Q2).summary.changes
        assert (older.note, older.url) == ("2026年一季度末 → 今天", "/changes/?start=2026Q1")

    def test_of_a_quarter_that_was_opened_early(self, leader):
        self.change("2026-10-20")
        early = page(period=Period(2026, 4)).summary.changes
        assert early.note == "2026年三季度末 → 今天"
        assert early.url == "/changes/?start=day&start_day=2026-09-30"
        assert [row.label for row in early.rows] == ["变差"]
        assert "1处变化" in leader.get(early.url).context["part"].html

    def test_the_number_is_that_of_the_page_of_changes(self, leader):
        self.change("2026-10-20")
        more = page().summary.changes.more[-1]
        assert more.text == "全部变化1条"
        assert "1处变化" in leader.get(more.url).context["part"].html

    def test_without_a_ledger_nothing_is_compared(self):
        self.change("2026-10-20")
        assert page(ledger=None).summary.changes.nothing == "含待审核的数值不参加比较"


def test_a_value_of_today_leaves_the_day_before_as_it_was():
    plan()
    kept = PageMemory()
    known = page(kept=kept).targets_then
    ObservationFactory(target=Observation.objects.get().target, year=2024, quarter=None, value=9)
    assert page(kept=kept).targets_then is known


def test_projects_that_are_done_are_not_overdue():
    project = ProjectFactory()
    ProjectProgressFactory(project=project, status=ProjectStatus.COMPLETED)
    assert page().projects_finding == "没有项目超期"
