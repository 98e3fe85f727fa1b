import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.choices import AgencyKind, Role
from agencies.models import Agency, GroupMember
from common.quarters import Period
from dashboard.selectors import agencies as selectors
from plan.models import DataState
from reporting.choices import ObligationState, PeriodState
from reporting.models import Obligation
from tests.factories.agencies import (
    AdministratorFactory,
    AgencyAliasFactory,
    AgencyFactory,
    CompanyFactory,
    GroupFactory,
    UserFactory,
)
from tests.factories.projects import ProjectFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory
from tests.factories.targets import TargetFactory
from tests.factories.tasks import TaskFactory, TaskProgressFactory

pytestmark = pytest.mark.django_db

State = ObligationState
RETIRED = datetime.date(2026, 6, 30)
Q3 = Period(2026, 3)


@pytest.fixture
def bureau():
    return AgencyFactory(code="jtj", name="区交通运输局", short_name="区交通局")


@pytest.fixture
def busy(bureau):
    """An agency with one of everything, and with retired things that do not count."""
    TargetFactory(code="T901", lead=bureau)
    TargetFactory(code="T902").shares.create(agency=bureau, position=1)
    TaskFactory(code="9991-1", lead=bureau)
    TaskFactory(code="9992-1", lead=None, convenor=bureau).shares.create(agency=bureau, position=1)
    TaskFactory(code="9993-1").shares.create(agency=bureau, position=1)
    ProjectFactory(number=901).owner_rows.create(agency=bureau, position=1)
    ProjectFactory(number=902, reporting_agency=bureau)
    TargetFactory(lead=bureau, retired_on=RETIRED)
    TaskFactory(lead=bureau, retired_on=RETIRED)
    ProjectFactory(reporting_agency=bureau, retired_on=RETIRED)
    return bureau


@pytest.fixture
def reader(client):
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    return client


def words(answer):
    return answer.content.decode()


def main_of(answer):
    return words(answer).partition('id="main"')[2].partition("</main>")[0]


class TestCounts:
    def test_what_an_agency_leads_shares_owns_and_reports(self, busy):
        found = selectors.agencies_with_counts().get(code="jtj")
        counts = {name: getattr(found, name) for name in selectors._COUNTS}
        assert counts == {
            "led_targets_count": 1,
            "shared_targets_count": 1,
            "led_tasks_count": 1,
            "convened_tasks_count": 1,
            "shared_tasks_count": 2,
            "owned_projects_count": 1,
            "reported_projects_count": 1,
        }

    def test_only_open_accounts_count(self, bureau):
        UserFactory(agency=bureau)
        UserFactory(agency=bureau, is_active=False)
        assert selectors.agencies_with_counts().get(code="jtj").accounts_count == 1

    @pytest.mark.parametrize("has", list(selectors.HAS))
    def test_each_duty_narrows(self, busy, has):
        AgencyFactory(code="idle")
        found = set(selectors.agencies_with_counts(has=has).values_list("code", flat=True))
        assert "jtj" in found
        assert "idle" not in found

    def test_by_kind_and_by_any_spelling(self, bureau):
        CompanyFactory(code="co", name="湖南壹城环保科技有限公司")
        AgencyAliasFactory(agency=bureau, text="交通局")
        AgencyAliasFactory(agency=bureau, text="区交通局老名")

        def codes(**filters):
            return [agency.code for agency in selectors.agencies_with_counts(**filters)]

        assert codes(kind=AgencyKind.COMPANY) == ["co"]
        assert codes(q="老名") == ["jtj"]
        assert codes(q="交通") == ["jtj"]
        assert codes(q="没有") == []


class TestPage:
    def test_sorts_everything_by_share(self, busy):
        page = selectors.agency_page(code="jtj", period=Q3)
        assert [row.target.code for row in page.led_targets] == ["T901"]
        assert [row.target.code for row in page.shared_targets] == ["T902"]
        assert [row.task.code for row in page.led_tasks] == ["9991-1"]
        assert [row.task.code for row in page.convened_tasks] == ["9992-1"]
        assert [row.task.code for row in page.shared_tasks] == ["9993-1"]
        shares = {row.project.code: [s.label for s in held] for held, row in page.projects}
        assert shares == {"P901": ["项目单位"], "P902": ["填报责任"]}
        assert page.sentence == (
            "牵头指标1项，责任指标1项，牵头任务1项，汇总任务1项，责任任务1项，"
            "作为项目单位的项目1个，负责填报的项目1个。"
        )

    def test_an_agency_without_duties_says_so(self, reader, bureau):
        answer = words(reader.get("/agencies/jtj/"))
        assert "方案没有给这个单位分工" in answer

    def test_spellings_members_and_groups(self, reader, bureau):
        AgencyAliasFactory(agency=bureau, text="区交通局旧称")
        group = GroupFactory(code="gejiedao", name="各街道")
        GroupMember.objects.create(group=group, member=bureau)
        own = words(reader.get("/agencies/jtj/"))
        assert "区交通局旧称" in own
        assert reverse("agencies:detail", args=["gejiedao"]) in own
        assert reverse("agencies:detail", args=["jtj"]) in words(reader.get("/agencies/gejiedao/"))

    def test_a_group_without_members_says_who_enters_them(self, reader):
        GroupFactory(code="gejiedao")
        assert "方案没有列出成员" in words(reader.get("/agencies/gejiedao/"))

    def test_an_agency_that_ended_leads_to_its_successor(self, reader, bureau):
        new = AgencyFactory(code="xjtj", name="区交通和物流局")
        Agency.objects.filter(pk=bureau.pk).update(valid_to=RETIRED, successor=new)
        answer = words(reader.get("/agencies/jtj/"))
        assert "这个单位已停用" in answer
        assert reverse("agencies:detail", args=["xjtj"]) in answer
        assert reverse("agencies:detail", args=["jtj"]) in words(reader.get("/agencies/xjtj/"))

    def test_an_unknown_agency_is_not_found(self, reader):
        assert reader.get("/agencies/nobody/").status_code == 404


@pytest.mark.usefixtures("of_2026q3")
class TestReports:
    @pytest.fixture
    def reported(self, busy):
        """One quarter kept, one late, one running with a return; a planned one does not count."""
        due = datetime.date(2026, 2, 27)
        for quarter, late in ((1, 0), (2, 1)):
            period = PeriodFactory(
                quarter=quarter, opens_on=due, due_on=due, state=PeriodState.CLOSED
            )
            came = datetime.datetime(2026, 2, 27 + late, 9, tzinfo=timezone.get_current_timezone())
            ObligationFactory(
                period=period, agency=busy, state=State.APPROVED, first_submitted_at=came
            )
        running = PeriodFactory(due_on=timezone.localdate() + datetime.timedelta(days=5))
        ObligationFactory(period=running, agency=busy, state=State.RETURNED, returns=2)
        ObligationFactory(period=running, agency=busy)
        ObligationFactory(period=running)
        return busy

    def test_quarters_in_time_returns_and_completeness(self, reported):
        found = selectors.agency_page(code="jtj", period=Q3).reports
        assert found.finding == "报送：按时1/2季，待报1项，退回2次"
        assert found.sentence == ("2026年第三季度应报2项：退回1项、待报1项，未到期。")
        shown = [(one.text, one.in_time) for one in found.quarters]
        assert shown[-4:] == [("—", "—"), ("1/1", "按时"), ("1/1", "逾期1项"), ("0/2", "未到期")]
        assert len(shown) == 8
        assert [part.amount for part in found.quarters[-1].bar] == [0, 0, 1]
        assert found.quarters[0].words == "2024年第四季度没有应报事项"

    def test_an_agency_that_never_owed_says_so(self, busy):
        found = selectors.agency_page(code="jtj", period=Q3).reports
        assert found.is_empty
        assert found.finding == "报送：近8个季度没有应报事项"
        assert found.sentence == ""

    def test_lights_are_counted_the_worst_first(self, busy):
        page = selectors.agency_page(code="jtj", period=Q3)
        assert page.targets_finding == "指标2项：未判定2项"
        TaskProgressFactory(task=page.led_tasks[0].task, status="stalled")
        TaskProgressFactory(task=page.convened_tasks[0].task)
        page = selectors.agency_page(code="jtj", period=Q3)
        assert page.tasks_finding == "任务3项：严重滞后或停滞1项、正常推进1项、缺报1项"
        assert page.projects_finding == "项目2个：未填报2个"

    def test_a_quarter_leads_to_the_list_that_the_reader_may_see(self, client, reader, reported):
        assert "/review/?period=2026Q3" not in words(reader.get("/agencies/jtj/"))
        client.force_login(UserFactory(roles=[Role.REVIEWER], agency=AgencyFactory(code="fgj")))
        page = words(client.get("/agencies/jtj/"))
        assert "/review/?period=2026Q3&amp;agency=jtj&amp;state=missing" in page
        client.force_login(UserFactory(agency=reported))
        assert "/my/history/?period=2026Q3" in words(client.get("/my/agency/"))

    def test_the_page_changes_with_a_report_and_not_otherwise(self, reader, reported):
        reader.get("/agencies/jtj/")
        etag = reader.get("/agencies/jtj/")["ETag"]

        def again():
            return reader.get("/agencies/jtj/", headers={"If-None-Match": etag}).status_code

        assert again() == 304
        Obligation.objects.exclude(agency=reported).update(state=State.SUBMITTED)
        assert again() == 304
        Obligation.objects.filter(agency=reported, returns=2).update(state=State.SUBMITTED)
        assert again() == 200

    def test_a_second_reader_asks_for_little_and_sees_every_report(
        self, client, reported, django_assert_max_num_queries
    ):
        DataState.touch()
        reviewers = UserFactory.create_batch(2, roles=[Role.REVIEWER], agency=AgencyFactory())
        pages = []
        for reviewer in reviewers:
            client.force_login(reviewer)
            with django_assert_max_num_queries(5 if pages else 8):
                pages.append(main_of(client.get("/agencies/jtj/")))
        assert pages[0] == pages[1]
        Obligation.objects.filter(agency=reported, returns=2).update(state=State.SUBMITTED)
        assert main_of(client.get("/agencies/jtj/")) != pages[1]

    @pytest.mark.parametrize("many", [1, 10])
    def test_statements_do_not_grow(self, client, busy, django_assert_max_num_queries, many):
        for quarter in (1, 2, 3):
            ObligationFactory.create_batch(many, period=PeriodFactory(quarter=quarter), agency=busy)
        for number in range(many):
            TargetFactory(code=f"T5{number}", lead=busy)
            TaskFactory(code=f"995{number}-1", lead=busy)
            ProjectFactory(number=500 + number, reporting_agency=busy)
        client.force_login(UserFactory(agency=busy))
        for address in ("/my/agency/", "/agencies/jtj/"):
            with django_assert_max_num_queries(8):
                client.get(address)


class TestOwn:
    def test_is_the_page_that_the_bureau_sees_with_a_note(self, client, busy):
        client.force_login(UserFactory(agency=busy))
        own = words(client.get("/my/agency/"))
        assert "区发改局看到的是同一页" in own
        assert "T901" in own
        other = words(client.get("/agencies/jtj/"))
        assert "区发改局看到的是同一页" not in other
        assert "本页与单位自己看到的相同" in other

    @pytest.mark.parametrize("role", [Role.LEADER, Role.ADMINISTRATOR])
    def test_is_closed_to_those_without_agency(self, client, role):
        client.force_login(UserFactory(roles=[role], agency=None))
        assert client.get("/my/agency/").status_code == 403


def test_only_administrators_are_led_to_the_register(client, bureau):
    client.force_login(AdministratorFactory())
    assert "维护单位" in words(client.get("/agencies/"))
    client.force_login(UserFactory(agency=bureau))
    assert "维护单位" not in words(client.get("/agencies/"))
