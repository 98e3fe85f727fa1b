"""The page of what has changed: days, filters, readers, what stays the same afterwards."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from agencies.choices import Role
from common.quarters import Period
from dashboard.forms.changes import SpanForm, last_known
from plan.models import DataState
from reporting.choices import MatterState, RiskLevel
from reporting.matters.services import matters
from reporting.models import Matter
from tests.documents import document
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.matters import MatterFactory, RiskFactory
from tests.factories.projects import ProjectFactory, ProjectProgressFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.factories.tasks import TaskFactory, TaskProgressFactory
from tests.pages import statements, text, words, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("of_2026q3")]

TODAY = datetime.date(2026, 11, 30)
"""The day of the clock of the tests."""
PAST = "?start=2026Q1&end=2026Q2"


def came(row, day):
    """As if it had been recorded at noon of a day."""
    moment = timezone.make_aware(datetime.datetime.fromisoformat(f"{day}T12:00"))
    name = "reported_at" if isinstance(row, Matter) else "recorded_at"
    type(row)._base_manager.filter(pk=row.pk).update(**{name: moment})
    return row


@pytest.fixture
def leader(client):
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    return client


@pytest.fixture
def agency():
    return AgencyFactory(short_name="区住建局")


@pytest.fixture
def task(agency):
    """正常推进 in the second quarter, 进展滞后 with a problem in the third."""
    task = TaskFactory(code="4-1", title="积极发展绿色建筑", lead=agency)
    came(TaskProgressFactory(task=task, quarter=2), "2026-07-20")
    report = TaskProgressFactory(task=task, quarter=3, status="lagging", problems="资金没有到位")
    came(report, "2026-10-20")
    return task


@pytest.fixture
def target(agency):
    """45.0% in the second quarter, 47.0% in the third."""
    target = TargetFactory(code="T26", name="绿色完整社区创建比例", lead=None)
    MilestoneFactory(target=target)
    for quarter, value, day in ((2, "45.0", "2026-07-20"), (3, "47.0", "2026-10-20")):
        row = ObservationFactory(target=target, year=2026, quarter=quarter, value=Decimal(value))
        came(row, day)
    return target


@pytest.fixture
def project():
    project = ProjectFactory(code="P9", name="产业园", reporting_agency=None, end_year=2027)
    for quarter, amount, day in ((2, 1000, "2026-07-20"), (3, 3500, "2026-10-20")):
        row = ProjectProgressFactory(project=project, quarter=quarter, invested_wan=Decimal(amount))
        came(row, day)
    return project


@pytest.fixture
def whole(task, target, project):
    DataState.touch()


def rows(answer):
    """What each row says, without the heads of groups."""
    return said_by(document(answer))


def said_by(piece):
    lines = (line for body in piece.every("tbody") for line in body.every("tr"))
    return [line.text for line in lines if "grp" not in line.classes]


class TestPage:
    def test_the_newest_quarter_is_held_against_the_one_before(self, leader, whole):
        answer = leader.get("/changes/")
        said = words(text(answer))
        assert "3处变化：1项任务变差，新问题1件，1项变好。" in said
        assert "1项指标的预警等级" in said
        assert "1个项目累计投资合计增加2,500万元，不逐条列出：看投资变化。" in said
        assert rows(answer) == [
            "4-1积极发展绿色建筑正常推进→进展滞后区住建局10月20日审核",
            "4-1积极发展绿色建筑资金没有到位区住建局三季度填报",
            "T26绿色完整社区创建比例45.0%→47.0%审提高2.0个百分点待指定三季度值",
        ]

    def test_its_rows_lead_to_the_thing_and_to_the_value(self, leader, whole):
        table = document(leader.get("/changes/")).one("table.changes")
        found = {link["href"] for link in table.every("a")}
        assert found == {"/tasks/4-1/", "/targets/T26/", "/values/T26/2026Q3/"}

    def test_the_text_for_a_report_is_copied(self, leader, whole):
        (button,) = document(leader.get("/changes/")).every("[data-copy]")
        assert button["data-copy"].splitlines()[1] == (
            "变差：4-1 积极发展绿色建筑：正常推进→进展滞后（区住建局，10月20日审核）"
        )

    def test_nothing_changed_says_what_was_compared(self, leader, whole):
        query = "?start=day&start_day=2026-11-01&end=day&end_day=2026-11-02"
        said = words(text(leader.get(f"/changes/{query}")))
        assert "没有变化。" in said
        assert "比过的：1项指标的最新值和预警、1项2025年结论、1项任务、1个项目" in said
        assert "最近一次审核：2026年10月20日" in said

    def test_without_a_plan_it_explains_what_is_missing(self, leader):
        assert "还没有载入方案" in text(leader.get("/changes/"))

    def test_a_plan_without_any_actual(self, leader):
        MilestoneFactory(target__code="T01")
        TaskFactory(code="1-1")
        said = words(text(leader.get("/changes/")))
        assert "没有变化：2026年第三季度还没有审核通过的任务进展。" in said
        assert "T01没有数值，1项任务中1项还没有核定的三季度进展，不参加比较。" in said

    def test_many_are_counted_first_and_the_rest_is_folded(self, leader, agency):
        for number in range(31):
            task = TaskFactory(code=f"1-{number}", number=number + 1, lead=agency)
            came(TaskProgressFactory(task=task, quarter=2), "2026-07-20")
            status = "lagging" if number else "stalled"
            came(TaskProgressFactory(task=task, quarter=3, status=status), "2026-10-20")
        page = document(leader.get("/changes/"))
        counts = page.one("table.counts")
        assert said_by(counts) == ["任务状态3131—————"]
        assert "其余26处" in page.text
        first, rest = (said_by(table) for table in page.every("table.changes"))
        assert (len(first), len(rest)) == (5, 26)
        assert "严重滞后或停滞" in first[0]
        link = counts.every("a")[0]
        listed = document(leader.get(f"/changes/{link['href']}"))
        assert not listed.every("table.counts")
        assert len(said_by(listed)) == 31

    def test_the_overview_leads_to_it_and_it_stands_there(self, leader, whole):
        block = document(leader.get("/dashboard/")).one("section.changed")
        (link,) = (one["href"] for one in block.every("a") if "/changes/" in one["href"])
        assert link == "/changes/"
        bar = document(leader.get("/changes/")).one("header")
        assert bar.one("a[aria-current]")["href"] == "/dashboard/"


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("room=tasks", 2), ("room=targets", 1), ("kind=concern", 1), ("direction=better", 1),
            ("body=待指定", 1), ("body=区住建局", 2), ("room=x&kind=y&direction=z", 3),
            ("room=targets&body=区住建局", 0),
        ],
    )  # fmt: skip
    def test_they_narrow_the_rows_and_the_workbook(self, leader, whole, query, count):
        assert len(rows(leader.get(f"/changes/?{query}"))) == count
        lines, found = workbook(leader.get(f"/changes/export.xlsx?{query}"))
        assert len(found) == count
        assert "2026年9月30日至2026年11月30日" in lines[0]

    def test_chips_count_and_the_chosen_one_is_marked(self, leader, whole):
        page = document(leader.get("/changes/?room=tasks"))
        chips = page.one("div.chips").every("a")
        assert [chip.text for chip in chips] == ["全部3", "指标1", "任务2", "没有承办单位1"]
        assert [chip.has("aria-current") for chip in chips] == [False, False, True, False]

    def test_they_keep_the_days(self, leader, whole):
        page = document(leader.get(f"/changes/{PAST}&room=targets"))
        chips = page.one("div.chips").every("a")
        assert all("start=2026Q1" in chip["href"] for chip in chips)

    def test_a_row_of_the_workbook(self, leader, whole):
        _, found = workbook(leader.get("/changes/export.xlsx"))
        assert {head: cell.value for head, cell in found[2].items()} == {
            "方向": "变好", "类别": "指标数值", "对象类型": "指标", "编号": "T26",
            "名称": "绿色完整社区创建比例", "原来": "45.0%", "现在": "47.0%",
            "差": "提高2.0个百分点", "承办或牵头": "待指定", "依据": "三季度值",
        }  # fmt: skip


class TestDays:
    @pytest.mark.parametrize(
        ("quarter", "day"),
        [("2026Q2", "2026-09-30"), ("2026Q3", "2026-11-30"), ("2025Q4", "2026-03-31")],
    )
    def test_the_figures_of_a_quarter_come_in_the_next_one(self, quarter, day):
        assert last_known(Period.parse(quarter), TODAY) == datetime.date.fromisoformat(day)

    @pytest.mark.parametrize(
        ("query", "problem"),
        [
            ({"start": "2026Q9"}, "不是时期：2026Q9，应如 2025 或 2026Q3"),
            ({"start": "2025"}, "“2025”不是已经结束的季度"),
            ({"end": "2026Q4"}, "“2026Q4”不是已经结束的季度"),
            ({"start": "1999Q1"}, "“1999Q1”不是已经结束的季度"),
            ({"start": "day", "start_day": "昨天"}, "日期“昨天”读不出，应如2026-06-30"),
            ({"start": "day"}, "日期“”读不出，应如2026-06-30"),
            ({"end": "day", "end_day": "2027-01-01"}, "2027年1月1日还没有到"),
            ({"start": "day", "start_day": "2019-12-31"}, "最早看2020年1月1日的数据"),
            (
                {"start": "2026Q3", "end": "2026Q2"},
                "“从”（2026年11月30日）要早于“到”（2026年9月30日）",
            ),
        ],
    )
    def test_what_cannot_be_read_is_said_and_falls_back(self, leader, whole, query, problem):
        span = SpanForm(query, TODAY)
        assert span.problem == problem
        assert (span.first.label, span.last.label) == ("2026年第二季度末", "2026年第三季度末")
        said = words(text(leader.get("/changes/", query)))
        assert "".join(problem.split()) in said
        assert "3处变化" in said

    def test_days_are_chosen_as_people_write_them(self, leader, whole):
        query = {"start": "day", "start_day": "2026.7.1", "end": "day", "end_day": "2026年8月1日"}
        answer = leader.get("/changes/", query)
        span = answer.context["span"]
        assert (span.first.label, span.last.label) == ("2026年7月1日", "2026年8月1日")
        assert rows(answer) == [
            "T26绿色完整社区创建比例没有数值→45.0%审待指定二季度值",
            "4-1积极发展绿色建筑没有核定→正常推进区住建局7月20日审核",
            "P9产业园没有核定→在建待指定7月20日审核",
        ]

    def test_a_past_span_stays_as_it_was(self, leader, whole, task, target, project):
        before = document(leader.get(f"/changes/{PAST}")).one("main").text
        value = target.observations.get(quarter=2)
        value.is_current = False
        value.save()
        ObservationFactory(
            target=target, year=2026, quarter=2, value=Decimal(50), version=2, reason="更正"
        )
        task.progress.filter(quarter=2).update(is_current=False)
        TaskProgressFactory(task=task, quarter=2, status="stalled", version=2, reason="更正")
        project.progress.filter(quarter=2).update(is_current=False, retracted_at=timezone.now())
        DataState.touch()
        after = document(leader.get(f"/changes/{PAST}")).one("main").text
        assert "45.0%" in before
        assert after == before


class TestConcerns:
    @pytest.fixture
    def risk(self, agency, project):
        risk = RiskFactory(
            title="土地指标未落实", level=RiskLevel.HIGH, agency=agency, project=project
        )
        return came(risk, "2026-10-25")

    @pytest.fixture
    def matter(self, agency):
        return came(MatterFactory(agency=agency, title="资金缺口"), "2026-10-25")

    def test_a_risk_that_came_and_is_closed_later(self, leader, risk):
        assert rows(leader.get("/changes/?room=concerns")) == [
            "P9土地指标未落实新增高风险，已研判区住建局重点风险台账"
        ]
        Matter.objects.filter(pk=risk.pk).update(
            state=MatterState.CLOSED, closing_note="好了", closed_at=timezone.now()
        )
        assert rows(leader.get("/changes/?room=concerns")) == []

    def test_a_change_of_the_ledger_alone_makes_the_page_anew(self, leader, whole, risk):
        leader.get("/changes/")  # brings the cookie of forms
        first = leader.get("/changes/")
        again = leader.get("/changes/", headers={"if-none-match": first["ETag"]})
        assert again.status_code == 304
        Matter.objects.filter(pk=risk.pk).update(title="土地手续未办")
        changed = leader.get("/changes/", headers={"if-none-match": first["ETag"]})
        assert changed.status_code == 200
        assert "土地手续未办" in text(changed)

    def test_a_matter_is_read_by_its_agency_by_reviewers_and_leaders(
        self, client, agency, matter, task
    ):
        readers = {
            "own": UserFactory(roles=[Role.REPORTER], agency=agency),
            "other": UserFactory(roles=[Role.REPORTER], agency=AgencyFactory()),
            "reviewer": UserFactory(roles=[Role.REVIEWER], agency=AgencyFactory()),
            "leader": UserFactory(roles=[Role.LEADER], agency=None),
        }
        seen = {}
        for name, reader in readers.items():
            client.force_login(reader)
            seen[name] = "资金缺口" in text(client.get("/changes/"))
        assert seen == {"own": True, "other": False, "reviewer": True, "leader": True}

    def test_one_that_was_assessed_and_is_in_the_ledger_now(self, client, agency, matter, task):
        reviewer = UserFactory(roles=[Role.REVIEWER], agency=AgencyFactory())
        client.force_login(reviewer)
        query = "?start=day&start_day=2026-11-01&end=day&end_day=2026-11-30&room=concerns"
        matter.refresh_from_db()
        matter.in_ledger, matter.level, matter.measures = True, RiskLevel.HIGH, "协调"
        matters.assess(matter=matter, text="属实", by=reviewer)
        assert rows(client.get(f"/changes/{query}")) == [
            f"{matter.code}资金缺口高风险区住建局重点风险台账",
            f"{matter.code}资金缺口已提出→已研判区住建局重点风险台账",
        ]


class TestCost:
    @pytest.mark.parametrize("role", list(Role))
    def test_every_role_reads_it_in_eight_statements(self, client, role, whole):
        agency = None if role == Role.LEADER else AgencyFactory()
        client.force_login(UserFactory(roles=[role], agency=agency))
        assert len(statements(client, "/changes/")) <= 8
        assert len(statements(client, f"/changes/{PAST}")) <= 8

    def test_they_do_not_grow_with_rows(self, leader, whole, agency):
        few = len(statements(leader, "/changes/"))
        for number in range(2, 30):
            task = TaskFactory(code=f"9-{number}", number=number)
            came(TaskProgressFactory(task=task, quarter=2), "2026-07-20")
            TaskProgressFactory(task=task, quarter=3, status="stalled", problems=f"问题{number}")
            target = MilestoneFactory(target__code=f"X9{number}").target
            ObservationFactory(target=target, value=Decimal(number))
            RiskFactory(title=f"风险{number}", level=RiskLevel.LOW, agency=agency)
        DataState.touch()
        assert len(statements(leader, "/changes/")) == few

    def test_a_kept_comparison_reads_no_more(self, leader, whole):
        statements(leader, "/changes/")
        assert len(statements(leader, "/changes/?room=tasks")) == 4
