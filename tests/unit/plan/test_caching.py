"""Pages answer 304 while nothing has changed, and never from somebody else's copy."""

import datetime
from decimal import Decimal

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory
from django.utils import timezone

from agencies.choices import Role
from demo import services as demo
from targets import services
from targets.models import Milestone, Observation, Target
from tests.factories.agencies import AdministratorFactory, UserFactory
from tests.factories.plan import DocumentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

PAGES = (
    "/dashboard/", "/dashboard/paths.json", "/targets/", "/targets/T02/",
    "/targets/T02/figure.json", "/targets/T02/help/",
)  # fmt: skip


@pytest.fixture
def evening(clock):
    clock.move_to(datetime.datetime.combine(timezone.localdate(), datetime.time(23, 50)))


@pytest.fixture
def leader(client):
    """Who has opened a page before, as everybody has who signed in: the form's key is known."""
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    client.get("/targets/")
    return client


def again(client, page):
    """The same page once more, as a browser asks that has kept it."""
    return client.get(page.request["PATH_INFO"], headers={"if-none-match": page["ETag"]})


def observe():
    services.record_observations(
        observations=[
            Observation(
                target=Target.objects.get(code=code), year=2025, value=Decimal("16.4"),
                grade="final", source="市生态环境局", reason="最终核实",
            )
            for code in ("T01", "T02")
        ],
        by=AdministratorFactory(),
    )  # fmt: skip


def assign():
    services.assign_milestone(
        milestone=Milestone.objects.get(target__code="T02", year=2025),
        value=Decimal(16),
        document=DocumentFactory(),
        effective_from=datetime.date(2026, 11, 1),
        by=AdministratorFactory(),
    )


@pytest.mark.parametrize("address", PAGES)
def test_unchanged_is_304_and_costs_three_statements(
    leader, address, django_assert_max_num_queries
):
    """The overview reads the ledger too: it changes without the version of the data."""
    page = leader.get(address)
    assert page.status_code == 200
    assert page["Cache-Control"] == "private, no-cache"
    with django_assert_max_num_queries(4 if address == "/dashboard/" else 3):
        assert again(leader, page).status_code == 304


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("change", [observe, assign, demo.remove])
def test_a_write_answers_anew(leader, address, change):
    page = leader.get(address)
    change()
    later = again(leader, page)
    is_gone = change == demo.remove and address.endswith("/figure.json")  # without values
    assert later.status_code == (404 if is_gone else 200)


def test_what_is_new_is_in_the_answer(leader):
    page = leader.get("/targets/T02/")
    observe()
    assert "16.40%" in again(leader, page).content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_nobody_is_answered_from_the_copy_of_another(leader, address):
    page = leader.get(address)
    key = leader.cookies["csrftoken"].value
    leader.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    leader.cookies["csrftoken"] = key
    assert again(leader, page).status_code == 200


def test_another_role_makes_another_page(leader):
    user = UserFactory(roles=[Role.LEADER])
    leader.force_login(user)
    page = leader.get("/targets/T02/")
    user.roles = [Role.REVIEWER]
    user.save()
    assert again(leader, page).status_code == 200


def test_filters_have_copies_of_their_own(leader):
    page = leader.get("/dashboard/?period=2026Q2")
    later = leader.get("/dashboard/?period=2026Q1", headers={"if-none-match": page["ETag"]})
    assert later.status_code == 200


def test_the_next_day_is_answered_anew(evening, leader, clock):
    page = leader.get("/dashboard/")
    clock.move_by(datetime.timedelta(minutes=20))
    assert again(leader, page).status_code == 200


def test_a_message_is_not_kept(leader):
    page = leader.get("/targets/T02/")
    storage = CookieStorage(RequestFactory().get("/"))
    leader.cookies["messages"] = storage._encode([Message(constants.SUCCESS, "已保存")])
    later = again(leader, page)
    assert later.status_code == 200
    assert "ETag" not in later
    assert "已保存" in later.content.decode()


def test_nobody_unknown_gets_a_304(client, leader):
    page = leader.get("/dashboard/")
    leader.logout()
    assert again(leader, page).status_code == 302
