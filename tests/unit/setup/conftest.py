import pytest

from setup import services
from tests.factories.agencies import AdministratorFactory, AgencyFactory, UserFactory


@pytest.fixture
def admin(db):
    return AdministratorFactory()


@pytest.fixture
def plan(db):
    """Agencies, text and targets of the published plan."""
    services.load_agencies(by=None)
    services.load_text_and_targets(by=None)


@pytest.fixture
def old():
    return AgencyFactory(name="区科学技术局", short_name="区科技局", code="kjj")


@pytest.fixture
def heir():
    return AgencyFactory(name="区工业和信息化局", short_name="区工信局", code="gxj")


@pytest.fixture
def zhang(old):
    return UserFactory(agency=old, username="zhangsan")
