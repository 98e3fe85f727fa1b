"""Time requests: made by agencies, decided by the bureau."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.policies import Action, SignedInRequest, requires
from common.quarters import Period
from reporting.chasing.forms import ALL, AskForm, DecideForm
from reporting.chasing.selectors import requests as selectors
from reporting.chasing.services import requests as services
from reporting.choices import RequestKind
from reporting.models import ReportingPeriod, TimeRequest
from reporting.policies import ConflictError

ROWS = 50


@require_http_methods(["GET", "POST"])
@requires(Action.REPORT)
def ask_time(request: SignedInRequest, period: str) -> HttpResponse:
    """An agency asks for an extension, or for an unlocking after closing."""
    found, agency = period_of(period), request.user.agency
    assert agency is not None  # noqa: S101 - the database holds reporters to an agency
    context = {"period": found, "requests": selectors.requests_of(agency=agency, period=found)}
    try:
        kind = services.kind_now(period=found, today=timezone.localdate())
    except ConflictError as refusal:
        return render(request, "reporting/chasing/ask.html", context | {"refusal": str(refusal)})
    obligations = list(selectors.askable_obligations(agency=agency, period=found))
    is_extension = kind == RequestKind.EXTENSION
    word = "延至" if is_extension else "解锁至"
    initial = {"item": request.GET.get("item", ALL)}
    form = AskForm(request.POST or None, obligations=obligations, word=word, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = next((x for x in obligations if str(x.pk) == form.cleaned_data["item"]), None)
        typed = {name: form.cleaned_data[name] for name in ("until", "reason")}
        try:
            services.ask(period=found, obligation=chosen, by=request.user, **typed)
        except ConflictError as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{kind.label}已提出，区发改局决定后在“本季度待填”显示")
            return redirect("reporting:ask_time", period=period)
    more = {"form": form, "kind": kind, "is_extension": is_extension, "obligations": obligations}
    return render(request, "reporting/chasing/ask.html", context | more)


@require_safe
@requires(Action.REVIEW)
def request_list(request: HttpRequest) -> HttpResponse:
    pages = Paginator(selectors.requests(), ROWS)
    page = pages.get_page(request.GET.get("page"))
    context = {"page": page, "rows": [selectors.counted(row) for row in page]}
    return render(request, "reporting/chasing/requests.html", context)


@require_POST
@requires(Action.REVIEW)
def decide(request: SignedInRequest, number: int) -> HttpResponse:
    """Grant or refuse a request."""
    found = get_object_or_404(TimeRequest, pk=number)
    form = DecideForm(request.POST)
    if not form.is_valid():
        messages.error(
            request, "；".join(str(text) for texts in form.errors.values() for text in texts)
        )
        return redirect("reporting:requests")
    grant = request.POST.get("answer") == "grant"
    try:
        row = services.decide(pk=found.pk, grant=grant, by=request.user, **form.cleaned_data)
    except ConflictError as refusal:
        messages.error(request, str(refusal))
    except ValidationError as error:
        messages.error(request, "；".join(error.messages))
    else:
        what = f"{row.agency}的{row.get_kind_display()}"
        messages.success(request, f"{what}：{row.get_state_display()}，已告知该单位")
    return redirect("reporting:requests")


def period_of(code: str) -> ReportingPeriod:
    """The period of an address. Raises Http404."""
    try:
        of = Period.parse(code)
    except ValueError as error:
        raise Http404(str(error)) from error
    return get_object_or_404(ReportingPeriod, year=of.year, quarter=of.quarter)
