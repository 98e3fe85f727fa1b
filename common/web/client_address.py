"""Whose request it is, where proxies stand in front."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The caller's address as the outermost of our proxies saw it; None if nobody can say.

    Only a configured proxy is believed. Each adds on the right whom it was called by, so that the
    entry at their number from the right is the caller; what stands left of it anybody can write.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if not settings.PROXY_COUNT or not _is_proxy(peer):
        return _readable(peer)
    handed_on = request.headers.get("X-Forwarded-For", "").split(",")
    if len(handed_on) < settings.PROXY_COUNT:
        return None
    return _readable(handed_on[-settings.PROXY_COUNT])


def network_of(address: str | None) -> str | None:
    """What is counted as one caller: an IPv4 address, or the 64 bits that an IPv6 line is given."""
    if address is None or ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)


def _is_proxy(peer: str) -> bool:
    """A peer without an address has come through a socket of the file system."""
    address = _readable(peer)
    if address is None:
        return settings.PROXY_ON_SOCKET and not peer
    return any(ipaddress.ip_address(address) in network for network in settings.TRUSTED_PROXIES)


def _readable(text: str) -> str | None:
    """The address in its one spelling. A zone ("fe80::1%eth0") means nothing to the database."""
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        return None if address.scope_id else str(address.ipv4_mapped or address)
    return str(address)
