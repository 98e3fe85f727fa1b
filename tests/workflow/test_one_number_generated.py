"""Plans made up by chance: one number wherever it stands."""

import pytest
from django.core.management import call_command

from tests.factories.agencies import UserFactory
from tests.factories.generated import generated_plan
from tests.workflow.one_number import OneNumber

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", params=[1, 2, 3])
def plan(request, django_db_setup, django_db_blocker):
    """Made once for all tests, each of which takes back what it writes."""
    with django_db_blocker.unblock():
        generated_plan(request.param)
    yield
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


class TestOfGeneratedPlans(OneNumber):
    """Three of them."""


@pytest.mark.parametrize("asked", ["0000Q1", "2026", "1999Q4", "9999Q9", "x", ""])
def test_a_quarter_that_no_heat_map_shows_falls_back_to_the_last(client, asked):
    generated_plan(1, targets=0, projects=0)
    client.force_login(UserFactory())
    assert client.get(f"/tasks/?period={asked}").context["period"].code == "2026Q3"
