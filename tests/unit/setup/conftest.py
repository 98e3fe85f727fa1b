import pytest

from setup import services
from tests.factories.agencies import AdministratorFactory


@pytest.fixture
def admin(db):
    return AdministratorFactory()


@pytest.fixture
def plan(db):
    """Agencies, text and targets of the published plan."""
    services.load_agencies(by=None)
    services.load_text_and_targets(by=None)
