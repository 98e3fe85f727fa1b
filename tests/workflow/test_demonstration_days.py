"""The demonstration follows the day on which it is loaded, and every page of the menu with it."""

import datetime

import pytest
from django.core.management import CommandError, call_command

from agencies.choices import Role
from agencies.models import Agency
from common.quarters import Period
from demo import services as demo
from projects.models import ProjectProgress
from reporting.choices import ObligationState
from reporting.models import Obligation, ReportingPeriod
from setup.services import load_plan
from targets.models import Observation, Settlement
from tasks.models import TaskContribution, TaskProgress
from tests.clock import CLOCK, ZONE
from tests.documents import document
from tests.factories.agencies import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.any_server]
QUARTERLY = (TaskProgress, TaskContribution, ProjectProgress)
DAYS = {
    "2027-01-01": ("2026Q4", 2025),
    "2027-03-15": ("2026Q4", 2025),
    "2028-02-29": ("2027Q4", 2026),
    "2030-11-20": ("2030Q3", 2029),
    "2031-02-01": ("2030Q4", 2029),
}


@pytest.fixture(scope="module", params=DAYS)
def day(request, django_db_setup, django_db_blocker):
    """A day on which the plan and its demonstration were loaded."""
    today = datetime.date.fromisoformat(request.param)
    with CLOCK.kept():
        CLOCK.move_to(today)
        with django_db_blocker.unblock():
            load_plan(by=None)
            demo.load()
        yield today
        with django_db_blocker.unblock():
            call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def quarter(day):
    return DAYS[day.isoformat()][0]


@pytest.fixture
def newest_year(day):
    return DAYS[day.isoformat()][1]


def test_newest_quarter_is_being_reported(day, quarter):
    period = ReportingPeriod.objects.get()
    assert period.code == quarter
    assert period.opens_on <= day < period.due_on
    for model in QUARTERLY:
        newest = model.objects.order_by("year", "quarter").last()
        assert f"{newest.year}Q{newest.quarter}" == quarter, model


@pytest.mark.usefixtures("day")
def test_what_is_on_its_way_has_no_record_yet():
    period = ReportingPeriod.objects.get()
    known = Observation.objects.filter(year=period.year, quarter=period.quarter)
    assert not known.filter(target__code__in=("T15", "T18")).exists()
    assert known.filter(target__code="T10").exists()
    draft = Obligation.objects.get(period=period, target__code="T15")
    assert draft.state == ObligationState.DRAFT
    assert draft.texts["value_period"] == period.code
    approved = Obligation.objects.filter(period=period, state=ObligationState.APPROVED)
    assert approved.count() == 37


def test_newest_year_is_preliminary_and_the_one_before_is_final(newest_year):
    known = Observation.objects.filter(target__code="T03", quarter=None, is_current=True)
    grades = dict(known.order_by("year").values_list("year", "grade"))
    assert list(grades)[-1] == newest_year
    assert grades[newest_year] == "preliminary"
    assert grades[newest_year - 1] == "final"


def test_nothing_came_after_the_day(day):
    end = datetime.datetime.combine(day, datetime.time(23, 59), ZONE)
    for model in (Observation, Settlement, *QUARTERLY):
        assert not model._base_manager.filter(recorded_at__gt=end).exists(), model


def test_a_day_that_is_not_over_is_refused(day, settings):
    settings.LOADS_DEMO = True
    with pytest.raises(CommandError, match="不能载入以后的日期"):
        call_command("load_demo", day=day + datetime.timedelta(1))


ROLES = {
    Role.REPORTER: "jtj", Role.SIGNER: "jtj", Role.REVIEWER: "fgj", Role.LEADER: None,
    Role.ADMINISTRATOR: None,
}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_the_menu_opens(role, day, client):
    agency = Agency.objects.filter(code=ROLES[role]).first()
    client.force_login(UserFactory(roles=[role], agency=agency))
    menu = document(client.get("/", follow=True)).one("nav[aria-label=主导航]").every("a")
    assert menu
    for link in menu:
        page = document(client.get(link["href"], follow=True))
        assert page.one("h1").text, link["href"]


def test_the_overview_leads_with_the_newest_quarter(quarter, client):
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    page = document(client.get("/dashboard/"))
    assert Period.parse(quarter).label in page.text
