"""The page of the ledger and its download."""

import datetime
import io
from decimal import Decimal

import openpyxl
import pytest

from agencies.choices import Role
from audit import origin, services
from audit.models import AuditEvent, Way
from audit.selectors import export_rows, history
from targets.services import record_observations
from tests.factories.agencies import AdministratorFactory, AgencyFactory, UserFactory
from tests.factories.reporting import PeriodFactory
from tests.factories.targets import ObservationFactory, TargetFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(client):
    user = UserFactory(
        name="赵六", agency=AgencyFactory(name="区发展和改革局"), roles=[Role.REVIEWER]
    )
    client.force_login(user)
    return user


def entry(code, action="修改", kind="指标", changes=()):
    return services.Entry(action, kind, code, f"{code} 某项", tuple(changes))


def codes(**filters):
    return [event.object_code for event in history(filters=filters)]


def test_filters():
    user = UserFactory(name="王芳")
    services.record(entry("T1"), by=user)
    services.record(entry("T18"), by=None)
    with origin.acting(way=Way.EXCEL):
        services.record(entry("T18 2026Q3", action="录入", kind="实际值"), by=user)
    assert codes() == ["T18 2026Q3", "T18", "T1"], "latest first"
    assert codes(object="T18") == ["T18 2026Q3", "T18"]
    assert codes(object="T1") == ["T1"], "not T18"
    assert codes(user="王") == ["T18 2026Q3", "T1"]
    assert codes(kind="实际值") == codes(way=Way.EXCEL) == codes(action="录入") == ["T18 2026Q3"]


def test_days_are_whole_days_of_this_place():
    services.record(entry("T1"), by=None)
    at = AuditEvent.objects.get().at.astimezone(datetime.timezone(datetime.timedelta(hours=8)))
    today = at.date()
    assert codes(**{"from": today, "to": today}) == ["T1"]
    assert codes(**{"from": today + datetime.timedelta(days=1)}) == []
    assert codes(to=today - datetime.timedelta(days=1)) == []


def test_a_value_stands_in_the_history_of_its_target(client, reviewer):
    target = TargetFactory(code="T18", name="纯电动公交车比例")
    value = ObservationFactory.build(target=target, year=2026, quarter=3, value=Decimal("78.6"))
    record_observations(observations=[value], by=reviewer)
    page = client.get("/history/?object=T18").content.decode()
    assert "T18 2026年第三季度" in page
    assert "数值：78.6" in page
    assert "赵六" in page
    assert "区发展和改革局" in page
    assert 'href="/targets/T18/"' in page


def test_long_lists_of_changes_are_folded(client, reviewer):
    changes = [(f"字段{number}", "旧", "新") for number in range(9)]
    services.record(entry("T1", changes=changes), by=reviewer)
    page = client.get("/history/").content.decode()
    assert "另有5项" in page
    assert "字段8：旧 → 新" in page


def test_what_cannot_be_a_filter_is_said_and_passed_over(client, reviewer):
    services.record(entry("T1"), by=None)
    page = client.get("/history/?from=gestern&object=T1").content.decode()
    assert "日期写成 2024-03-15" in page
    assert "T1 某项" in page


def test_empty_and_pages(client, reviewer):
    assert "没有符合条件的记录" in client.get("/history/?object=T99").content.decode()
    services.record_all((entry(f"T{number}") for number in range(120)), by=None)
    page = client.get("/history/?kind=指标&page=3")
    assert page.context["page"].number == 3
    assert "共120条" in page.content.decode()


def test_statements_do_not_grow(client, reviewer, django_assert_num_queries):
    for count in (2, 300):
        services.record_all((entry(f"T{number}") for number in range(count)), by=reviewer)
        with django_assert_num_queries(5):
            client.get("/history/")


def test_the_download_has_a_row_for_each_field_and_is_noted(client, reviewer):
    changes = [("数值", "", "78.6"), ("备注", "", "=1+1")]
    services.record(entry("T18", changes=changes), by=reviewer)
    answer = client.post("/history/export/?object=T18")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[1]][:4] == ["时间", "操作人", "单位", "操作"]
    assert [[cell.value for cell in row[6:11]] for row in sheet.iter_rows(min_row=2)] == [
        ["T18", "T18 某项", "数值", None, "78.6"],
        ["T18", "T18 某项", "备注", None, "=1+1"],
    ]
    assert sheet["K3"].data_type == "s"
    last = AuditEvent.objects.latest("pk")
    assert (last.action, last.object_type, last.actor_name) == ("导出", "留痕", "赵六")
    assert ["条件", "", "object=T18"] in last.changes
    assert client.get("/history/export/").status_code == 405


def test_administrators_read_it_too(client):
    client.force_login(AdministratorFactory())
    assert client.get("/history/").status_code == 200


def test_moments_are_written_as_people_write_them(client, reviewer):
    old = ("关闭时间", "2026-11-30 01:08:32.753981+00:00", "")
    services.record(entry("2026Q3", kind="填报期", changes=[old]), by=reviewer)
    period = PeriodFactory(opened_at=None)
    period.opened_at = datetime.datetime(2026, 11, 30, 17, 12, 5, tzinfo=datetime.UTC)
    services.save(period, by=reviewer)
    assert ["开放时间", "", "2026年12月1日 01:12"] in AuditEvent.objects.latest("pk").changes
    page = client.get("/history/").content.decode()
    assert "2026年11月30日 09:08" in page
    assert "+00:00" not in page
    rows = list(export_rows(history(filters={}), most=10))
    assert "2026年11月30日 09:08" in [row[9] for row in rows]
