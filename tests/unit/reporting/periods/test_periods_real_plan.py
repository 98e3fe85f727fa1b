"""Who owes what by the published plan."""

import datetime
from collections import Counter

import pytest

from agencies.choices import GROUP_KINDS
from reporting.models import ReportingPeriod
from reporting.periods.selectors.planned_obligations import planned_obligations
from setup import services as setup
from tasks.models import Task, TaskAgency

LEADLESS = ("1-1", "2-2", "4-4", "8-2", "9-1", "9-2", "9-3")


@pytest.fixture(scope="module")
def plan(django_db_setup, django_db_blocker):
    from django.core.management import call_command

    with django_db_blocker.unblock():
        setup.load_plan(by=None)
    yield
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


def period(**asks):
    day = datetime.date
    return ReportingPeriod(
        year=2026, quarter=3, opens_on=day(2026, 11, 2), due_on=day(2026, 11, 27),
        closes_on=day(2027, 1, 4), **asks,
    )  # fmt: skip


@pytest.mark.django_db
def test_counts_by_kind(plan, django_assert_num_queries):
    with django_assert_num_queries(4):
        found = planned_obligations(period=period(asks_annual=True)).owed
    counts = Counter(row.kind for row in found)
    shares = TaskAgency.objects.exclude(agency__kind__in=GROUP_KINDS).count()
    assert counts == {"target": 21, "task": 25, "contribution": shares, "project": 6}


@pytest.mark.django_db
def test_the_seven_tasks_without_lead_and_the_groups_are_holes(plan):
    holes = planned_obligations(period=period()).holes
    assert tuple(hole.code for hole in holes if hole.kind == "task") == LEADLESS
    assert [hole.name for hole in holes if hole.kind == "contribution"] == ["各街道", "社区（村）"]


@pytest.mark.django_db
def test_companies_without_a_reporting_agency_are_holes(plan):
    holes = [hole for hole in planned_obligations(period=period()).holes if hole.kind == "project"]
    assert len(holes) == 14
    assert all(hole.why == "没有填报责任单位" for hole in holes)


@pytest.mark.django_db
def test_with_convenors_every_task_is_owed_once(plan):
    for task in Task.objects.filter(lead=None):
        task.convenor = task.responsible.exclude(kind__in=GROUP_KINDS).first()
        task.save()
    found = planned_obligations(period=period())
    tasks = [row.subject for row in found.owed if row.kind == "task"]
    assert len(tasks) == len(set(tasks)) == 32
    assert not [hole for hole in found.holes if hole.kind == "task"]
