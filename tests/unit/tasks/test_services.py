import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.models import AuditEvent
from plan import services as plan
from plan.models import DataState
from targets.services import set_served
from tasks import services
from tests.factories.agencies import AdministratorFactory, AgencyFactory, UserFactory
from tests.factories.plan import CategoryFactory
from tests.factories.targets import TargetFactory
from tests.factories.tasks import TaskFactory

pytestmark = pytest.mark.django_db

TEXT = """计划
一、总体要求
坚持系统观念。
二、重点任务
（一）形成绿色低碳交通方式
1.推广清洁交通工具
到2025年，纯电动公交车比例达到75%以上。
附件1 清单
\t目标任务
\t责任单位

\t一、总体目标

\t二、重点任务

\t（一）形成绿色低碳交通方式
\t1．推广清洁交通工具。
\t区发改局
"""


@pytest.fixture
def admin():
    return AdministratorFactory()


def facts():
    return DataState.current().version, AuditEvent.objects.count()


def test_a_task_is_saved_with_its_agencies_in_order(admin):
    one, two = AgencyFactory.create_batch(2)
    task = TaskFactory.build(category=CategoryFactory(number=5), number=3, code="5-3", lead=one)
    event = services.save_task(task=task, responsible=[two, one], by=admin)
    assert (event.action, event.object_code) == ("新增", "5-3")
    assert ["责任单位", "", f"{two.name}、{one.name}"] in event.changes
    before = facts()
    assert services.save_task(task=task, responsible=[two, one], by=admin) is None
    assert facts() == before


def test_a_task_without_lead_may_have_a_convenor(admin):
    task = TaskFactory(lead=None)
    task.convenor = AgencyFactory()
    assert services.save_task(task=task, by=admin)
    assert task.reporting_agency == task.convenor
    task.lead = AgencyFactory()
    with pytest.raises(ValidationError, match="有牵头单位的任务不再指定汇总单位"):
        services.save_task(task=task, by=admin)


def test_a_number_is_taken_once(admin):
    task = TaskFactory()
    twin = TaskFactory.build(
        category=task.category, number=task.number, code="other", lead=task.lead
    )
    with pytest.raises(ValidationError, match="同一领域内任务序号不能重复"):
        services.save_task(task=twin, by=admin)


def test_targets_of_a_task(admin):
    task = TaskFactory()
    one, two = TargetFactory(code="T17"), TargetFactory(code="T18")
    event = set_served(record=task, targets=[two, one], by=admin)
    assert event.changes == [["相关指标", "", "T17、T18"]]
    before = facts()
    assert set_served(record=task, targets=[one, two], by=admin) is None
    assert facts() == before
    set_served(record=task, targets=[], by=admin, reason="口径调整")
    assert not task.targets.exists()


def test_a_task_is_retired_and_restored(admin):
    task = TaskFactory()
    plan.retire(record=task, on=datetime.date(2026, 11, 1), by=admin, reason="方案修订")
    task.refresh_from_db()
    assert task.retired_on == datetime.date(2026, 11, 1)
    plan.restore(record=task, by=admin)
    task.refresh_from_db()
    assert task.retired_on is None


def test_tasks_find_their_clauses_by_number(admin):
    task = TaskFactory(category=CategoryFactory(number=1), number=1)
    other = TaskFactory(category=CategoryFactory(number=2), number=1)
    assert services.link_clauses(by=admin) == 0
    plan.load_text(text=TEXT, by=admin)
    assert services.link_clauses(by=admin) == 1
    task.refresh_from_db()
    assert task.clause.address == "二（一）1"
    assert task.annex_clause.address == "附件1 二（一）1"
    assert task.text == "到2025年，纯电动公交车比例达到75%以上。"
    other.refresh_from_db()
    assert other.clause is None
    before = facts()
    assert services.link_clauses(by=admin) == 0
    assert facts() == before


def test_words_that_somebody_entered_stay(admin):
    task = TaskFactory(category=CategoryFactory(number=1), number=1, text="另行发文明确")
    plan.load_text(text=TEXT, by=admin)
    services.link_clauses(by=admin)
    task.refresh_from_db()
    assert task.text == "另行发文明确"


def test_only_administrators_write():
    reporter, task = UserFactory(), TaskFactory()
    day = datetime.date(2026, 11, 1)
    for write in (
        lambda: services.save_task(task=task, by=reporter),
        lambda: set_served(record=task, targets=[], by=reporter),
        lambda: plan.retire(record=task, on=day, by=reporter, reason="-"),
        lambda: plan.restore(record=task, by=reporter),
        lambda: services.link_clauses(by=reporter),
    ):
        with pytest.raises(PermissionDenied, match="只能由管理员进行"):
            write()


def test_a_write_keeps_to_its_statements(admin, django_assert_max_num_queries):
    task = TaskFactory()
    agencies = AgencyFactory.create_batch(13)
    DataState.touch()
    task = type(task).objects.get(pk=task.pk)
    task.title = "积极推进另一项工作"
    with django_assert_max_num_queries(12):
        services.save_task(task=task, responsible=agencies, by=admin)
