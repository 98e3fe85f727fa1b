"""The wall of the meeting room: the overview's parts; asked for again and again by itself."""

import datetime
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from agencies.choices import Role
from common.quarters import Period
from dashboard.selectors.overview.overview import overview
from dashboard.selectors.overview.rows import RowGroup, RowGroupKind
from dashboard.selectors.overview.wall import wall_board
from plan.models import DataState
from targets.rules.levels import Level
from tests.documents import document
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.projects import ProjectFactory, ProjectProgressFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory
from tests.factories.tasks import TaskFactory, TaskProgressFactory
from tests.pages import statements, text

pytestmark = pytest.mark.django_db

WALL = "/dashboard/wall/"


@pytest.fixture
def leader(client):
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    return client


def plan():
    ObservationFactory(target=MilestoneFactory().target)
    TaskProgressFactory()
    ProjectProgressFactory(project=ProjectFactory())


@pytest.mark.parametrize("role", list(Role))
def test_everybody_reads_it_also_without_a_plan(client, role):
    client.force_login(UserFactory(roles=[role], agency=AgencyFactory()))
    page = client.get(WALL)
    assert page.status_code == 200
    assert "还没有载入方案" in text(page)


@pytest.mark.usefixtures("of_2026q3")
def test_it_says_what_the_overview_says(leader):
    plan()
    wall, page = (document(leader.get(f"{path}?period=2026Q3")) for path in (WALL, "/dashboard/"))
    assert [slide["aria-label"] for slide in wall.every("section.slide")] == [
        "总体情况", "主要目标", "项目、任务和报送",
    ]  # fmt: skip
    for part in (".claim", ".because", "table.score", ".changed", ".decide"):
        assert wall.one(part).text == page.one(part).text
    seen = overview(period=Period(2026, 3))
    findings = [heading.text for heading in wall.every("h2.wt")]
    assert findings[:3] == [
        seen.summary.rows_finding, seen.projects_finding, seen.tasks_finding,
    ]  # fmt: skip


@pytest.mark.usefixtures("of_2026q3")
def test_the_reporting_stands_on_the_last_slide_and_moves_at_once(leader):
    period = PeriodFactory()
    item = ObligationFactory(period=period)
    DataState.touch()
    before = leader.get(f"{WALL}?period=2026Q3")
    assert "三季度报送还没有到期：1项已报送0项" in text(before)
    item.state = "approved"
    item.version += 1
    item.save()
    after = leader.get(f"{WALL}?period=2026Q3", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert "三季度报送还没有到期：1项已报送1项" in text(after)


@pytest.mark.usefixtures("of_2026q3")
def test_the_third_slide_names_what_is_late_and_what_is_new(leader):
    body = AgencyFactory(short_name="区住建局")
    task = TaskFactory(code="4-3", title="推进建筑用能结构优化", lead=body)
    for quarter, status in ((2, "on_track"), (3, "lagging")):
        TaskProgressFactory(task=task, quarter=quarter, status=status, problems="资金没有到位")
    late = ProjectFactory(code="P9", name="产业园", reporting_agency=None, end_year=2024)
    ProjectProgressFactory(project=late, status="under_way")
    slide = document(leader.get(f"{WALL}?period=2026Q3")).every("section.slide")[-1]
    projects, tasks, problems = (table.rows() for table in slide.every("table.wp"))
    assert [cell.text for cell in projects[0]][:2] == ["P9产业园", "23个月"]
    assert projects[0][-1].text == "待指定"
    assert [cell.text for cell in tasks[0]] == [
        "4-3推进建筑用能结构优化", "滞后1个季度", "区住建局",
    ]  # fmt: skip
    assert [cell.text for cell in problems[0]] == ["4-3资金没有到位", "区住建局"]
    assert "三季度新提出的问题1件" in slide.text


def group(kind, *names):
    """Rows of which only the names, and why nothing can be said of them, are asked for."""
    verdict = SimpleNamespace(words="无年度值", level=Level.GREY)
    rows = tuple(SimpleNamespace(name=name, verdict=verdict, outlook="") for name in names)
    return RowGroup(kind, rows)


class TestBoard:
    """Ten rows in two groups fill the screen."""

    HEAD = group(RowGroupKind.HEADLINE, *"一二三四五六")

    def shown(self, *groups):
        found = wall_board([self.HEAD, *groups])
        return [len(part.rows) for part in found.parts], [
            (line.label, line.names) for line in found.rest
        ]

    def test_what_falls_short_has_rows_and_the_rest_a_line_each(self):
        rows, rest = self.shown(
            group(RowGroupKind.SHORT, *"甲乙丙丁"),
            group(RowGroupKind.OPEN, "装配率", "充电桩"),
            group(RowGroupKind.MET, "气化率"),
        )
        assert rows == [6, 4]
        assert rest == [
            ("还不能判断2项", "装配率、充电桩（无年度值）"),
            ("已达到，或预计可达1项", "气化率"),
        ]

    def test_what_has_no_room_is_named(self):
        rows, rest = self.shown(group(RowGroupKind.SHORT, *"甲乙丙丁戊己"))
        assert rows == [6, 4]
        assert rest == [("另有没有达到，或按现趋势难以达到2项", "戊、己")]

    def test_an_empty_screen_is_filled_but_no_row_or_two_are_torn_out(self):
        assert self.shown(group(RowGroupKind.OPEN, *"甲乙丙丁戊"))[0] == [6, 4]
        short, still = group(RowGroupKind.SHORT, *"子丑"), group(RowGroupKind.OPEN, *"甲乙丙丁")
        assert self.shown(short, still)[0] == [6, 2]


def test_an_unchanged_wall_answers_304_and_a_changed_one_does_not(leader):
    plan()
    DataState.touch()
    leader.get(WALL)  # sets the cookie on which the answer depends
    first = leader.get(WALL)
    again = leader.get(WALL, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    DataState.touch()
    assert leader.get(WALL, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_asking_again_does_not_keep_the_session_awake(leader):
    soon = timezone.now() + datetime.timedelta(minutes=5)
    Session.objects.update(expire_date=soon)
    leader.get(WALL)
    assert Session.objects.get().expire_date == soon
    leader.get("/dashboard/")
    assert Session.objects.get().expire_date > soon


def test_statements_do_not_grow(leader):
    def more(count):
        for _ in range(count):
            plan()
            ObligationFactory(period=PeriodFactory())
        DataState.touch()

    more(1)
    few = len(statements(leader, WALL))
    more(9)
    assert len(statements(leader, WALL)) == few <= 8
