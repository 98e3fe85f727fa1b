"""The overview while quarters follow one another: never blank, none hidden by the next."""

import datetime

import pytest
from django.utils import timezone

from agencies.choices import Role
from common.quarters import Period
from plan.models import DataState
from reporting.choices import ObligationKind, ObligationState, PeriodState
from reporting.periods.selectors.opened_periods import opened_periods
from tests.documents import document
from tests.factories.agencies import UserFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory
from tests.factories.targets import MilestoneFactory
from tests.factories.tasks import TaskFactory, TaskProgressFactory

pytestmark = pytest.mark.django_db
day = datetime.date
PAGES = ("/dashboard/", "/dashboard/wall/", "/dashboard/print/")
OPENED = datetime.datetime(2026, 10, 8, 9, tzinfo=datetime.UTC)


@pytest.fixture
def task():
    return TaskFactory(code="5-1")


@pytest.fixture
def plan(task):
    """The third quarter is closed with a report, the fourth planned."""
    MilestoneFactory()
    third = PeriodFactory(
        opens_on=day(2026, 10, 8), due_on=day(2026, 11, 4), closes_on=day(2026, 12, 2),
        opened_at=OPENED, state=PeriodState.CLOSED,
    )  # fmt: skip
    ObligationFactory(
        period=third, kind=ObligationKind.TASK, task=task, agency=task.lead,
        state=ObligationState.APPROVED,
    )  # fmt: skip
    TaskProgressFactory(task=task, year=2026, quarter=3, status="on_track")
    return PeriodFactory(
        quarter=4, opens_on=day(2027, 1, 4), due_on=day(2027, 1, 29), closes_on=day(2027, 4, 20),
        state=PeriodState.PLANNED,
    )  # fmt: skip


@pytest.fixture
def read(client, clock):
    """A page as a leader reads it on a day."""
    leader = UserFactory(roles=[Role.LEADER])

    def get(address, today):
        clock.move_to(today)
        leader.password_changed_at = timezone.now()
        leader.save()
        client.force_login(leader)
        return document(client.get(address))

    return get


def start(period, task):
    period.state = PeriodState.OPEN
    period.save()
    ObligationFactory(period=period, kind=ObligationKind.TASK, task=task, agency=task.lead)


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("today", [day(2026, 12, 31), day(2027, 1, 1), day(2027, 1, 3)])
def test_the_newest_quarter_stays_and_the_next_is_named(plan, read, address, today):
    said = read(address, today).text
    assert "2026年第三季度" in said
    assert "下一期：2026年第四季度，1月4日开放" in said
    assert ("1/1" if address == "/dashboard/" else "任务：没有滞后或停滞的") in said


@pytest.mark.parametrize("address", ["/tasks/", "/agencies/jtj/", "/tasks/5-1/"])
def test_lists_and_pages_of_one_follow(plan, task, read, address):
    task.lead.code = "jtj"
    task.lead.save()
    assert "正常推进" in read(address, day(2027, 1, 1)).text


def test_where_nothing_is_planned_nothing_is_promised(plan, read):
    assert "下一期" in read("/dashboard/", day(2027, 1, 4)).text
    assert "下一期" not in read("/dashboard/", day(2027, 1, 5)).text  # it has missed its day
    plan.delete()
    page = read("/dashboard/", day(2027, 1, 1))
    assert page.one("h1").text == "2026年第三季度"
    said = page.text
    assert "下一期" not in said


@pytest.mark.parametrize(
    ("today", "word"),
    [
        (day(2027, 1, 4), "待报"),
        (day(2027, 1, 28), "待报"),
        (day(2027, 1, 29), "待报"),
        (day(2027, 1, 30), "缺报"),
    ],
)
@pytest.mark.parametrize("address", [*PAGES, "/tasks/", "/agencies/jtj/"])
def test_awaited_until_its_day_and_missing_after_it(plan, task, read, address, today, word):
    task.lead.code = "jtj"
    task.lead.save()
    start(plan, task)
    said = read(address, today).text
    assert word in said.replace("待报为还没有", "").replace("斜纹为缺报", "").replace(
        "待报（截止日期以前）、缺报（截止以后）", ""
    ).replace("待报、缺报", "")
    assert "2026年第四季度" in said or address.startswith("/agencies/")


def test_two_that_run_are_both_reached(plan, task, read):
    start(plan, task)
    one = PeriodFactory(
        year=2027, quarter=1, opens_on=day(2027, 4, 1), due_on=day(2027, 4, 28),
        closes_on=day(2027, 5, 28), state=PeriodState.OPEN,
    )  # fmt: skip
    ObligationFactory(period=one, kind=ObligationKind.TASK, task=task, agency=task.lead)
    page = read("/dashboard/", day(2027, 4, 6))
    assert page.one("h1").text == "2027年第一季度"
    assert "2026年第四季度也在填报，1月29日截止" in page.text
    links = [link["href"] for link in page.every("a") if link.text == "2026年第四季度"]
    assert links == ["?period=2026Q4"]
    page = read("/dashboard/?period=2026Q4", day(2027, 4, 6))
    assert page.one("h1").text == "2026年第四季度"
    assert "2027年第一季度也在填报" in page.text


def test_a_quarter_opened_before_its_end_can_be_chosen(plan, task, read):
    start(plan, task)
    page = read("/dashboard/", day(2026, 12, 21))
    assert page.one("h1").text == "2026年第三季度"
    assert "2026Q4" in [option["value"] for option in page.every("option")]
    chosen = read("/dashboard/?period=2026Q4", day(2026, 12, 21))
    assert chosen.one("h1").text == "2026年第四季度"


def test_a_past_day_shows_the_quarter_of_that_day(plan, task, read):
    DataState.touch()
    plan.opened_at = datetime.datetime(2027, 1, 4, 1, tzinfo=datetime.UTC)
    start(plan, task)
    for asof, quarter in (("2027-01-02", "三"), ("2027-01-04", "四")):
        page = read(f"/dashboard/?asof={asof}", day(2027, 2, 10))
        assert page.one("h1").text == f"2026年第{quarter}季度"


def test_reports_alone_make_a_quarter_too(task, clock):
    clock.move_to(day(2027, 1, 1))
    last = Period(2026, 4)
    assert opened_periods(last=last).newest == last  # nothing at all
    TaskProgressFactory(task=task, year=2026, quarter=2)
    assert opened_periods(last=last).newest == Period(2026, 2)
    PeriodFactory(state=PeriodState.CLOSED)
    assert opened_periods(last=last).newest == Period(2026, 3)
    assert opened_periods(last=last, asked=Period(2026, 1)).shown == Period(2026, 1)
