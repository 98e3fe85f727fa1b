from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from agencies.policies import Action, requires
from common.charts import Chart
from common.quarters import Period
from dashboard import charts
from dashboard.forms.periods import OverviewForm
from dashboard.selectors.earlier_overview import (
    investment_finding,
    late_phrases,
    tasks_finding,
    tasks_of,
)
from dashboard.selectors.targets import Phrase, targets_overview
from dashboard.views.completeness import opened_of, panel
from plan.asof import AsOf
from plan.asof_pages import accepts_asof, asof_of
from plan.basis_pages import accepts_basis
from plan.caching import made_once, unless_marked
from plan.chart_pages import chart_views
from projects import selectors as projects
from projects.charts import timeline_chart
from reporting.selectors.opened import Opened
from targets.basis import unreviewed_of
from targets.rules import JudgingRules
from targets.selectors import Unreviewed, judged_targets


@dataclass(frozen=True)
class TargetsPart:
    """What the overview says of the targets: `html` above the tasks, `lights` below them."""

    words: SafeString
    concerns: SafeString
    unsettled: SafeString
    html: SafeString
    lights: SafeString
    has_chart: bool
    judging: JudgingRules | None
    year: int


@dataclass(frozen=True)
class ProjectsPart:
    """What the overview says of the projects, with a phrase on the one that is late longest."""

    concern: SafeString
    html: SafeString
    has_chart: bool


@require_safe
@requires(Action.READ)
@accepts_asof
@accepts_basis
@unless_marked(lambda request: opened_of(request, _form(request).asked()).mark)
def overview(request: HttpRequest) -> HttpResponse:
    form, asof = _form(request), asof_of(request)
    opened = opened_of(request, form.asked())
    period = form.show(opened)
    waiting = unreviewed_of(request)
    context = {
        "form": form,
        "period": period,
        "opened": opened,
        "targets": made_once(request, "targets", lambda: _targets(asof, waiting), of="targets"),
        "tasks": made_once(
            request,
            f"tasks {period.code} {opened.codes}",
            lambda: _tasks(period, opened, asof),
            of="tasks",
        ),
        "projects": made_once(request, "projects", lambda: _projects(asof), of="projects"),
        "agencies": panel(request, period, opened),
    }
    return render(request, "dashboard/overview.html", context)


def _form(request: HttpRequest) -> OverviewForm:
    return OverviewForm(request.GET, asof_of(request))


def _targets(asof: AsOf | None, unreviewed: Unreviewed) -> TargetsPart | None:
    """None where no plan has been loaded."""
    targets = targets_overview(rows=judged_targets(asof=asof, unreviewed=unreviewed))
    if not targets.rows:
        return None
    chart = charts.milestone_chart(targets)
    return TargetsPart(
        words=_linked(targets.sentence, between="", bold=True),
        concerns=_linked(targets.concerns, between="；"),
        unsettled=_linked(targets.unsettled, between="、"),
        html=render_to_string("dashboard/_targets.html", {"targets": targets, "chart": chart}),
        lights=render_to_string("dashboard/_categories.html", {"targets": targets}),
        has_chart=chart is not None,
        judging=targets.judging,
        year=targets.years.settled,
    )


def _tasks(period: Period, opened: Opened, asof: AsOf | None) -> SafeString:
    heat = tasks_of(period=period, opened=opened.periods, asof=asof)
    shown = {"heat": heat, "finding": tasks_finding(heat)}
    return render_to_string("dashboard/_heat.html", shown)


def _projects(asof: AsOf | None) -> ProjectsPart:
    found = projects.overview(asof=asof)
    timeline = timeline_chart(found)
    shown = {"projects": found, "finding": investment_finding(found), "timeline": timeline}
    return ProjectsPart(
        concern=_linked(late_phrases(found), between=""),
        html=render_to_string("dashboard/_projects.html", shown),
        has_chart=timeline is not None,
    )


def _linked(phrases: Sequence[Phrase], *, between: str, bold: bool = False) -> SafeString:
    """The pieces of a sentence; those with an address lead to the list behind them."""
    link = '<a class="q" href="{}"><b>{}</b></a>' if bold else '<a class="q" href="{}">{}</a>'
    pieces = (
        format_html(link, phrase.url, phrase.text) if phrase.url else phrase.text
        for phrase in phrases
    )
    return format_html_join(between, "{}", ((piece,) for piece in pieces))


def _milestones(request: HttpRequest) -> Chart | None:
    rows = judged_targets(asof=asof_of(request), unreviewed=unreviewed_of(request))
    return charts.milestone_chart(targets_overview(rows=rows))


milestones, milestones_data = chart_views(_milestones, of="targets")
