from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from common.charts import Chart
from common.workbooks.writing import workbook_response
from dashboard.charts import outlook_chart
from dashboard.forms.outlook import OutlookFilter
from dashboard.selectors.years.outlook import outlooks_of
from dashboard.sheets import outlook_sheet
from dashboard.views.basis import unreviewed_of
from dashboard.views.years.known import check_known
from pages.caching import cached_by_version, unchanged_answers_304
from pages.charts import chart_views
from pages.decorators import accepts_basis
from pages.frame import frame_of
from records.asof import day_of
from targets.rules import MilestoneYears
from targets.selectors import outlooks, years_among


@accepts_basis
@unchanged_answers_304
def outlook(request: HttpRequest, year: int) -> HttpResponse:
    def body() -> str:
        form = _filter(request, year)
        page = form.chosen()
        chart = outlook_chart(page, query=_query(form))
        context = {
            "form": form,
            "page": page,
            "all": form.page,
            "chart": chart,
            "found": f"共{len(page.rows)}项",
            "reset": request.path,
        }
        return render_to_string("dashboard/_outlook.html", context)

    form = OutlookFilter(request.GET, outlooks_of((), MilestoneYears(timezone.localdate())))
    found = cached_by_version(frame_of(request), f"outlook {year} {_query(form)}", body)
    context = {"body": found, "query": _query(form), "year": year, "title": f"{year}年展望"}
    return render(request, "dashboard/outlook.html", context)


def export(request: HttpRequest, year: int) -> HttpResponse:
    return workbook_response(
        outlook_sheet(_filter(request, year).chosen()),
        name=f"{year}年展望",
        as_of=frame_of(request).past_day,
    )


def _filter(request: HttpRequest, year: int) -> OutlookFilter:
    asof = frame_of(request).asof
    found = outlooks(year=year, asof=asof, unreviewed=unreviewed_of(request))
    years = years_among([row.judged for row in found], day_of(asof), year)
    check_known(years, year)
    return OutlookFilter(request.GET, outlooks_of(found, years))


def _chart(request: HttpRequest, year: int) -> Chart | None:
    form = _filter(request, year)
    if form.page.year != year:
        return None
    return outlook_chart(form.chosen(), query=_query(form))


def _query(form: OutlookFilter) -> str:
    """The valid filters as a query string."""
    form.is_valid()
    known = [(name, value) for name, value in form.cleaned_data.items() if value]
    return "&".join(f"{name}={value}" for name, value in known)


figure, figure_data = chart_views(_chart, area="targets")
