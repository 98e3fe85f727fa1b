"""All matters: the list with its export, and the ledger of risks."""

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agencies.choices import Role
from agencies.policies import Action, SignedInRequest, can, requires
from common.workbooks.writing import workbook_response
from pages.caching import cached_by_version
from pages.frame import frame_of
from projects.selectors import project_rows
from reporting.matters import sheets
from reporting.matters.forms.matters import LedgerFilterForm
from reporting.matters.rules.computed import ComputedMatter
from reporting.matters.selectors import matters as selectors
from reporting.matters.selectors.asof import matters_now
from reporting.matters.selectors.computed import computed_matters, tasks_without_body
from reporting.matters.selectors.list_page import MattersPage, ledger_rows, matters_page
from targets.selectors import judged_targets

PAGE_SIZE = 50


@require_safe
@requires(Action.READ_MATTERS)
def matter_list(request: SignedInRequest) -> HttpResponse:
    """Open matters by who has to act next; agencies see their own."""
    page = _page(request)
    may_keep = can(request.user, Action.KEEP_MATTERS)
    context = {
        "page": page,
        "may_raise": can(request.user, Action.RAISE_MATTERS),
        "is_bureau": may_keep,
        "has_listed": any(row.is_listed for row in page.found),
        "problems": selectors.open_problems() if may_keep and not page.show else (),
    }
    return render(request, "reporting/matters/matters.html", context)


@require_safe
@requires(Action.READ_MATTERS)
def export(request: SignedInRequest) -> HttpResponse:
    return workbook_response(sheets.matters_sheet(_page(request)), name="需要决定和协调的事项")


def _page(request: SignedInRequest) -> MattersPage:
    user = request.user
    is_leader = user.has_role(Role.LEADER)
    sees_all = is_leader or user.has_role(Role.REVIEWER)
    return matters_page(
        (line for line in matters_now() if sees_all or user.agency_id in line.agencies),
        _listed(request) if sees_all else (),
        show=request.GET.get("show", ""),
        about=request.GET.get("about", ""),
        is_leader=is_leader,
        today=timezone.localdate(),
    )


def _listed(request: HttpRequest) -> Iterable[ComputedMatter]:
    """The computed matters, cached for a version of the data."""

    def make() -> tuple[ComputedMatter, ...]:
        return computed_matters(judged_targets(), project_rows(), tasks_without_body())

    return cached_by_version(frame_of(request), "matters.listed", make)


@require_safe
@requires(Action.READ)
def ledger(request: HttpRequest) -> HttpResponse:
    """重点风险台账: the matters that are in it."""
    form = LedgerFilterForm(request.GET)
    pages = Paginator(selectors.ledger(**_chosen(form)), PAGE_SIZE)
    today = timezone.localdate()
    page = pages.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": ledger_rows(page, first=page.start_index(), today=today),
        "found": f"共{pages.count}项",
        "counts": selectors.ledger_counts(today=today),
        "today": today,
        "query": request.GET.urlencode(),
    }
    return render(request, "reporting/matters/ledger.html", context)


@require_safe
@requires(Action.READ)
def ledger_export(request: HttpRequest) -> HttpResponse:
    rows = selectors.ledger(**_chosen(LedgerFilterForm(request.GET)))
    return workbook_response(sheets.ledger_sheet(rows), name="重点风险台账")


def _chosen(form: LedgerFilterForm) -> dict[str, str]:
    return form.cleaned_data if form.is_valid() else {}
