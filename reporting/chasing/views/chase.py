"""The chase page, manual reminders, supervision sheets, extensions, marking as read."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.policies import Action, SignedInRequest, requires
from common.web.addresses import own_address
from common.web.refusals import refusal_as_message
from reporting.chasing.forms import ExtendForm
from reporting.chasing.rules import reminder_text
from reporting.chasing.selectors.chase_page import LONGEST_TEXT, ChasedAgency, ChasePage, chase_page
from reporting.chasing.services import reminders
from reporting.chasing.services import requests as request_services
from reporting.models import Reminder, ReportingPeriod
from reporting.policies import ConflictError


@require_safe
@requires(Action.REVIEW)
def chase(request: SignedInRequest, period: str) -> HttpResponse:
    page = _page(period)
    rows = [(row, _text(row, page, request, most=LONGEST_TEXT)) for row in page.rows]
    context = {"page": page, "period": page.period, "rows": rows}
    return render(request, "reporting/chasing/chase.html", context)


@require_http_methods(["GET", "POST"])
@requires(Action.REVIEW)
def send(request: SignedInRequest, period: str) -> HttpResponse:
    """The texts for the chosen agencies: to copy, to edit, to send in the application."""
    page = _page(period)
    if request.method == "POST":
        typed = [
            (row.agency, request.POST.get(f"text_{row.agency.code}", ""))
            for row in page.chosen(request.POST.getlist("agency"))
        ]
        with refusal_as_message(request):
            sent = reminders.send_by_hand(
                period=page.period, texts=typed, token=request.POST.get("token", ""),
                by=request.user,
            )  # fmt: skip
            said = f"已提醒{len(sent)}个单位" if sent else "这些提醒已经发出"
            messages.success(request, said)
        return redirect("reporting:chase", period=period)
    rows = [(row, _text(row, page, request)) for row in _chosen(request, page)]
    context = {"period": page.period, "rows": rows, "token": uuid.uuid4().hex}
    return render(request, "reporting/chasing/chase_send.html", context)


@require_safe
@requires(Action.REVIEW)
def supervision_sheets(request: HttpRequest, period: str) -> HttpResponse:
    """Supervision sheets, one page each."""
    page = _page(period)
    context = {"page": page, "period": page.period, "rows": _chosen(request, page)}
    return render(request, "reporting/chasing/supervision_sheets.html", context)


@require_http_methods(["GET", "POST"])
@requires(Action.REVIEW)
def extend(request: SignedInRequest, period: str) -> HttpResponse:
    """Give the chosen agencies more time."""
    page = _page(period)
    rows = _chosen(request, page)
    form = ExtendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        agencies = [row.agency for row in rows]
        try:
            request_services.extend(
                period=page.period, agencies=agencies, by=request.user, **form.cleaned_data
            )
        except (ConflictError, PermissionDenied) as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"已为{len(agencies)}个单位延期")
            return redirect("reporting:chase", period=period)
    context = {"form": form, "period": page.period, "rows": rows}
    return render(request, "reporting/chasing/chase_extend.html", context)


@require_POST
@requires(Action.OWN_ACCOUNT)
def mark_reminder_read(request: SignedInRequest, number: int) -> HttpResponse:
    """Mark a reminder as read and return to the page that showed it."""
    found = get_object_or_404(Reminder, pk=number)
    reminders.mark_read(pk=found.pk, by=request.user)
    return redirect(own_address(request.POST.get("next", "")) or "home")


def _page(code: str) -> ChasePage:
    try:
        return chase_page(code=code)
    except (ReportingPeriod.DoesNotExist, ValueError) as error:
        raise Http404(f"没有{code}填报期") from error


def _chosen(request: HttpRequest, page: ChasePage) -> tuple[ChasedAgency, ...]:
    """The ticked agencies; all of the page if none is ticked."""
    given = request.POST if request.method == "POST" else request.GET
    return page.chosen(given.getlist("agency"))


def _text(row: ChasedAgency, page: ChasePage, request: SignedInRequest, *, most: int = 0) -> str:
    """The text to send or copy, with the signed-in reviewer as contact."""
    user = request.user
    contact = f"{user.name} {user.phone}".strip() if user.name else settings.CONTACT
    owing = row.owing(page.period)
    return reminder_text(owing=owing, today=timezone.localdate(), contact=contact, most=most)
