"""What was handed in and is not yet approved reads 待审核, in the list, the map and the sheet."""

import datetime
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from common.quarters import Period
from dashboard.selectors.overview.overview import overview
from reporting.choices import ObligationKind, ObligationState, PeriodState
from reporting.periods.selectors.opened_periods import opened_periods
from tasks import selectors
from tasks.choices import TaskStatus
from tasks.rules import progress as rules
from tasks.selectors import TaskFilters
from tests.documents import document
from tests.factories.cast import make_cast
from tests.factories.plan import CategoryFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory
from tests.factories.targets import TargetFactory
from tests.factories.tasks import TaskFactory, TaskProgressFactory

pytestmark = pytest.mark.django_db

NOW = Period.last_closed(timezone.localdate())


@pytest.fixture
def waiting(client):
    """Four tasks of a quarter: one approved, one handed in, one corrected, one not begun."""
    cast = make_cast()
    client.force_login(cast["孙领导"])
    period = PeriodFactory(year=NOW.year, quarter=NOW.quarter, state=PeriodState.OPEN)
    category = CategoryFactory(number=7)
    states = (
        (ObligationState.APPROVED, ""),
        (ObligationState.SUBMITTED, ""),
        (ObligationState.SUBMITTED, "数据有误需要更正"),
        (ObligationState.DRAFT, ""),
    )
    tasks = []
    for number, (state, correction) in enumerate(states, start=1):
        task = TaskFactory(category=category, number=number)
        ObligationFactory(
            period=period, agency=task.lead, kind=ObligationKind.TASK, task=task,
            state=state, correction_reason=correction,
        )  # fmt: skip
        tasks.append(task)
    for task in (tasks[0], tasks[2]):
        TaskProgressFactory(
            task=task, year=NOW.year, quarter=NOW.quarter, status=TaskStatus.ON_TRACK
        )
    return tasks


def words(**filters):
    asked = opened_periods(last=NOW).periods
    rows = selectors.task_rows(filters=TaskFilters(**filters), period=NOW, opened=asked)
    return [(row.task.number, row.light.word) for row in rows]


def test_each_task_says_where_its_report_is(waiting, clock):
    due = waiting[3].obligations.get().period.due_on
    for today, word, status in (
        (due, "待报", rules.AWAITED),
        (due + datetime.timedelta(days=1), "缺报", rules.MISSING),
    ):
        clock.move_to(today)
        assert words() == [(1, "正常推进"), (2, "待审核"), (3, "正常推进"), (4, word)]
        assert words(status=rules.WAITING) == [(2, "待审核")]
        assert words(status=status) == [(4, word)]


def test_more_time_is_time_to_come(waiting, clock):
    item = waiting[3].obligations.get()
    later = item.period.due_on + datetime.timedelta(days=5)
    waiting[3].obligations.update(due_on=later)
    after = later + datetime.timedelta(days=1)
    for today, word, shown in ((later, "待报", "2/2＋2"), (after, "缺报", "缺报1")):
        clock.move_to(today)
        assert words()[3] == (4, word)
        (cell,) = [
            row.cells[-1]
            for row in overview(period=NOW, opened=opened_periods(last=NOW).periods).heat.rows
            if row.category.number == 7
        ]
        assert cell.summary.text == shown


def test_map_finding_and_list_agree(waiting, clock):
    clock.move_to(waiting[3].obligations.get().period.due_on + datetime.timedelta(days=1))
    asked = opened_periods(last=NOW).periods
    page = overview(period=NOW, opened=asked)
    (cell,) = [row.cells[-1] for row in page.heat.rows if row.category.number == 7]
    assert cell.summary.words == "正常2/4，待审核1，缺报1"
    assert (cell.summary.text, cell.css) == ("缺报1", "cell-missing")
    assert page.tasks_finding == "任务：没有滞后或停滞的"
    counts = selectors.status_counts(period=NOW, opened=asked)
    assert counts.sentence == f"{NOW.label}：4项任务，正常推进2、待审核1、缺报1。"


def test_where_all_came_the_map_counts_what_waits(waiting):
    waiting[3].obligations.update(state=ObligationState.REVIEWING)
    heat = selectors.heat_map(NOW.back(8), opened=opened_periods(last=NOW).periods)
    (cell,) = [row.cells[-1] for row in heat.rows if row.category.number == 7]
    assert (cell.summary.text, cell.css) == ("2/2＋2", "cell-grey")


def test_page_and_sheet(client, waiting, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        page = client.get(f"/tasks/?period={NOW.code}").content.decode()
    assert "待审核<b>1</b>" in page
    answer = client.get(f"/tasks/export.xlsx?period={NOW.code}")
    sheet = load_workbook(BytesIO(answer.getvalue())).active
    assert "待审核" in {cell.value for row in sheet.iter_rows() for cell in row}


def test_a_report_that_comes_is_shown_at_once(client, waiting):
    """The overview is kept by the data's version; what waits is part of its name."""
    TargetFactory()
    assert "正常2/4，待审核1" in client.get("/dashboard/").content.decode()
    waiting[3].obligations.update(state=ObligationState.SUBMITTED)
    assert "正常2/4，待审核2" in client.get("/dashboard/").content.decode()


def test_the_pages_of_the_task_and_its_agency(client, waiting):
    task = waiting[1]
    page = client.get(task.get_absolute_url()).content.decode()
    assert f"{NOW.label}<b>已报送，待审核</b>" in page
    assert "待审</span>" in page
    assert "待审核" in client.get(f"/agencies/{task.lead.code}/").content.decode()
    assert "<b>还没有填报</b>" in client.get(waiting[3].get_absolute_url()).content.decode()


def test_the_list_has_the_map_of_eight_quarters(waiting, client):
    heat = document(client.get("/tasks/")).one("table.heat")
    quarters = [head.text for head in heat.every("th.q")]
    assert quarters == [period.short_label for period in NOW.back(8)]
    assert heat.every("td")[-1].text == "2/2＋2"
    TaskProgressFactory(
        task=waiting[3], year=NOW.year, quarter=NOW.quarter, status=TaskStatus.STALLED
    )
    stalled = document(client.get("/tasks/")).one("table.heat").every("td")[-1]
    assert stalled.text == "2/3＋1"
