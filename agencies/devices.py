"""Browsers in which an account was signed in before: a signed cookie for each account.

The signature holds only for the password of that time, and ends when the account is closed.
"""

import datetime
from collections.abc import Mapping

from django.conf import settings
from django.core import signing
from django.http import HttpResponseBase
from django.utils.crypto import get_random_string

from agencies.models import User

MAX_AGE = datetime.timedelta(days=90)


def remember(response: HttpResponseBase, user: User) -> None:
    """Set the cookie by which the browser is recognised as one where this account was signed in."""
    response.set_cookie(
        _name(user),
        signing.dumps(get_random_string(20), salt=_salt(user)),
        max_age=MAX_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponseBase, user: User) -> None:
    """Delete that cookie, on a computer that others use."""
    response.delete_cookie(_name(user), samesite="Lax")


def device_of(cookies: Mapping[str, str], user: User) -> str:
    """The name of the browser; empty if the account was not signed in there."""
    try:
        shown = signing.loads(cookies.get(_name(user), ""), salt=_salt(user), max_age=MAX_AGE)
    except signing.BadSignature:
        return ""
    return str(shown) if user.is_active else ""


def _name(user: User) -> str:
    return f"device_{user.pk}"


def _salt(user: User) -> str:
    return f"agencies.devices {user.pk} {user.password} {user.closed_at}"
