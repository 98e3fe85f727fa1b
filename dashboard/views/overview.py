from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from agencies.policies import Action, requires
from common.charts import Chart, chart_json
from common.quarters import Period
from dashboard import charts
from dashboard.forms import PeriodForm
from dashboard.selectors import overview as selectors
from dashboard.selectors.targets import TargetsOverview, targets_overview
from dashboard.views.completeness import panel, reporting_opened
from plan.caching import made_once, unchanged_answers_304, unless_marked
from projects.charts import timeline_chart
from reporting.selectors.completeness import Opened
from targets.selectors import judged_targets

PLACE_OF_AGENCIES = "<!-- agencies -->"


@dataclass(frozen=True)
class Content:
    """The overview below its head, the same for every reader.

    The agencies' reports stand between its two parts: they change without the data.
    """

    html: SafeString
    below: SafeString
    has_charts: bool


@require_safe
@requires(Action.READ)
@unless_marked(lambda request: _opened(request).mark)
def overview(request: HttpRequest) -> HttpResponse:
    form = PeriodForm(request.GET or None, timezone.localdate())
    period, opened = form.chosen(), _opened(request)
    name = f"overview {period.code} {opened.codes}"
    context = {
        "form": form,
        "period": period,
        "content": made_once(request, name, lambda: _content(period, opened)),
        "agencies": panel(request, period, opened),
    }
    return render(request, "dashboard/overview.html", context)


def _opened(request: HttpRequest) -> Opened:
    form = PeriodForm(request.GET or None, timezone.localdate())
    return reporting_opened(request, form.chosen())


def _content(period: Period, opened: Opened) -> Content:
    page = selectors.overview(period=period, opened=opened.periods)
    shown = {
        "chart": charts.milestone_chart(page.targets),
        "timeline": timeline_chart(
            page.projects,
            json_url=reverse("projects:figure", args=["timeline"]),
            data_url=reverse("projects:export"),
        ),
    }
    html = render_to_string("dashboard/_content.html", {"page": page, **shown})
    above, _, below = html.partition(PLACE_OF_AGENCIES)
    return Content(SafeString(above), SafeString(below), any(shown.values()))


@require_safe
@requires(Action.READ)
@unchanged_answers_304
def milestones(request: HttpRequest) -> HttpResponse:
    return _figure(request, "milestones", charts.milestone_chart)


def _figure(
    request: HttpRequest, name: str, draw: Callable[[TargetsOverview], Chart | None]
) -> HttpResponse:
    def body() -> str:
        chart = draw(targets_overview(rows=judged_targets()))
        return chart_json(chart) if chart else ""

    found = made_once(request, name, body)
    if not found:
        raise Http404("还没有可以画的数值")
    return HttpResponse(found, content_type="application/json")
