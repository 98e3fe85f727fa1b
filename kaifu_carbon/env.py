"""The environment variables that configure an installation, read and checked in one place.

One that is set but empty counts as not set: .env.example names them all.
"""

import ipaddress
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def flag(name: str, *, default: bool = False) -> bool:
    """True for 1, true, yes, on."""
    raw = text(name).lower()
    return raw in {"1", "true", "yes", "on"} if raw else default


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def number(name: str, default: int) -> int:
    """A whole number, not negative."""
    raw = text(name, str(default))
    if not (raw.isascii() and raw.isdigit()):
        raise ImproperlyConfigured(f"环境变量 {name} 应为整数，如 {default}，现在是“{raw}”")
    return int(raw)


def one_of(name: str, *choices: str) -> str:
    """One of the words; the first where none is given."""
    raw = text(name, choices[0])
    if raw not in choices:
        raise ImproperlyConfigured(f"环境变量 {name} 应为 {' 或 '.join(choices)}，现在是“{raw}”")
    return raw


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list without empty parts."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def path(name: str, default: Path) -> Path:
    return Path(text(name) or default)


def required(name: str, hint: str) -> str:
    """Raise ImproperlyConfigured with the hint where the variable is missing."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"缺少环境变量 {name}：{hint}")
    return value


_MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


class Mail(NamedTuple):
    """A mail server; no host: e-mail is off."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    ssl: bool


def mail(url: str) -> Mail:
    """The server of smtp://, smtp+tls:// (STARTTLS) or smtps://user:password@host:port."""
    parts = urlsplit(url)
    if url and (parts.scheme not in _MAIL_PORTS or not parts.hostname):
        raise ImproperlyConfigured(
            "KAIFU_EMAIL_URL 写成 smtp+tls://用户:口令@主机:587，也可用 smtp:// 或 smtps://"
        )
    return Mail(
        parts.hostname or "",
        parts.port or _MAIL_PORTS.get(parts.scheme, 25),
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        tls=parts.scheme == "smtp+tls",
        ssl=parts.scheme == "smtps",
    )


def database(url: str) -> dict[str, object]:
    """Django's database settings of a postgresql:// address.

    A socket directory is given as ?host=/directory; other query parts become libpq options.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            "DATABASE_URL 只支持 PostgreSQL，如 postgresql://用户:口令@主机:5432/库名"
        )
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or parts.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": options.pop("port", None) or str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": "5"} | options,  # a host that is gone says nothing at all
    }


def networks(
    name: str, addresses: Iterable[str]
) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Addresses and networks, such as 127.0.0.1 or 10.0.0.0/24, that the variable names."""
    try:
        return tuple(ipaddress.ip_network(address) for address in addresses)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} 写代理的地址或网段，逗号分隔，如 127.0.0.1,10.0.0.0/24；经套接字的写 unix"
        ) from error
