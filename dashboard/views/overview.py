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
from plan.caching import made_once, unchanged_answers_304
from projects.charts import timeline_chart
from targets.selectors import judged_targets


@dataclass(frozen=True)
class Content:
    """The overview below its head, the same for every reader."""

    html: SafeString
    has_charts: bool


@require_safe
@requires(Action.READ)
@unchanged_answers_304
def overview(request: HttpRequest) -> HttpResponse:
    form = PeriodForm(request.GET or None, timezone.localdate())
    period = form.chosen()
    content = made_once(request, f"overview {period.code}", lambda: _content(period))
    context = {"form": form, "period": period, "content": content}
    return render(request, "dashboard/overview.html", context)


def _content(period: Period) -> Content:
    page = selectors.overview(period=period)
    shown = {
        "chart": charts.milestone_chart(page.targets),
        "ahead": charts.ahead_chart(page.targets),
        "timeline": timeline_chart(
            page.projects,
            json_url=reverse("projects:figure", args=["timeline"]),
            data_url=reverse("projects:export"),
        ),
    }
    html = render_to_string("dashboard/_content.html", {"page": page, **shown})
    return Content(html, any(shown.values()))


@require_safe
@requires(Action.READ)
@unchanged_answers_304
def milestones(request: HttpRequest) -> HttpResponse:
    return _figure(request, "milestones", charts.milestone_chart)


@require_safe
@requires(Action.READ)
@unchanged_answers_304
def ahead(request: HttpRequest) -> HttpResponse:
    return _figure(request, "ahead", charts.ahead_chart)


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
