"""Decorators of views that support a past day, or values that wait for review."""

from functools import cache, partial, wraps

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from agencies.models import with_former_names
from pages.asof import NAME as ASOF
from pages.asof import asked_by
from pages.basis import NAME as BASIS
from pages.basis import SUBMITTED, basis_for
from pages.frame import Frame, frame_of
from pages.links import View, keeping, knows
from records.asof import AsOf, names_then

_NAMES = ("name", "short_name", "full_name")


def accepts_asof(view: View) -> View:
    """Let a view show the past day in the address. Must be above the caching decorator."""

    @wraps(view)
    def accepting(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        frame = frame_of(request)
        frame.asked = asked_by(request)
        if frame.asof is None:
            return view(request, *args, **kwargs)
        names = cache(partial(_names, frame, frame.asof))
        with with_former_names(names), keeping(ASOF, frame.asof.day.isoformat()):
            return view(request, *args, **kwargs)

    knows(accepting, ASOF)
    return accepting


def accepts_basis(view: View) -> View:
    """Let a view show waiting values. Must be above the caching and below `accepts_asof`."""

    @wraps(view)
    def accepting(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        frame = frame_of(request)
        frame.basis = basis_for(request, is_past=frame.asof is not None)
        if not frame.basis.is_submitted:
            return view(request, *args, **kwargs)
        # Only reviewers see these values: nothing of the page may enter the shared cache.
        frame.may_keep = False
        with keeping(BASIS, SUBMITTED):
            response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    knows(accepting, BASIS)
    return accepting


def _names(frame: Frame, asof: AsOf) -> dict[str, str]:
    """Present name → name on that day of agencies renamed since.

    Read only if the data state shows a renaming; the page reads that state anyway, once a request.
    """
    renamed_at = frame.state.renamed_at
    if renamed_at is None or renamed_at < asof.until:
        return {}
    now = (f"agency__{name}" for name in _NAMES)
    rows = names_then(asof).values_list(*now, *_NAMES)
    half = len(_NAMES)
    return {
        text: was for row in rows for text, was in zip(row[:half], row[half:], strict=True) if text
    }
