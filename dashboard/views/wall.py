from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from agencies.policies import Action, SignedInRequest, requires
from common.quarters import Period
from common.web.script_requests import passive
from dashboard import charts
from dashboard.forms.periods import PeriodForm
from dashboard.selectors.overview.overview import Overview
from dashboard.selectors.overview.wall import WallWorks, wall_board
from dashboard.views.completeness import reporting_opened
from dashboard.views.standing import overview_of, reporting, standing_mark
from pages.caching import answers_304_while_same, cached_by_version
from pages.frame import frame_of
from reporting.matters.selectors.on_days import reader_scope
from reporting.periods.selectors.opened_periods import OpenedPeriods

SECONDS_A_SLIDE, HOURS_AWAKE = 20, 10
"""A wall stays signed in for a working day after the last key press; then the idle limit applies.
"""


@dataclass(frozen=True)
class Slides:
    """The first two screens, and the third without the reports, which change independently."""

    html: SafeString
    projects: SafeString
    tasks: SafeString


@passive
@require_safe
@requires(Action.READ)
@answers_304_while_same(lambda request: standing_mark(request, *_asked(request)))
def wall(request: SignedInRequest) -> HttpResponse:
    """The full screen of the meeting room; its script reloads it after each round."""
    frame, (period, opened) = frame_of(request), _asked(request)
    found = overview_of(request, period, opened)
    mark = (period.code, found.waiting, opened.codes, found.ledger, reader_scope(request.user))
    context = {
        "period": period,
        "opened": opened,
        "slides": cached_by_version(frame, f"wall {mark}", lambda: _slides(found)),
        "reports": reporting(frame, period, opened),
        "seconds": SECONDS_A_SLIDE,
        "hours": HOURS_AWAKE,
        "build": settings.BUILD,
    }
    return render(request, "dashboard/wall.html", context)


def _asked(request: HttpRequest) -> tuple[Period, OpenedPeriods]:
    asked = PeriodForm(request.GET or None, timezone.localdate()).asked()
    opened = reporting_opened(frame_of(request), asked)
    return opened.shown, opened


def _slides(found: Overview) -> Slides:
    rows, works = wall_board(found.groups), {"works": WallWorks(found)}
    chart = charts.paths_chart(rows.parts, found.years, charts.WALL)
    shown = {"page": found, "board": rows, "chart": chart}
    return Slides(
        render_to_string("dashboard/_wall_slides.html", shown),
        render_to_string("dashboard/_wall_projects.html", works),
        render_to_string("dashboard/_wall_tasks.html", works),
    )
