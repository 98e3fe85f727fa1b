"""The overview: where the district stands. Each part is cached until what it shows changes."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from agencies.policies import Action, SignedInRequest, can, requires
from common.charts import Chart
from common.quarters import Period
from dashboard import charts
from dashboard.forms.periods import OverviewForm
from dashboard.selectors.overview.overview import Overview
from dashboard.selectors.overview.shown_rows import shown_groups, shown_rows
from dashboard.views.completeness import opened_of
from dashboard.views.standing import overview_of, reporting, standing_mark
from pages.caching import answers_304_while_same, cached_by_version
from pages.decorators import accepts_asof, accepts_basis
from pages.frame import frame_of
from pages.links import kept
from reporting.periods.selectors.opened_periods import OpenedPeriods


@dataclass(frozen=True)
class AnswerPart:
    """The claim with its score, and the three blocks below."""

    claim: SafeString
    blocks: SafeString


@dataclass(frozen=True)
class RowsPart:
    """The rows of all targets below their chart."""

    html: SafeString
    has_chart: bool


@require_safe
@requires(Action.READ)
@accepts_asof
@accepts_basis
@answers_304_while_same(lambda request: standing_mark(request, *_asked(request)))
def page(request: SignedInRequest) -> HttpResponse:
    form, (period, opened) = _form(request), _asked(request)
    form.show(opened)
    found = overview_of(request, period, opened)
    context = {
        "form": form,
        "period": period,
        "opened": opened,
        "years": found.years,
        "judging": found.judging,
        "reports": reporting(frame_of(request), period, opened),
        "may_chase": can(request.user, Action.REVIEW),
    }
    if not found.is_empty:
        context |= {
            "answer": _answer(request, found, opened),
            "rows": _rows(request, found),
            "tasks": _tasks(request, found, opened),
            "projects": _projects(request, found),
        }
    return render(request, "dashboard/overview.html", context)


def _form(request: HttpRequest) -> OverviewForm:
    return OverviewForm(request.GET, frame_of(request).asof)


def _asked(request: HttpRequest) -> tuple[Period, OpenedPeriods]:
    """The quarter shown, with the quarters opened up to it."""
    opened = opened_of(frame_of(request), _form(request).asked())
    return opened.shown, opened


def _answer(request: SignedInRequest, found: Overview, opened: OpenedPeriods) -> AnswerPart:
    def make() -> AnswerPart:
        shown = {"summary": found.summary}
        return AnswerPart(
            render_to_string("dashboard/_overview_answer.html", shown),
            render_to_string("dashboard/_overview_blocks.html", shown),
        )

    mark = (found.period.code, found.waiting, opened.codes, found.ledger)
    return cached_by_version(frame_of(request), f"answer {mark}", make)


def _rows(request: HttpRequest, found: Overview) -> RowsPart:
    def make() -> RowsPart:
        groups = shown_groups(found.groups)
        shown = {
            "groups": groups,
            "chart": _figure(found),
            "finding": found.facts.rows_finding,
            "years": found.years,
            "figures": kept(f"{reverse('dashboard:paths_cards')}?period={found.period.code}"),
            "unreviewed": [row for row in found.judged if row.waiting_words],
        }
        html = render_to_string("dashboard/_overview_rows.html", shown)
        return RowsPart(html, shown["chart"] is not None)

    return cached_by_version(frame_of(request), f"rows {found.period.code}", make, area="targets")


def _tasks(request: HttpRequest, found: Overview, opened: OpenedPeriods) -> SafeString:
    due = opened.due.get(found.period)

    def make() -> SafeString:
        shown = {
            "heat": found.heat,
            "finding": found.tasks_finding,
            "total": len(found.histories),
            "period": found.period,
            "due": due if due and due >= found.today else None,
        }
        return render_to_string("dashboard/_overview_tasks.html", shown)

    return cached_by_version(
        frame_of(request), f"tasks {found.period.code} {opened.codes}", make, area="tasks"
    )


def _projects(request: HttpRequest, found: Overview) -> SafeString:
    def make() -> SafeString:
        shown = {"projects": found.projects, "finding": found.projects_finding}
        return render_to_string("dashboard/_overview_projects.html", shown)

    return cached_by_version(frame_of(request), "projects", make, area="projects")


def _figure(found: Overview) -> Chart | None:
    groups, finding = shown_rows(found.groups), found.facts.rows_finding
    return charts.paths_chart(groups, found.years, period=found.period, finding=finding)
