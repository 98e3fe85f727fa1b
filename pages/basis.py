"""`?basis=submitted`: a page with the values that wait for review, for the bureau's reviewers.

Nothing of such a page is kept, by this process or by a browser: it changes without the data.
"""

from dataclasses import dataclass
from functools import wraps

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from agencies.policies import Action, can
from pages.asof import asof_of
from pages.caching import keep_nothing
from pages.links import View, keep_in_links, knows, without

NAME, SUBMITTED = "basis", "submitted"
WORDS = (
    "口径：含待审核。已报送、还没有审核的数值画成空心，注明“含待审核”；"
    "不作判定依据，不进打印和导出。"
)
REFUSED = "含待审核的数值只供区发改局审核员查看，以下为仅已审核的数据。"
OF_TODAY = "过去的日期只有已审核的数据，以下不含待审核的数值。"


@dataclass(frozen=True)
class Basis:
    """What a page shows, and the sentence above it where that is not what was usual or asked."""

    is_submitted: bool = False
    may_choose: bool = False
    sentence: str = ""
    approved_url: str = ""


def accepts_basis(view: View) -> View:
    """A view that can show what waits for review. It stands above the caching, below the day."""

    @wraps(view)
    def accepting(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        basis = _asked(request)
        request._basis = basis  # type: ignore[attr-defined]
        if not basis.is_submitted:
            return view(request, *args, **kwargs)
        keep_nothing(request)
        response = view(request, *args, **kwargs)
        keep_in_links(response, NAME, SUBMITTED)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    knows(accepting, NAME)
    return accepting


def basis_of(request: HttpRequest) -> Basis:
    """The approved values where a page knows no other."""
    found: Basis = getattr(request, "_basis", Basis())
    return found


def _asked(request: HttpRequest) -> Basis:
    may = can(request.user, Action.REVIEW)
    if request.GET.get(NAME) != SUBMITTED:
        return Basis(may_choose=may)
    url = without(request, NAME)
    if not may:
        return Basis(sentence=REFUSED, approved_url=url)
    if asof_of(request):
        return Basis(may_choose=True, sentence=OF_TODAY, approved_url=url)
    return Basis(True, True, WORDS, url)
