"""All targets on the years of their required lines: the chart of the overview as a page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from agencies.policies import Action, requires
from common.charts import Chart
from common.quarters import Period
from dashboard import charts
from dashboard.forms.periods import OverviewForm
from dashboard.selectors.overview.rows import RowGroup, overview_rows
from dashboard.selectors.overview.shown_rows import shown_rows
from dashboard.views.basis import judged_of
from pages.caching import cached_by_version, unchanged_answers_304
from pages.charts import chart_views
from pages.decorators import accepts_asof, accepts_basis
from pages.frame import frame_of
from records.asof import day_of
from targets.rules import MilestoneYears
from targets.selectors import years_among


def _paths(request: HttpRequest) -> Chart | None:
    period = _period(request)
    groups, years = _rows(request, period)
    return charts.paths_chart(groups, years, period=period)


def _period(request: HttpRequest) -> Period:
    asof = frame_of(request).asof
    return OverviewForm(request.GET, asof).asked() or Period.last_closed(day_of(asof))


def _rows(request: HttpRequest, period: Period) -> tuple[tuple[RowGroup, ...], MilestoneYears]:
    rows = judged_of(request)
    return shown_rows(overview_rows(rows, period)), years_among(rows, frame_of(request).day)


@require_safe
@requires(Action.READ)
@accepts_asof
@accepts_basis
@unchanged_answers_304
def cards(request: HttpRequest) -> HttpResponse:
    """One card for each row, for narrow windows; #T03 shows that of T03."""
    name = request.get_full_path()
    body = cached_by_version(
        frame_of(request),
        name,
        lambda: charts.row_pictures(*_rows(request, _period(request))),
        area="targets",
    )
    return HttpResponse(body, content_type="image/svg+xml")


figure, workbook = chart_views(_paths, area="targets")
