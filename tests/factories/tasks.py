"""Tasks of the tests."""

import factory

from tasks.choices import TaskStatus
from tasks.models import Task, TaskContribution, TaskProgress
from tests.factories.agencies import AgencyFactory
from tests.factories.plan import CategoryFactory


class TaskFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Task

    category = factory.SubFactory(CategoryFactory)
    number = 1
    code = factory.LazyAttribute(lambda task: f"{task.category.number}-{task.number}")
    title = factory.Sequence(lambda n: f"积极推进第{n + 1}项工作")
    lead = factory.SubFactory(AgencyFactory)


class TaskProgressFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TaskProgress

    task = factory.SubFactory(TaskFactory)
    year = 2026
    quarter = 3
    status = TaskStatus.ON_TRACK
    narrative = "按计划推进。"


class TaskContributionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TaskContribution

    task = factory.SubFactory(TaskFactory)
    agency = factory.SubFactory(AgencyFactory)
    year = 2026
    quarter = 3
    text = "配合完成站点用地审批。"


def shared(task, *agencies):
    """The task with agencies that share in it, in this order."""
    for position, agency in enumerate(agencies):
        task.shares.create(agency=agency, position=position)
    return task
