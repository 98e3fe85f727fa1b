"""Pages of agencies."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from agencies.models import Agency
from agencies.policies import Action, SignedInRequest, can, requires
from dashboard.forms.agencies import AgencyFilterForm
from dashboard.selectors import agencies as selectors
from dashboard.views.completeness import opened_of
from dashboard.views.matters import matter_table
from pages.caching import answers_304_while_same, cached_by_version
from pages.decorators import accepts_asof
from pages.frame import Frame, frame_of
from reporting.matters.selectors.lines import MatterLine
from reporting.matters.selectors.related import MATTERS_OF_AGENCY, open_first
from reporting.periods.selectors.completeness import stands_of

ROWS_PER_PAGE = 100


@require_safe
@requires(Action.READ)
@accepts_asof
def agency_list(request: HttpRequest) -> HttpResponse:
    """The list of agencies. Not cached: it counts accounts, which are not in the data's version."""
    form = AgencyFilterForm(request.GET)
    pages = Paginator(selectors.agencies_with_counts(**form.filters), ROWS_PER_PAGE)
    context = {
        "form": form,
        "page": pages.get_page(request.GET.get("page")),
        "found": f"共{pages.count}个单位",
        "may_manage": can(request.user, Action.MANAGE_AGENCIES),
    }
    return render(request, "agencies/list.html", context)


@require_safe
@requires(Action.READ)
@accepts_asof
@answers_304_while_same(
    lambda request, code: (_matters(request, code), _reports(frame_of(request), code))
)
def agency_detail(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, code, is_own=False)


@require_safe
@requires(Action.READ_OWN)
@cache_control(no_store=True)
@accepts_asof
def own(request: SignedInRequest) -> HttpResponse:
    """The page of the signed-in account's own agency."""
    return _page(request, _own_code(request), is_own=True)


def _own_code(request: SignedInRequest) -> str:
    if request.user.agency is None:
        raise Http404("这个账号不属于任何单位")
    return request.user.agency.code


def _agency(frame: Frame, code: str) -> Agency:
    """The agency with its reports, read once a request; without reports for a past day."""

    def read() -> Agency:
        try:
            if frame.asof:
                return selectors.agency_with_places(code=code)
            return selectors.agency_with_reports(code=code, period=opened_of(frame).shown)
        except Agency.DoesNotExist as error:
            raise Http404(f"没有代码为{code}的单位") from error

    return frame.once("agency", read)


def _reports(frame: Frame, code: str) -> object:
    """A mark of the reports, which change without the data's version."""
    if frame.asof:
        return opened_of(frame).codes
    return opened_of(frame).codes, stands_of(_agency(frame, code))


def _matters(request: HttpRequest, code: str) -> tuple[MatterLine, ...]:
    """Matters that the reader may see, read with the agency; empty for a past day."""
    frame = frame_of(request)
    if frame.asof:
        return ()
    found = MATTERS_OF_AGENCY.of(_agency(frame, code))
    return open_first(found, reader=request.user, today=timezone.localdate())  # type: ignore[arg-type]


def _page(request: HttpRequest, code: str, *, is_own: bool) -> HttpResponse:
    """The page of an agency; readers differ only in where its links lead, by their permissions."""
    leads = {
        "is_own": is_own,
        "may_review": can(request.user, Action.REVIEW),
        "may_read_history": can(request.user, Action.READ_HISTORY),
    }
    frame = frame_of(request)
    name = f"agency {code} {_reports(frame, code)} {leads}"
    context = {
        "agency": _agency(frame, code),
        "part": cached_by_version(frame, name, lambda: _part(frame, code, leads)),
        "is_own": is_own,
        "may_manage": can(request.user, Action.MANAGE_AGENCIES),
        **matter_table(request, _matters(request, code)),
    }
    return render(request, "agencies/detail.html", context)


def _part(frame: Frame, code: str, leads: dict[str, bool]) -> SafeString:
    agency = _agency(frame, code)
    page = selectors.agency_page(
        code=code,
        period=opened_of(frame).shown,
        found=agency,
        opened=opened_of(frame).periods,
        asof=frame.asof,
    )
    shown = {"page": page, "agency": agency, "asked": frame.asked}
    return render_to_string("agencies/_detail.html", shown | leads)
