from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies.policies import Action, requires
from dashboard.forms import PeriodForm
from dashboard.selectors.one_page import one_page
from dashboard.views.completeness import opened_of
from plan.asof import day_of
from plan.asof_pages import accepts_asof, asof_of


@require_safe
@requires(Action.READ)
@accepts_asof
@never_cache
def one_sheet(request: HttpRequest) -> HttpResponse:
    """The A4 page for the leaders; it says when and by whom it was printed, so nobody keeps it."""
    asof = asof_of(request)
    period = PeriodForm(request.GET or None, day_of(asof)).chosen()
    page = one_page(period=period, opened=opened_of(request, period).periods, asof=asof)
    context = {"page": page, "printed_at": timezone.now()}
    return render(request, "dashboard/print.html", context)
