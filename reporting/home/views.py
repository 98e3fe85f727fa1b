"""The home of an agency, and actions that settle several obligations at once."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from agencies.choices import Role
from agencies.policies import Action, SignedInRequest, requires
from common.quarters import Period
from common.web.input_cleaning import keys_of
from reporting.answers.selectors.unread_reminders import unread_reminders
from reporting.filling.services import shortcuts
from reporting.home.selectors.agency_home import agency_home as read_home
from reporting.home.selectors.past_quarters import past_quarter
from reporting.models import ReportingPeriod
from reporting.policies import ConflictError


@require_safe
@requires(Action.READ_OWN)
def home(request: SignedInRequest) -> HttpResponse:
    """本季度待填. A signer who arrives with ?tab=sign is redirected to 待我审核."""
    page = read_home(reader=request.user, code=request.GET.get("period", ""))
    if request.GET.get("tab") == "sign" and page.waiting_for_signer and _signs(request):
        return redirect("reporting:signing")
    context = {"page": page, "notices": unread_reminders(reader=request.user)}
    return render(request, "reporting/home/home.html", context)


@require_safe
@requires(Action.READ_OWN)
def past(request: SignedInRequest) -> HttpResponse:
    """我的历史: one earlier quarter at a time."""
    page = past_quarter(reader=request.user, code=request.GET.get("period", ""))
    return render(request, "reporting/home/past.html", {"page": page})


@require_POST
@requires(Action.REPORT)
def nothing(request: SignedInRequest) -> HttpResponse:
    """全部填“本季度无配合事项”."""
    period = _period(request)
    assert request.user.agency is not None  # noqa: S101 - who reports has one
    try:
        count = shortcuts.nothing_to_contribute(
            agency=request.user.agency, period=period, by=request.user
        )
        messages.success(request, f"已有{count}项填为“本季度无配合事项”，检查后报送。")
    except ConflictError as refusal:
        messages.error(request, str(refusal))
    return _back(period)


@require_POST
@requires(Action.REPORT)
def no_change(request: SignedInRequest) -> HttpResponse:
    """批量填报：本季度无变化, for the ticked obligations."""
    chosen = keys_of(request.POST.getlist("items"))
    try:
        count = shortcuts.no_change(
            pks=chosen, reason=request.POST.get("reason", ""), by=request.user
        )
        messages.success(request, f"已有{count}项填为“本季度无变化”，检查后报送。")
    except (ConflictError, ValidationError) as refusal:
        words = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
        messages.error(request, "；".join(words))
    return _back(_period(request))


def _signs(request: SignedInRequest) -> bool:
    return request.user.has_role(Role.SIGNER)


def _period(request: HttpRequest) -> ReportingPeriod:
    try:
        asked = Period.parse(request.POST.get("period", ""))
    except ValueError:
        asked = Period(0)
    return get_object_or_404(ReportingPeriod, year=asked.year, quarter=asked.quarter)


def _back(period: ReportingPeriod) -> HttpResponseRedirect:
    query = urlencode({"period": period.code})
    return HttpResponseRedirect(f"{reverse('reporting:home')}?{query}")
