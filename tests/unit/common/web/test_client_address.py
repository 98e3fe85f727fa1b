"""Whose request it is: through proxies that are configured, and past others."""

import ipaddress

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from common.web.client_address import client_address, network_of
from kaifu_carbon import env


def asked(peer, handed_on=None):
    more = {} if handed_on is None else {"HTTP_X_FORWARDED_FOR": handed_on}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=peer, **more))


@pytest.fixture
def behind(settings):
    def configure(count, *networks, socket=False):
        settings.PROXY_COUNT = count
        settings.TRUSTED_PROXIES = [ipaddress.ip_network(one) for one in networks]
        settings.PROXY_ON_SOCKET = socket

    return configure


def test_without_proxies_the_peer_is_the_caller_whatever_it_says():
    assert asked("192.0.2.7", "10.0.0.1") == "192.0.2.7"
    assert asked("127.0.0.1", "10.0.0.1") == "127.0.0.1"


@pytest.mark.parametrize(
    ("count", "handed_on", "caller"),
    [
        (1, "192.0.2.7", "192.0.2.7"),
        (1, "10.0.0.1, 192.0.2.7", "192.0.2.7"),
        (1, "192.0.2.7,", None),
        (2, "10.0.0.1, 192.0.2.7, 10.9.9.9", "192.0.2.7"),
        (2, "192.0.2.7", None),
        (1, None, None),
        (1, "unknown", None),
        (1, "192.0.2.7:443", None),
        (1, "192.0.2.007", None),
        (1, "::ffff:192.0.2.7", "192.0.2.7"),
        (1, "2001:DB8:0:0::7", "2001:db8::7"),
        (1, "fe80::1%eth0", None),
    ],
)
def test_the_entry_counted_from_the_right_is_the_caller(behind, count, handed_on, caller):
    behind(count, "127.0.0.1")
    assert asked("127.0.0.1", handed_on) == caller


def test_only_a_configured_proxy_is_believed(behind):
    behind(1, "10.0.0.0/24", "::1")
    assert asked("10.0.0.9", "192.0.2.7") == "192.0.2.7"
    assert asked("::1", "192.0.2.7") == "192.0.2.7"
    assert asked("10.0.1.9", "192.0.2.7") == "10.0.1.9"
    assert asked("127.0.0.1", "192.0.2.7") == "127.0.0.1"


def test_a_socket_is_a_proxy_only_where_it_is_named(behind):
    behind(1, "127.0.0.1")
    assert asked("", "192.0.2.7") is None
    behind(1, "127.0.0.1", socket=True)
    assert asked("", "192.0.2.7") == "192.0.2.7"
    assert asked("nonsense", "192.0.2.7") is None


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (None, None),
    ],
)
def test_an_ipv6_line_is_counted_as_one_caller(address, network):
    assert network_of(address) == network


def test_a_proxy_that_is_no_address_is_refused_in_words():
    assert env.networks("X", ["10.0.0.0/24"]) == (ipaddress.ip_network("10.0.0.0/24"),)
    with pytest.raises(ImproperlyConfigured, match="KAIFU_TRUSTED_PROXIES 写代理的地址或网段"):
        env.networks("KAIFU_TRUSTED_PROXIES", ["nginx.local"])
