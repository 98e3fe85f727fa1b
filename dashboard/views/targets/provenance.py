"""The provenance of one number: a page that a script also shows as a card."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from agencies.policies import Action, SignedInRequest, can, requires
from common.quarters import Period
from dashboard.selectors.provenance import provenance
from pages.decorators import accepts_asof, accepts_basis
from pages.frame import frame_of
from targets.models import Target


@require_safe
@requires(Action.READ)
@accepts_asof
@accepts_basis
@cache_control(private=True, no_store=True)
def value(request: SignedInRequest, code: str, period: str) -> HttpResponse:
    """The provenance of the value of a year or quarter, as far as the reader may see it."""
    try:
        when = Period.parse(period)
        card = provenance(code=code, period=when, reader=request.user, asof=frame_of(request).asof)
    except (ValueError, Target.DoesNotExist) as error:
        raise Http404(f"没有{code}在{period}的数值") from error
    if card is None:
        raise Http404(f"{code}在{when.label}还没有数值")
    context = {
        "card": card,
        "may_settle": can(request.user, Action.SETTLE) and frame_of(request).asof is None,
        "may_read_history": can(request.user, Action.READ_HISTORY),
    }
    return render(request, "dashboard/provenance.html", context)
