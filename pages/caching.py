"""Caching by the version of the data, in browsers and in this process.

Unchanged pages answer 304; parts that are the same for every reader are made once a version.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition

from pages.frame import Frame, frame_of
from pages.links import View

Mark = Callable[..., object]
Made = TypeVar("Made")


def unchanged_answers_304(view: View) -> View:
    """Decorate a page that depends on data, day, account and address only; browsers cache it."""
    return answers_304_while_same(_nothing_else)(view)


def answers_304_while_same(mark: Mark) -> Callable[[View], View]:
    """As `unchanged_answers_304`, for a page that shows more: `mark` is what that depends on.

    `mark` is called with the view's arguments; its repr becomes part of the ETag.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answering(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            response: HttpResponseBase = conditional(request, *args, **kwargs)
            patch_cache_control(response, private=True, no_cache=True)
            return response

        def etag(request: HttpRequest, *args: object, **kwargs: object) -> str | None:
            return _etag(request, lambda: mark(request, *args, **kwargs))

        conditional = condition(etag_func=etag)(view)
        return answering

    return decorate


def _nothing_else(*args: object, **kwargs: object) -> None:
    """The mark of a page that shows data only."""


def _etag(request: HttpRequest, mark: Callable[[], object]) -> str | None:
    """None (no ETag) where the page shows a one-time message, or must not be cached."""
    frame = frame_of(request)
    if len(get_messages(request)) or not frame.may_keep:
        return None
    # What a page shows besides data: account, roles, notice, computer, CSRF token, day and build.
    parts = (
        mark(),
        frame.state.version,
        request.user.pk,
        getattr(request.user, "roles", ""),
        getattr(request.user, "notice", ""),
        request.session.get("is_public_computer"),
        request.META.get("CSRF_COOKIE", ""),
        request.get_full_path(),
        timezone.localdate(),
        settings.BUILD,
    )
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def cached_by_version(frame: Frame, name: str, make: Callable[[], Made], *, area: str = "") -> Made:
    """The result of `make`, cached for a version of the data and a day in this process.

    `area` names the app whose recorded values it shows, or "plan" for none: changes of other
    areas leave it. Only for what every reader may see and sees alike. The version must be read
    before the data, so that nothing older than its key is ever cached. Not cached without a
    version, or for a past day: that is rarely asked for and would evict the present.
    """
    kept = VersionCache(frame)
    found: Made | None = kept.find(name, area=area)
    if found is None:
        found = make()
        kept.store(name, found, area=area)
    return found


class VersionCache:
    """The cache of `cached_by_version` for callers that look first and make later."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame

    def find(self, name: str, *, area: str = "") -> Any:
        """The cached object; None if there is none."""
        key = self._key(name, area)
        return caches["made"].get(key) if key else None

    def store(self, name: str, made: object, *, area: str = "") -> None:
        if key := self._key(name, area):
            caches["made"].set(key, made)

    def _key(self, name: str, area: str) -> str:
        state = self.frame.state
        if not state.version or self.frame.asof or not self.frame.may_keep:
            return ""
        version = state.mark_of(area) if area else (state.version, state.changed_at)
        parts = (name, version, timezone.localdate(), settings.BUILD)
        return hashlib.sha256(repr(parts).encode()).hexdigest()
