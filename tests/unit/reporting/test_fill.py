"""The form of an item, without a script."""

import pytest
from django.urls import reverse

from tests.factories.agencies import UserFactory
from tests.factories.reporting import ObligationFactory

pytestmark = pytest.mark.django_db

KINDS = ("target", "task", "contribution", "project")


def item_of(kind, agency=None, **more):
    return ObligationFactory(kind=kind, **({"agency": agency} if agency else {}), **more)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_form(client, kind):
    item = item_of(kind)
    client.force_login(UserFactory(agency=item.agency))
    page = client.get(item.get_absolute_url())
    assert page.status_code == 200
    assert 'id="fill"' in page.content.decode()


def test_home(client):
    item = item_of("target")
    for kind in KINDS[1:]:
        item_of(kind, item.agency)
    client.force_login(UserFactory(agency=item.agency))
    page = client.get(reverse("reporting:home"))
    assert page.status_code == 200
