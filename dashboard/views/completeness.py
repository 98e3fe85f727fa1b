from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agencies.policies import Action, can, requires
from common.quarters import Period
from dashboard.forms.periods import PeriodForm
from dashboard.selectors.completeness import completeness
from pages.asof import accepts_asof, asof_of
from pages.caching import know_state
from records.asof import day_of
from reporting.chasing.selectors.opened_then import opened_then
from reporting.periods.selectors.opened import Opened, opened


@require_safe
@requires(Action.READ)
@accepts_asof
def agency_reports(request: HttpRequest) -> HttpResponse:
    """It changes with every report, so it is made anew each time; of a past day only a sentence."""
    asof = asof_of(request)
    form = PeriodForm(request.GET or None, day_of(asof))
    period = form.show(opened_of(request, form.asked()))
    page = None if asof else completeness(period=period, known=opened_of(request))
    may_chase = can(request.user, Action.REVIEW)
    context = {"form": form, "period": period, "reports": page, "may_chase": may_chase}
    return render(request, "dashboard/completeness.html", context)


def reporting_opened(request: HttpRequest, asked: Period | None = None) -> Opened:
    """What was opened up to the quarter that the address asks for, else up to the newest one with
    duties or reports; read once a request, by what is asked first."""
    found: Opened | None = getattr(request, "_reporting_opened", None)
    if found is None:
        found = opened(last=Period.last_closed(timezone.localdate()), asked=asked)
        know_state(request, found.state)
        request._reporting_opened = found  # type: ignore[attr-defined]
    return found


def opened_of(request: HttpRequest, asked: Period | None = None) -> Opened:
    """The same of the day that the address asks for; a past day does not change any more."""
    asof = asof_of(request)
    if asof is None:
        return reporting_opened(request, asked)
    found: Opened | None = getattr(request, "_opened_then", None)
    if found is None:
        last = Period.last_closed(asof.day)
        found = opened_then(moment=asof.until, last=last, asked=asked)
        know_state(request, found.state)
        request._opened_then = found  # type: ignore[attr-defined]
    return found
