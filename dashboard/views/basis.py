"""The targets and the values that wait for review, as a page asks for them."""

from django.http import HttpRequest

from pages.asof import asof_of
from pages.basis import basis_of
from pages.caching import data_state, know_state
from reporting.review.selectors.unreviewed import unreviewed_values
from targets.selectors import NOTHING, Judged, Unreviewed, judged_now, judged_targets


def unreviewed_of(request: HttpRequest) -> Unreviewed:
    """What the page lays over the approved values, read once a request; nothing unless a reviewer
    asks for it."""
    if not basis_of(request).is_submitted:
        return NOTHING
    found: Unreviewed | None = getattr(request, "_unreviewed", None)
    if found is None:
        read = unreviewed_values(reader=request.user)  # type: ignore[arg-type]
        if read.state is not None:
            know_state(request, read.state)
        found = request._unreviewed = read.values  # type: ignore[attr-defined]
    return found


def judged_of(request: HttpRequest) -> list[Judged]:
    """The targets in force on the day and by the basis that the address asks for.

    Those of today are kept, without what waits for review: only a reviewer may see that.
    """
    asof, unreviewed = asof_of(request), unreviewed_of(request)
    if asof is None and unreviewed is NOTHING:
        return judged_now(data_state(request))
    return judged_targets(asof=asof, unreviewed=unreviewed)
