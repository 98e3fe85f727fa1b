"""One address for a milestone year: its outlook until the year has ended, then its verdicts."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from agencies.policies import Action, requires
from dashboard.views.years import outlook, settled
from pages.basis import NAME as BASIS
from pages.decorators import accepts_asof
from pages.frame import frame_of
from pages.links import knows
from records.asof import day_of
from targets.rules import MilestoneYears


@require_safe
@requires(Action.READ)
@accepts_asof
def page(request: HttpRequest, year: int) -> HttpResponseBase:
    """The page of a milestone year; a year between milestones is redirected to its progress."""
    if not _has_ended(request, year):
        return outlook.outlook(request, year)
    try:
        return settled.settled(request, year)
    except Http404:
        return redirect("dashboard:progress", year)


knows(page, BASIS, lambda year: not MilestoneYears(day_of(None)).has_ended(year))
"""Links keep the basis for an outlook only; verdicts use approved values."""


@require_safe
@requires(Action.READ)
@accepts_asof
def export(request: HttpRequest, year: int) -> HttpResponse:
    return (settled.export if _has_ended(request, year) else outlook.export)(request, year)


def _has_ended(request: HttpRequest, year: int) -> bool:
    return MilestoneYears(frame_of(request).day).has_ended(year)
