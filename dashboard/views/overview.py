from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from agencies.policies import Action, requires
from common.charts import Chart, chart_json
from common.quarters import Period
from dashboard import charts
from dashboard.forms import OverviewForm
from dashboard.selectors import overview as selectors
from dashboard.selectors.targets import TargetsOverview, targets_overview
from dashboard.views.completeness import opened_of, panel
from plan.asof import AsOf
from plan.asof_pages import accepts_asof, asof_of
from plan.basis_pages import accepts_basis
from plan.caching import made_once, unchanged_answers_304, unless_marked
from projects.charts import timeline_chart
from reporting.selectors.completeness import Opened
from targets.basis import unreviewed_of
from targets.rules import JudgingRules
from targets.selectors import Unreviewed, judged_targets

PLACE_OF_AGENCIES = "<!-- agencies -->"


@dataclass(frozen=True)
class Content:
    """The overview below its head, the same for every reader.

    The agencies' reports stand between its two parts: they change without the data.
    """

    html: SafeString
    below: SafeString
    has_charts: bool
    judging: JudgingRules | None


@require_safe
@requires(Action.READ)
@accepts_asof
@accepts_basis
@unless_marked(lambda request: opened_of(request, _form(request).chosen()).mark)
def overview(request: HttpRequest) -> HttpResponse:
    form, asof = _form(request), asof_of(request)
    period = form.chosen()
    opened = opened_of(request, period)
    name = f"overview {period.code} {opened.codes}"
    waiting = unreviewed_of(request)
    context = {
        "form": form,
        "period": period,
        "content": made_once(request, name, lambda: _content(period, opened, asof, waiting)),
        "agencies": panel(request, period, opened),
    }
    return render(request, "dashboard/overview.html", context)


def _form(request: HttpRequest) -> OverviewForm:
    return OverviewForm(request.GET, asof_of(request))


def _content(period: Period, opened: Opened, asof: AsOf | None, unreviewed: Unreviewed) -> Content:
    page = selectors.overview(
        period=period, opened=opened.periods, asof=asof, unreviewed=unreviewed
    )
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
    has_charts = any(shown.values())
    return Content(SafeString(above), SafeString(below), has_charts, page.targets.judging)


@require_safe
@requires(Action.READ)
@accepts_asof
@accepts_basis
@unchanged_answers_304
def milestones(request: HttpRequest) -> HttpResponse:
    return _figure(request, "milestones", charts.milestone_chart)


def _figure(
    request: HttpRequest, name: str, draw: Callable[[TargetsOverview], Chart | None]
) -> HttpResponse:
    def body() -> str:
        rows = judged_targets(asof=asof_of(request), unreviewed=unreviewed_of(request))
        chart = draw(targets_overview(rows=rows))
        return chart_json(chart) if chart else ""

    found = made_once(request, name, body)
    if not found:
        raise Http404("还没有可以画的数值")
    return HttpResponse(found, content_type="application/json")
