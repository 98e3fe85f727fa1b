"""`?basis=submitted`: a page with the values that wait for review, for the bureau's reviewers.

Such a page is cached neither by this process nor by browsers: it changes without the data's
version.
"""

from dataclasses import dataclass

from django.http import HttpRequest

from agencies.policies import Action, can
from pages.links import without

NAME, SUBMITTED = "basis", "submitted"
WORDS = (
    "口径：含待审核。已报送、还没有审核的数值画成空心，注明“含待审核”；"
    "不作判定依据，不进打印和导出。"
)
REFUSED = "含待审核的数值只供区发改局审核员查看，以下为仅已审核的数据。"
OF_TODAY = "过去的日期只有已审核的数据，以下不含待审核的数值。"


@dataclass(frozen=True)
class Basis:
    """The basis of a page, with a sentence above it where it differs from the default or the
    request.
    """

    is_submitted: bool = False
    may_choose: bool = False
    sentence: str = ""
    approved_url: str = ""


def basis_for(request: HttpRequest, *, is_past: bool) -> Basis:
    """The basis that an address asks for, as far as its reader may see it."""
    may = can(request.user, Action.REVIEW)
    if request.GET.get(NAME) != SUBMITTED:
        return Basis(may_choose=may)
    url = without(request, NAME)
    if not may:
        return Basis(sentence=REFUSED, approved_url=url)
    if is_past:
        return Basis(may_choose=True, sentence=OF_TODAY, approved_url=url)
    return Basis(True, True, WORDS, url)
