"""The wall of the meeting room: the overview's parts; asked for again and again by itself."""

import datetime

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from agencies.choices import Role
from dashboard.selectors.earlier_overview import overview
from plan.models import DataState
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.projects import ProjectFactory, ProjectProgressFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory
from tests.factories.tasks import TaskProgressFactory
from tests.pages import statements, text

pytestmark = pytest.mark.django_db

WALL = "/dashboard/wall/"


@pytest.fixture
def leader(client):
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    return client


def plan():
    ObservationFactory(target=MilestoneFactory().target)
    TaskProgressFactory()
    ProjectProgressFactory(project=ProjectFactory())


@pytest.mark.parametrize("role", list(Role))
def test_everybody_reads_it_also_without_a_plan(client, role):
    client.force_login(UserFactory(roles=[role], agency=AgencyFactory()))
    page = client.get(WALL)
    assert page.status_code == 200
    assert "还没有载入方案" in text(page)


@pytest.mark.usefixtures("of_2026q3")
def test_it_says_what_the_overview_says(leader):
    plan()
    page = leader.get(f"{WALL}?period=2026Q3")
    seen = overview(period=page.context["period"])
    for words in (
        *(phrase.text for phrase in seen.targets.sentence),
        seen.tasks_finding,
        seen.targets.settled_finding,
        seen.investment_finding,
    ):
        assert words in text(page)
    assert text(page).count('<section class="slide') == 6


@pytest.mark.usefixtures("of_2026q3")
def test_the_reporting_stands_on_the_last_slide_and_moves_at_once(leader):
    period = PeriodFactory()
    item = ObligationFactory(period=period)
    DataState.touch()
    before = leader.get(f"{WALL}?period=2026Q3")
    assert "报送：应报1项，待报1项" in text(before)
    item.state = "approved"
    item.version += 1
    item.save()
    after = leader.get(f"{WALL}?period=2026Q3", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert "报送：应报1项，已全部报到" in text(after)


def test_an_unchanged_wall_answers_304_and_a_changed_one_does_not(leader):
    plan()
    DataState.touch()
    leader.get(WALL)  # sets the cookie on which the answer depends
    first = leader.get(WALL)
    again = leader.get(WALL, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    DataState.touch()
    assert leader.get(WALL, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_asking_again_does_not_keep_the_session_awake(leader):
    soon = timezone.now() + datetime.timedelta(minutes=5)
    Session.objects.update(expire_date=soon)
    leader.get(WALL)
    assert Session.objects.get().expire_date == soon
    leader.get("/dashboard/")
    assert Session.objects.get().expire_date > soon


def test_statements_do_not_grow(leader):
    def more(count):
        for _ in range(count):
            plan()
            ObligationFactory(period=PeriodFactory())

    more(1)
    few = len(statements(leader, WALL))
    more(9)
    assert len(statements(leader, WALL)) == few <= 8
