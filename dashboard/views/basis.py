"""The judged targets of a page, with or without values that wait for review."""

from django.http import HttpRequest

from pages.frame import frame_of
from reporting.review.selectors.unreviewed import unreviewed_values
from targets.selectors import NOTHING, Judged, Unreviewed, judged_now, judged_targets


def unreviewed_of(request: HttpRequest) -> Unreviewed:
    """Waiting values of the page, read once a request; empty unless a reviewer asks for them."""
    frame = frame_of(request)

    def read() -> Unreviewed:
        found = unreviewed_values(reader=request.user)  # type: ignore[arg-type]
        frame.know_state(found.state)
        return found.values

    return frame.once("unreviewed", read) if frame.basis.is_submitted else NOTHING


def judged_of(request: HttpRequest) -> list[Judged]:
    """The current targets on the day and basis in the address.

    Today's are cached, except with waiting values: only reviewers may see those.
    """
    frame, unreviewed = frame_of(request), unreviewed_of(request)
    if frame.asof is None and unreviewed is NOTHING:
        return judged_now(frame.state)
    return judged_targets(asof=frame.asof, unreviewed=unreviewed)
