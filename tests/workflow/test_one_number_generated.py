"""Plans made up by chance: one number wherever it stands."""

import pytest
from django.core.management import call_command

from tests.clock import CLOCK, OF_2026Q3
from tests.factories.generated import generated_plan
from tests.workflow.one_newest import OneNewest
from tests.workflow.one_number import OneNumber
from tests.workflow.one_overview import OneOverview

pytestmark = [pytest.mark.django_db, pytest.mark.any_server]


@pytest.fixture(scope="module", params=[1, 2, 3])
def plan(request, django_db_setup, django_db_blocker):
    """Made once for all tests, each of which takes back what it writes; of 2026."""
    with CLOCK.kept():
        CLOCK.move_to(OF_2026Q3)
        with django_db_blocker.unblock():
            generated_plan(request.param)
        yield
        with django_db_blocker.unblock():
            call_command("flush", interactive=False, verbosity=0)


class TestOfGeneratedPlans(OneNumber):
    """Three of them."""


class TestNewestOfGeneratedPlans(OneNewest):
    """Three of them."""


class TestOverviewOfGeneratedPlans(OneOverview):
    """Three of them."""
