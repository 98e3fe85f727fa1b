import pytest

from tests.factories.agencies import AdministratorFactory


@pytest.fixture
def administrator():
    return AdministratorFactory(name="管理员")


@pytest.fixture
def admin_client(client, administrator):
    """A browser in which an administrator is signed in."""
    client.force_login(administrator)
    return client
