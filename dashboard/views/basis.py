"""The targets and the values that wait for review, as a page asks for them."""

from django.http import HttpRequest

from pages.frame import frame_of
from reporting.review.selectors.unreviewed import unreviewed_values
from targets.selectors import NOTHING, Judged, Unreviewed, judged_now, judged_targets


def unreviewed_of(request: HttpRequest) -> Unreviewed:
    """What the page lays over the approved values, read once a request; nothing unless a reviewer
    asks for it."""
    frame = frame_of(request)

    def read() -> Unreviewed:
        found = unreviewed_values(reader=request.user)  # type: ignore[arg-type]
        frame.know_state(found.state)
        return found.values

    return frame.once("unreviewed", read) if frame.basis.is_submitted else NOTHING


def judged_of(request: HttpRequest) -> list[Judged]:
    """The targets in force on the day and by the basis that the address asks for.

    Those of today are kept, without what waits for review: only a reviewer may see that.
    """
    frame, unreviewed = frame_of(request), unreviewed_of(request)
    if frame.asof is None and unreviewed is NOTHING:
        return judged_now(frame.state)
    return judged_targets(asof=frame.asof, unreviewed=unreviewed)
