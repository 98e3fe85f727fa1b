from dataclasses import dataclass, replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from agencies.policies import Action, requires
from common.charts import Chart
from common.quarters import Period
from common.scripted import passive
from dashboard import charts
from dashboard.forms.periods import PeriodForm
from dashboard.selectors.completeness import completeness
from dashboard.selectors.earlier_overview import overview
from dashboard.views.completeness import reporting_opened
from plan.caching import made_once, unless_marked
from reporting.selectors.opened import Opened

SECONDS_A_SLIDE, HOURS_AWAKE = 20, 10
"""A wall stays signed in for a working day after the last key, then the idle limit holds."""
LARGE = 960


@dataclass(frozen=True)
class Slides:
    """What every reader sees alike; the projects stand beside the reporting."""

    html: SafeString
    projects: SafeString


@passive
@require_safe
@requires(Action.READ)
@unless_marked(lambda request: reporting_opened(request, _asked(request)).mark)
def wall(request: HttpRequest) -> HttpResponse:
    """The full screen of the meeting room; its script asks for it again after each round."""
    opened = reporting_opened(request, _asked(request))
    period = opened.shown
    name = f"wall {period.code} {opened.codes}"
    context = {
        "period": period,
        "opened": opened,
        "slides": made_once(request, name, lambda: _slides(period, opened)),
        "reports": made_once(request, f"{name} {opened.mark}", lambda: _reports(period, opened)),
        "seconds": SECONDS_A_SLIDE,
        "hours": HOURS_AWAKE,
        "build": settings.BUILD,
    }
    return render(request, "dashboard/wall.html", context)


def _asked(request: HttpRequest) -> Period | None:
    return PeriodForm(request.GET or None, timezone.localdate()).asked()


def _slides(period: Period, opened: Opened) -> Slides:
    page = overview(period=period, opened=opened.periods)
    shown = {
        "page": page,
        "settled": charts.milestone_chart(page.targets),
        "ahead": _large(charts.outlook_chart(page.targets.outlooks)),
    }
    works = {"projects": page.projects, "finding": page.investment_finding}
    return Slides(
        render_to_string("dashboard/_wall_slides.html", shown),
        render_to_string("dashboard/_projects.html", works),
    )


def _large(chart: Chart | None) -> Chart | None:
    """The same drawing in less room, so that the wall shows its texts larger."""
    return replace(chart, width=min(chart.width, LARGE)) if chart else None


def _reports(period: Period, opened: Opened) -> SafeString:
    reports = completeness(period=period, known=opened)
    return render_to_string("dashboard/_wall_reports.html", {"reports": reports})
