"""The home of an agency, and actions that settle several obligations at once."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from agencies.choices import Role
from agencies.policies import Action, SignedInRequest, requires
from agencies.sessions import last_visit
from common.quarters import Period
from common.web.input_cleaning import keys_of
from reporting.chasing.services import reminders
from reporting.home.selectors.agency_home import agency_home as read_home
from reporting.home.selectors.past_quarters import past_quarter
from reporting.models import ReportingPeriod
from reporting.policies import ConflictError
from reporting.unchanged.services import shortcuts


@require_safe
@requires(Action.READ_OWN)
def home(request: SignedInRequest) -> HttpResponse:
    """本季度待填. A signer who arrives with ?tab=sign is redirected to 待我审核."""
    page = read_home(
        reader=request.user,
        code=request.GET.get("period", ""),
        since=last_visit(request.session),
    )
    if request.GET.get("tab") == "sign" and page.with_signer and _signs(request):
        return redirect("reporting:signing")
    return render(request, "reporting/home/home.html", {"page": page})


@require_safe
@requires(Action.READ_OWN)
def past(request: SignedInRequest) -> HttpResponse:
    """我的历史: one earlier quarter at a time."""
    page = past_quarter(reader=request.user, code=request.GET.get("period", ""))
    return render(request, "reporting/home/past.html", {"page": page})


@require_POST
@requires(Action.REPORT)
def remind(request: SignedInRequest, period: str) -> HttpResponse:
    """提醒陈磊: of what waits for the agency's own signers."""
    found = _period(period)
    try:
        sent = reminders.remind_signers(period=found, by=request.user)
    except ConflictError as refusal:
        messages.error(request, str(refusal))
    else:
        names = "、".join(one.user.display_name for one in sent if one.user)
        messages.success(request, f"已提醒{names}，提醒显示在本单位审核人的页面上。")
    return _back(found)


@require_POST
@requires(Action.REPORT)
def nothing(request: SignedInRequest) -> HttpResponse:
    """全部填“本季度无配合事项”."""
    period = _period(request.POST.get("period", ""))
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
    return _back(_period(request.POST.get("period", "")))


def _signs(request: SignedInRequest) -> bool:
    return request.user.has_role(Role.SIGNER)


def _period(code: str) -> ReportingPeriod:
    try:
        asked = Period.parse(code)
    except ValueError:
        asked = Period(0)
    return get_object_or_404(ReportingPeriod, year=asked.year, quarter=asked.quarter)


def _back(period: ReportingPeriod) -> HttpResponseRedirect:
    query = urlencode({"period": period.code})
    return HttpResponseRedirect(f"{reverse('reporting:home')}?{query}")
