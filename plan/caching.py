"""Unchanged pages answer 304: the version of the data is the key of what a browser keeps."""

import hashlib
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition

from plan.models import DataState

View = Callable[..., HttpResponseBase]


def data_state(request: HttpRequest) -> DataState:
    """The data state, read once a request."""
    state: DataState | None = getattr(request, "_data_state", None)
    if state is None:
        state = DataState.current()
        request._data_state = state  # type: ignore[attr-defined]
    return state


def unchanged_answers_304(view: View) -> View:
    """A page that depends on data, day, account and address only; kept by the browser alone."""

    @wraps(view)
    def answering(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response: HttpResponseBase = conditional(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_cache=True)
        return response

    conditional = condition(etag_func=_etag)(view)
    return answering


def _etag(request: HttpRequest, *args: object, **kwargs: object) -> str | None:  # noqa: ARG001
    """None, and so no ETag, where the page carries a message that is shown once."""
    if len(get_messages(request)):
        return None
    parts = (
        data_state(request).version,
        request.user.pk,
        getattr(request.user, "roles", ""),
        request.META.get("CSRF_COOKIE", ""),
        request.get_full_path(),
        timezone.localdate(),
        settings.BUILD,
    )
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'
