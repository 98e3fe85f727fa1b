from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from agencies.policies import Action, requires
from common.chart_sheets import chart_response
from common.charts import chart_json
from common.sheets import workbook_response
from dashboard.charts import outlook_chart
from dashboard.outlook_forms import OutlookFilter
from dashboard.selectors.outlook import outlooks_of
from dashboard.sheets import outlook_sheet
from plan.asof_pages import accepts_asof, asof_of, past_day
from plan.basis_pages import accepts_basis
from plan.caching import made_once, unchanged_answers_304
from targets.basis import unreviewed_of
from targets.selectors import outlooks


@require_safe
@requires(Action.READ)
@accepts_asof
@accepts_basis
@unchanged_answers_304
def outlook(request: HttpRequest) -> HttpResponse:
    def body() -> str:
        form = _filter(request)
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

    form = OutlookFilter(request.GET, outlooks_of(()))
    found = made_once(request, f"outlook {_query(form)}", body)
    return render(request, "dashboard/outlook.html", {"body": found, "query": _query(form)})


@require_safe
@requires(Action.READ)
@accepts_asof
@accepts_basis
@unchanged_answers_304
def figure(request: HttpRequest) -> HttpResponse:
    form = _filter(request)
    chart = outlook_chart(form.chosen(), query=_query(form))
    if chart is None:
        raise Http404("还没有可作外推的指标")
    return HttpResponse(chart_json(chart), content_type="application/json")


@require_safe
@requires(Action.READ)
@accepts_asof
def figure_data(request: HttpRequest) -> HttpResponse:
    form = _filter(request)
    chart = outlook_chart(form.chosen(), query=_query(form))
    if chart is None:
        raise Http404("还没有可作外推的指标")
    return chart_response(chart, as_of=past_day(request))


@require_safe
@requires(Action.READ)
@accepts_asof
def export(request: HttpRequest) -> HttpResponse:
    return workbook_response(
        outlook_sheet(_filter(request).chosen()), name="2030年展望", as_of=past_day(request)
    )


def _filter(request: HttpRequest) -> OutlookFilter:
    found = outlooks(asof=asof_of(request), unreviewed=unreviewed_of(request))
    return OutlookFilter(request.GET, outlooks_of(found))


def _query(form: OutlookFilter) -> str:
    """The filters that hold, as the address has them; unknown values are left out."""
    form.is_valid()
    known = [(name, value) for name, value in form.cleaned_data.items() if value]
    return "&".join(f"{name}={value}" for name, value in known)
