"""Agencies as the data stood at the end of a day: what they carry, without how they reported."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from agencies.choices import Role
from agencies.models import Agency, GroupMember
from plan.models import DataState
from reporting.choices import ObligationKind, ObligationState
from reporting.models import Submission
from setup.models import AgencyChange
from setup.services import record, take_back
from targets.models import Target
from tests.factories.agencies import AgencyFactory, GroupFactory, UserFactory
from tests.factories.matters import RiskFactory
from tests.factories.projects import ProjectFactory, ProjectProgressFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.factories.tasks import TaskFactory, TaskProgressFactory
from tests.pages import statements, text, words, workbook
from tests.unit.reporting.reviewed import handed_in

pytestmark = pytest.mark.django_db

DAY, LONG_AGO = "2026-06-30", "2021-01-01"
PAGES = ("/agencies/", "/agencies/jtj/", "/dashboard/reporting/")
TODAY_ONLY = "应报、已报送、按时和退回只有今天的"


def noon(day):
    return timezone.make_aware(datetime.datetime.fromisoformat(f"{day}T12:00"))


def came(row, day, **fields):
    """As if it had been recorded at noon of a day."""
    type(row)._base_manager.filter(pk=row.pk).update(recorded_at=noon(day), **fields)


def carry(agency, number):
    """A target, a task and a project of the agency, known since June, and worse since September."""
    target = TargetFactory(code=f"T9{number}", lead=agency)
    MilestoneFactory(target=target, value=Decimal(75))
    task = TaskFactory(code=f"99{number}-1", lead=agency)
    project = ProjectFactory(
        number=900 + number, reporting_agency=agency, start_year=2023, end_year=2024
    )
    owners = (
        (ObservationFactory, {"target": target}, ({"value": Decimal(80)}, {"value": Decimal(70)})),
        (TaskProgressFactory, {"task": task}, ({"status": "on_track"}, {"status": "stalled"})),
        (ProjectProgressFactory, {"project": project},
         ({"status": "completed"}, {"status": "under_way"})),
    )  # fmt: skip
    for factory, of, (first, second) in owners:
        if factory is not ObservationFactory:
            of = of | {"year": 2026, "quarter": 1}
        came(factory(**of, **first), "2026-06-15", is_current=False)
        came(factory(**of, **second, version=2, reason="更正"), "2026-09-15")


@pytest.fixture
def agency():
    found = AgencyFactory(code="jtj", name="区交通运输局", short_name="区交通局")
    carry(found, 1)
    ObligationFactory(
        period=PeriodFactory(), agency=found, target=Target.objects.get(),
        state=ObligationState.RETURNED, returns=2,
    )  # fmt: skip
    DataState.touch()
    return found


@pytest.fixture
def reader(client, agency):
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    return client


def page(reader, address, day=DAY):
    return reader.get(f"{address}?asof={day}")


@pytest.mark.parametrize("address", PAGES)
def test_each_says_its_day_and_leads_back(reader, address):
    shown = text(page(reader, address))
    assert "按2026年6月30日已掌握的数据显示" in shown
    assert f'<a data-today href="{address}">回到今天</a>' in shown
    assert "已掌握的数据" not in text(reader.get(address))


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("day", [DAY, LONG_AGO])
def test_few_statements_whatever_the_rows(reader, agency, address, day):
    few = len(statements(reader, f"{address}?asof={day}"))
    assert few <= 8
    for number in range(2, 8):
        carry(agency, number)
    assert len(statements(reader, f"{address}?asof={day}")) == few


def test_its_targets_tasks_and_projects_are_those_of_the_day(reader):
    then = page(reader, "/agencies/jtj/").context["page"]
    now = page(reader, "/agencies/jtj/", "2026-10-01").context["page"]
    assert [row.settled.met for _, row in then.targets] == [True]
    assert [row.settled.met for _, row in now.targets] == [False]
    assert then.period.code == "2026Q1"
    assert [row.light.word for _, row in then.tasks] == ["正常推进"]
    assert [row.light.word for _, row in then.projects] == ["已竣工"]
    assert [row.status for _, row in now.projects] == ["under_way"]


@pytest.mark.usefixtures("of_2026q3")
def test_how_it_reported_is_of_today_only(reader):
    assert "退回2次" in text(reader.get("/agencies/jtj/"))
    shown = text(page(reader, "/agencies/jtj/"))
    assert TODAY_ONLY in shown
    assert '<a data-today href="/agencies/jtj/#reports">' in shown
    assert "退回2次" not in shown
    assert "0/1" not in words(shown)


@pytest.mark.usefixtures("of_2026q3")
def test_the_page_of_all_reports_shows_no_number(reader):
    now, then = (text(answer) for answer in (
        reader.get("/dashboard/reporting/"), page(reader, "/dashboard/reporting/")
    ))  # fmt: skip
    assert "应报1项" in now
    assert TODAY_ONLY in then
    assert "应报1项" not in then
    assert "区交通局" not in then


def test_what_waited_then_waits(reader, agency):
    reporter = UserFactory(agency=agency)
    item = handed_in(reporter, ObligationKind.TASK)
    Submission.objects.update(submitted_at=noon("2026-10-20"))
    for day, waits in (("2026-10-19", False), ("2026-10-20", True)):
        rows = page(reader, "/agencies/jtj/", day).context["page"].tasks
        light = next(row.light for _, row in rows if row.task == item.task)
        assert ("待审核" in light.word) is waits


def test_an_agency_that_ended_later_was_in_service(reader, agency):
    Agency.objects.update(valid_to=datetime.date(2026, 8, 31))
    assert "这个单位已停用" in text(reader.get("/agencies/jtj/"))
    assert "这个单位已停用" not in text(page(reader, "/agencies/jtj/"))


def test_the_list_leaves_accounts_out_and_keeps_the_day(reader):
    shown = text(page(reader, "/agencies/"))
    assert "账号</th>" in text(reader.get("/agencies/"))
    assert "账号</th>" not in shown
    assert f'href="/agencies/jtj/?asof={DAY}"' in shown


def test_the_agencys_own_page_knows_the_day(client, agency):
    client.force_login(UserFactory(agency=agency))
    shown = text(page(client, "/my/agency/"))
    assert "按2026年6月30日已掌握的数据显示" in shown
    assert "退回2次" not in shown


def test_an_unchanged_day_is_not_sent_again(reader):
    page(reader, "/agencies/jtj/")
    tag = page(reader, "/agencies/jtj/")["ETag"]
    assert tag != reader.get("/agencies/jtj/")["ETag"]
    address = f"/agencies/jtj/?asof={DAY}"
    assert reader.get(address, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.usefixtures("of_2026q3")
def test_the_wall_is_always_of_today(reader):
    """It is left on for days, and says so nowhere: the parameter is ignored."""
    shown = text(page(reader, "/dashboard/wall/"))
    assert "已掌握的数据" not in shown
    assert "1项已报送" in shown


class TestNames:
    """An agency that was renamed since goes by the name of the day that is shown."""

    OLD, NEW = ("区交通运输局", "区交通局"), ("区交通和城市运行局", "区交运局")

    @pytest.fixture
    def renamed(self, agency):
        """Renamed on 20 November; a member of a group, sharing in another target."""
        share = TargetFactory(code="T95", lead=None, convenor=None)
        share.shares.create(agency=agency, position=0)
        GroupMember.objects.create(group=GroupFactory(code="bm"), member=agency)
        RiskFactory(title="停工", level="high", agency=agency, reported_at=noon("2026-06-20"))
        with time_machine.travel(noon("2026-11-20"), tick=False):
            name, short_name = self.NEW
            change = AgencyChange(
                agency=agency, kind="rename", day=datetime.date(2026, 11, 20), name=name,
                short_name=short_name,
            )  # fmt: skip
            record(change=change, number="开编委〔2026〕12号", title="通知", by=None)
        return change

    @pytest.mark.parametrize(
        "address",
        ["/agencies/", "/agencies/jtj/", "/agencies/bm/", "/targets/", "/targets/T91/",
         "/targets/T95/", "/tasks/", "/tasks/991-1/", "/projects/P901/", "/dashboard/print/"],
    )  # fmt: skip
    def test_pages(self, reader, renamed, address):
        then, today = text(page(reader, address)), text(reader.get(address))
        for shown, yes, no in ((then, self.OLD, self.NEW), (today, self.NEW, self.OLD)):
            main = shown.partition("<main")[2].partition("其他写法")[0]
            main = main.replace("区交通运输局公交台账", "")  # a source, as it was typed
            assert any(name in main for name in yes), address
            assert not any(name in main for name in no), address

    @pytest.mark.parametrize(
        "address", ["/targets/export.xlsx", "/tasks/export.xlsx", "/projects/export.xlsx"]
    )
    def test_workbooks(self, reader, renamed, address):
        _, rows = workbook(page(reader, address))
        said = " ".join(str(cell.value) for row in rows for cell in row.values())
        assert any(name in said for name in self.OLD)
        assert not any(name in said for name in self.NEW)

    def test_a_renaming_that_was_taken_back_is_remembered_on_its_days(self, reader, renamed):
        with time_machine.travel(noon("2026-11-25"), tick=False):
            take_back(change=renamed, by=None)
        days = {"2026-11-19": self.OLD, "2026-11-21": self.NEW, "2026-11-26": self.OLD}
        for day, (name, _) in days.items():
            assert f"<h1>{name}</h1>" in text(page(reader, "/agencies/jtj/", day)), day

    def test_one_statement_more_and_only_where_one_was_renamed_since(self, reader, renamed):
        few = len(statements(reader, "/targets/?asof=2026-11-21"))
        assert len(statements(reader, f"/targets/?asof={DAY}")) == few + 1

    def test_a_past_day_writes_nothing_under_the_old_name(self, reader, renamed):
        page(reader, "/agencies/jtj/")
        assert Agency.objects.get(code="jtj").name == self.NEW[0]
