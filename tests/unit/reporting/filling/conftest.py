"""A target with two quarters on record, and who fills it in."""

from decimal import Decimal

import pytest

from tests.factories.agencies import UserFactory
from tests.factories.reporting import ObligationFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory


@pytest.fixture
def target():
    obligation = ObligationFactory(target__frequency="quarterly", target__code="T18")
    MilestoneFactory(target=obligation.target, value=Decimal(75))
    for quarter, value in ((1, "77.4"), (2, "77.9")):
        ObservationFactory(
            target=obligation.target, year=2026, quarter=quarter, value=Decimal(value)
        )
    return obligation


@pytest.fixture
def zhang(target, client):
    user = UserFactory(name="张三", agency=target.agency)
    client.force_login(user)
    return user
