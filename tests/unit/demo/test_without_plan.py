"""The demonstration set where there is no plan, or no longer nothing but the plan."""

import datetime

import pytest

from audit.models import AuditEvent
from demo import services
from plan.models import DataState
from tests.factories.projects import ProjectFactory, ProjectProgressFactory
from tests.factories.targets import ObservationFactory, TargetFactory
from tests.factories.tasks import TaskFactory, TaskProgressFactory

pytestmark = pytest.mark.django_db


def test_without_a_plan_there_is_nothing_to_show():
    assert services.load() == 0
    assert not DataState.current().has_demo


def test_leaves_alone_what_has_real_data():
    target = ObservationFactory(target=TargetFactory(code="T03")).target
    task = TaskProgressFactory(task=TaskFactory(code="5-1")).task
    project = ProjectProgressFactory(project=ProjectFactory(code="P9")).project
    TargetFactory(code="T04")
    assert services.load(day=datetime.date(2026, 11, 30)) == 5
    for record, name in ((target, "observations"), (task, "progress"), (project, "progress")):
        assert not getattr(record, name).filter(is_demo=True).exists()


def test_of_nothing_leaves_no_trace():
    assert services.remove() == 0
    assert not AuditEvent.objects.exists()
