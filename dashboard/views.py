from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from agencies.policies import Action, requires
from common.charts import Chart, chart_json
from dashboard import charts
from dashboard.forms import PeriodForm
from dashboard.selectors import overview as selectors
from dashboard.selectors.targets import targets_overview
from plan.caching import unchanged_answers_304
from projects.charts import timeline_chart
from targets.selectors import judged_targets


@require_safe
@requires(Action.READ)
@unchanged_answers_304
def overview(request: HttpRequest) -> HttpResponse:
    form = PeriodForm(request.GET or None, timezone.localdate())
    page = selectors.overview(period=form.chosen())
    context = {
        "form": form,
        "page": page,
        "chart": charts.milestone_chart(page.targets),
        "ahead": charts.ahead_chart(page.targets),
        "timeline": timeline_chart(
            page.projects,
            json_url=reverse("projects:figure", args=["timeline"]),
            data_url=reverse("projects:export"),
        ),
    }
    return render(request, "dashboard/overview.html", context)


@require_safe
@requires(Action.READ)
@unchanged_answers_304
def milestones(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return _figure(charts.milestone_chart(targets_overview(rows=judged_targets())))


@require_safe
@requires(Action.READ)
@unchanged_answers_304
def ahead(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return _figure(charts.ahead_chart(targets_overview(rows=judged_targets())))


def _figure(chart: Chart | None) -> HttpResponse:
    if chart is None:
        raise Http404("还没有可以画的数值")
    return HttpResponse(chart_json(chart), content_type="application/json")
