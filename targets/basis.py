"""The values that wait for review, as a page asks for them."""

from django.http import HttpRequest

from plan.basis_pages import basis_of
from targets.selectors import NOTHING, Unreviewed


def unreviewed_of(request: HttpRequest) -> Unreviewed:
    """What the page lays over the approved values; nothing unless a reviewer asks for it.

    The room of reporting, which knows it, puts its reader on the request.
    """
    if not basis_of(request).is_submitted:
        return NOTHING
    found: Unreviewed = request.read_unreviewed()  # type: ignore[attr-defined]
    return found
