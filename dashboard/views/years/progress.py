"""A year between milestones: what it required of each target, and what was reached."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from agencies.policies import Action, requires
from common.workbooks.writing import workbook_response
from dashboard.selectors.years.progress import Progress, progress
from dashboard.sheets import progress_sheet
from pages.caching import cached_by_version, unchanged_answers_304
from pages.decorators import accepts_asof
from pages.frame import frame_of
from targets.selectors import milestone_years


@require_safe
@requires(Action.READ)
@accepts_asof
@unchanged_answers_304
def page(request: HttpRequest, year: int) -> HttpResponse:
    def body() -> str:
        return render_to_string("dashboard/_progress.html", {"page": _found(request, year)})

    found = cached_by_version(frame_of(request), f"progress {year}", body, area="targets")
    return render(request, "dashboard/progress.html", {"body": found, "year": year})


@require_safe
@requires(Action.READ)
@accepts_asof
def export(request: HttpRequest, year: int) -> HttpResponse:
    name = f"{year}年进度要求与实际"
    return workbook_response(
        progress_sheet(_found(request, year)), name=name, as_of=frame_of(request).past_day
    )


@require_safe
@requires(Action.READ)
@accepts_asof
def newest(request: HttpRequest) -> HttpResponse:
    """Redirect to the newest of these years, for links that do not know it."""
    years = milestone_years(asof=frame_of(request).asof).between
    return redirect("dashboard:progress", years[-1]) if years else redirect("dashboard:overview")


def _found(request: HttpRequest, year: int) -> Progress:
    found = progress(year=year, asof=frame_of(request).asof)
    if found is None:
        raise Http404("这一年还没有结束，或是目标年")
    return found
