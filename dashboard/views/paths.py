"""All targets on the years of their required lines: the figure of the overview, by itself."""

from django.http import HttpRequest

from common.charts import Chart
from common.quarters import Period
from dashboard import charts
from dashboard.forms.periods import OverviewForm
from dashboard.selectors.board import shown_rows
from dashboard.selectors.rows import overview_rows
from plan.asof import day_of
from plan.asof_pages import asof_of
from plan.chart_pages import chart_views
from targets.basis import judged_of
from targets.selectors import years_among


def _paths(request: HttpRequest) -> Chart | None:
    asof = asof_of(request)
    period = OverviewForm(request.GET, asof).asked() or Period.last_closed(day_of(asof))
    rows = judged_of(request)
    years = years_among(rows, day_of(asof))
    groups = shown_rows(overview_rows(rows, period))
    return charts.paths_chart(groups, years, period=period)


figure, workbook = chart_views(_paths, of="targets")
