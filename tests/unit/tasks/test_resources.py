"""The register of tasks."""

import pytest

from audit.models import AuditEvent
from tasks.resources import TaskRegister
from tests.factories.agencies import AdministratorFactory, AgencyFactory
from tests.factories.targets import TargetFactory
from tests.factories.tasks import TaskFactory
from tests.registers import bring_in, refused, table_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return AdministratorFactory(username="admin")


@pytest.fixture
def task():
    return TaskFactory(code="5-1", lead=AgencyFactory(name="区交通运输局"))


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_is_exported_comes_back_without_a_change(admin, task, kind):
    task.shares.create(agency=AgencyFactory(), position=1)
    task.targets.add(TargetFactory(code="T18"))
    _, rows = table_of(TaskRegister, kind)
    assert rows[0]["编号"] == "5-1", "no spreadsheet has made a date of it"
    assert bring_in(TaskRegister, rows, by=admin).counts["same"] == 1
    assert not AuditEvent.objects.exists()


def test_agencies_in_order_and_targets_by_code(admin, task):
    AgencyFactory(name="区商务局")
    AgencyFactory(name="区发展和改革局", short_name="区发改局")
    TargetFactory(code="T15")
    TargetFactory(code="T18")
    row = {"编号": "5-1", "责任单位": "区商务局、区发改局", "相关指标": "T18、T15"}
    assert bring_in(TaskRegister, [row], by=admin).counts["changed"] == 1
    assert [share.agency.name for share in task.shares.all()] == ["区商务局", "区发展和改革局"]
    assert {target.code for target in task.targets.all()} == {"T15", "T18"}
    labels = {
        change[0]
        for event in AuditEvent.objects.filter(object_code="5-1")
        for change in event.changes
    }
    assert labels == {"责任单位", "相关指标"}
    assert bring_in(TaskRegister, [row], by=admin).counts["same"] == 1


def test_a_lead_excludes_a_convenor(admin, task):
    row = {"编号": "5-1", "汇总单位": "区交通运输局"}
    assert refused(TaskRegister, [row], by=admin) == ["第2行 有牵头单位的任务不再指定汇总单位"]


def test_an_unknown_agency_is_asked_about_by_name(admin, task):
    row = {"编号": "5-1", "牵头单位": "区交运局"}
    [problem] = refused(TaskRegister, [row], by=admin)
    assert problem == "第2行 牵头单位：没有“区交运局”这个单位，相近的有：区交通运输局"


def test_a_date_in_the_code_is_explained(admin, task):
    import datetime

    row = {"编号": datetime.date(2026, 5, 1), "任务": "x"}
    [problem] = refused(TaskRegister, [row], by=admin)
    assert problem.startswith("第2行 编号：“2026-05-01”是日期，可能被Excel自动改过")


def test_a_task_is_retired_and_restored(admin, task):
    bring_in(TaskRegister, [{"编号": "5-1", "停用日期": "2026-11-01"}], by=admin)
    task.refresh_from_db()
    assert task.retired_on is not None
    bring_in(TaskRegister, [{"编号": "5-1", "停用日期": ""}], by=admin)
    task.refresh_from_db()
    assert task.retired_on is None
    assert [e.action for e in AuditEvent.objects.order_by("pk")] == ["停用", "恢复"]
