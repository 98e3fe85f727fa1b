"""Behind the documented proxy each caller has an address of its own (case 20)."""

import ipaddress

import pytest
from django.test import Client

from audit.models import AuditEvent
from tests.factories.agencies import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
STRANGER, OFFICE = "198.51.100.66", "203.0.113.9"


@pytest.fixture(autouse=True)
def _proxy(settings):
    settings.PROXY_COUNT = 1
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("127.0.0.1")]


@pytest.fixture(autouse=True)
def director():
    return UserFactory(username="ld", name="孙领导")


def sign_in(handed_on, password=PASSWORD, username="ld", peer="127.0.0.1"):
    """A fresh browser behind the proxy, which adds the caller's address on the right."""
    return Client().post(
        "/login/",
        {"username": username, "password": password},
        REMOTE_ADDR=peer,
        HTTP_X_FORWARDED_FOR=handed_on,
    )


def test_fifty_wrong_passwords_from_one_address_lock_nobody_elsewhere_out():
    for number in range(10):
        UserFactory(username=f"user{number}")
        for _ in range(5):
            sign_in(STRANGER, "wrong", f"user{number}")
    assert sign_in(STRANGER).status_code == 429
    for name in ("ld", "user0", "user9"):
        assert sign_in(OFFICE, username=name).status_code == 302


def test_what_a_caller_writes_itself_makes_it_nobody_else():
    for number in range(5):
        sign_in(f"{OFFICE}, 10.0.0.{number}, {STRANGER}", "wrong")
    assert sign_in(f"{OFFICE}, {STRANGER}").status_code == 429
    assert sign_in(OFFICE).status_code == 302


def test_past_the_proxy_the_header_is_not_believed():
    for number in range(5):
        sign_in(f"10.0.0.{number}", "wrong", peer=STRANGER)
    assert sign_in(OFFICE, peer=STRANGER).status_code == 429


def test_the_ledger_has_the_caller_not_the_proxy():
    sign_in(STRANGER, "wrong")
    sign_in(OFFICE)
    sign_in("nonsense", "wrong")
    events = AuditEvent.objects.filter(action__startswith="登录").order_by("pk")
    assert [(one.action, one.address) for one in events] == [
        ("登录失败", STRANGER),
        ("登录", OFFICE),
        ("登录失败", None),
    ]


def test_callers_whom_nobody_can_name_are_counted_together_and_apart_from_others():
    for text in ("nonsense", "", "1.2.3.4:80", "x", "unknown"):
        sign_in(text, "wrong")
    assert sign_in("anything").status_code == 429
    assert sign_in(OFFICE).status_code == 302
