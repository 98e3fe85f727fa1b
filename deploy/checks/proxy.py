"""One request through the proxy: does the system see who calls, and by what?"""

import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.urls import reverse

from deploy.findings import Finding, met, short

NAME = "经代理访问"
SALT = "deploy.seen"
SECONDS = 10
VALID_SECONDS = 60
# Of a network for documentation: nobody has it, so nobody may appear to.
FORGED = "203.0.113.77"
# A caller on this machine who is not mistaken for the proxy, which calls from 127.0.0.1.
CALLER = "127.0.0.2"


def token() -> str:
    """A token that is valid for a minute and proves knowledge of the installation's key."""
    return signing.dumps("seen", salt=SALT)


def is_token(text: str) -> bool:
    try:
        return bool(signing.loads(text, salt=SALT, max_age=VALID_SECONDS) == "seen")
    except signing.BadSignature:
        return False


def address_seen(url: str = "") -> Finding:
    """What the system takes for the caller's address; `url` where the site is opened otherwise."""
    url = url or f"{'https' if settings.HTTPS else 'http'}://{(settings.ALLOWED_HOSTS or [''])[0]}"
    try:
        status, seen, own = _ask(url)
    except (OSError, ValueError, http.client.HTTPException) as error:
        return short(NAME, f"{url}打不开：{error}")
    if status in {301, 302} and settings.HTTPS:
        return short(NAME, f"{url}又转到https：代理没有传X-Forwarded-Proto: https")
    if status != http.client.OK:
        return short(NAME, f"{url}应答{status}：请核对ALLOWED_HOSTS、代理的Host和转发地址")
    return _judged(str(seen.get("address")), own)


def _judged(seen: str, own: str) -> Finding:
    if seen == FORGED:
        return short(NAME, "来访者可以伪造地址：代理须改写X-Forwarded-For，代理个数不能多设")
    if seen != own:
        return short(NAME, f"系统看到{seen}，实际是{own}：请核对KAIFU_PROXY_COUNT和代理设置")
    return met(NAME, f"系统看到的来源地址是{seen}，与实际一致，伪造的不被采信")


def _ask(url: str) -> tuple[int, Mapping[str, Any], str]:
    """Status, what the system saw, and the address that it was asked from."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    options: dict[str, Any] = {"timeout": SECONDS, "source_address": _source(host)}
    secure = parts.scheme == "https"
    if secure:
        line: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, parts.port, context=ssl.create_default_context(), **options
        )
    else:
        line = http.client.HTTPConnection(host, parts.port, **options)
    try:
        line.request("GET", reverse("seen", args=[token()]), headers={"X-Forwarded-For": FORGED})
        own = str(line.sock.getsockname()[0])
        answer = line.getresponse()
        body = answer.read()
        return answer.status, json.loads(body) if answer.status == http.client.OK else {}, own
    finally:
        line.close()


def _source(host: str) -> tuple[str, int] | None:
    address = socket.gethostbyname(host)
    return (CALLER, 0) if ipaddress.ip_address(address).is_loopback else None
