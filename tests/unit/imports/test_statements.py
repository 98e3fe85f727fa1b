"""Statements of the pages and of the writes: pinned, and the same for ten times as many rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plan.models import DataState
from projects.models import Project
from tasks.models import Task
from tests.factories.agencies import AdministratorFactory
from tests.unit.common.workbooks.workbook_bytes import workbook
from tests.workflow import annexes

pytestmark = pytest.mark.django_db
PROJECTS = ["序号", "类别", "项目单位", "项目名称", "建设内容", "起止年限", "项目总投资（万元）"]
TASKS = ["重点任务", "", "牵头单位", "责任单位"]
PAGE_LIMIT = 8


@pytest.fixture
def admin_client(client):
    client.force_login(AdministratorFactory())
    DataState.touch()
    return client


def projects(rows, amount=1):
    lines = [
        [
            n,
            f"第{n % 6 + 1}类工程",
            f"区第{n % 7 + 1}局",
            f"第{n}号湿地",
            "",
            "2023-2025",
            n * amount,
        ]
        for n in range(1, rows + 1)
    ]
    return (f"附件2-{rows}-{amount}.xlsx", workbook([PROJECTS, *lines]))


def tasks(rows, words=""):
    goals = [
        ["一、总体目标"],
        ["（一）到2025年，结构优化", "单位GDP能耗比2020年下降15%。", "区第1局", "区第2局"],
    ]
    lines = [
        [
            f"（一）第1类{words}",
            f"{n}．推进第{n}项工作{words}",
            "/",
            f"区第{n % 7 + 1}局、区第{n % 5 + 1}局",
        ]
        for n in range(1, rows + 1)
    ]
    return (f"附件1-{rows}{words}.xlsx", workbook([TASKS, *goals, ["二、重点任务"], *lines]))


def counted(act):
    """Without the one that keeps a session awake, once a minute."""
    with CaptureQueriesContext(connection) as queries:
        answer = act()
    assert answer.status_code in (200, 302)
    return sum(not one["sql"].startswith('UPDATE "django_session"') for one in queries)


def to_the_end(client, file):
    annexes.upload(client, file)
    annexes.name_convenors(client, "later")
    annexes.take_agencies(client)


@pytest.mark.parametrize("table", [tasks, projects])
def test_pages_take_as_many_statements_for_200_rows_as_for_20(admin_client, table):
    counts = {}
    for rows in (20, 200):
        to_the_end(admin_client, table(rows))
        address = annexes.latest().get_absolute_url()
        for step in ("header", "problems", "agencies", "differences", "confirm"):
            act = lambda: admin_client.get(address, {"step": step})  # noqa: B023, E731
            counts.setdefault(step, []).append(counted(act))
    for step, (few, many) in counts.items():
        assert few == many, step
        assert few <= PAGE_LIMIT, step


@pytest.mark.parametrize("table", [tasks, projects])
def test_confirming_and_undoing_take_as_many_statements_for_200_rows(admin_client, table):
    confirmed, undone = [], []
    for rows in (20, 200):
        to_the_end(admin_client, table(rows))
        confirmed.append(counted(lambda: annexes.send(admin_client, "confirm")))
        address = annexes.latest().get_absolute_url()
        undone.append(counted(lambda: admin_client.post(f"{address}undo/")))  # noqa: B023
        assert not Task.objects.exists()
        assert not Project.objects.exists()
    assert confirmed[0] == confirmed[1] <= 40
    assert undone[0] == undone[1] <= 110


@pytest.mark.parametrize(("table", "other"), [(tasks, {"words": "改"}), (projects, {"amount": 2})])
def test_a_changed_table_takes_as_many_statements_for_200_rows(admin_client, table, other):
    confirmed = []
    for rows in (20, 200):
        to_the_end(admin_client, table(rows))
        annexes.send(admin_client, "confirm")
        to_the_end(admin_client, table(rows, **other))
        assert annexes.preview(annexes.latest()).counts["changed"] == rows
        confirmed.append(counted(lambda: annexes.send(admin_client, "confirm")))
    assert confirmed[0] == confirmed[1] <= 40


def test_the_list_of_imports_takes_six_statements_for_any_number(admin_client):
    annexes.upload(admin_client, projects(1))
    few = counted(lambda: admin_client.get(annexes.LIST))
    for rows in range(2, 6):
        annexes.upload(admin_client, projects(rows))
    assert counted(lambda: admin_client.get(annexes.LIST)) == few <= 6
