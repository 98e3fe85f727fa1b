"""The list of tasks: it knows what waits for review, so it stands above the reporting room."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from agencies.policies import Action, requires
from common.quarters import Period
from common.sheets import workbook_response
from dashboard.views.completeness import opened_of
from pages.asof import accepts_asof, asof_of, past_day
from pages.caching import made_once
from records.asof import day_of
from tasks import selectors as tasks
from tasks.forms import TaskFilterForm, quarter_asked
from tasks.sheets import list_sheet

ROWS_PER_PAGE, QUARTERS_SHOWN = 100, 8


@require_safe
@requires(Action.READ)
@accepts_asof
def task_list(request: HttpRequest) -> HttpResponse:
    form, asof = _filters(request), asof_of(request)
    period, filters = form.period_chosen, form.filters
    asked = opened_of(request).periods
    counts = tasks.counts(period=period, filters=filters, opened=asked, asof=asof)
    found = tasks.task_queryset(filters=filters, period=period, opened=asked, asof=asof)
    pages = Paginator(found, ROWS_PER_PAGE)
    pages.count = counts.total  # known already
    page = pages.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "period": period,
        "counts": counts,
        "page": page,
        "rows": tasks.rows_of(list(page)),
        "heat": _heat(request, period),
        "found": f"共{counts.total}项",
    }
    return render(request, "tasks/list.html", context)


def _heat(request: HttpRequest, period: Period) -> SafeString:
    """The fields of action in the quarters up to this one, made once until a count changes."""
    opened, asof = opened_of(request), asof_of(request)

    def make() -> SafeString:
        heat = tasks.heat_map(period.back(QUARTERS_SHOWN), opened=opened.periods, asof=asof)
        return render_to_string("tasks/_heat.html", {"heat": heat})

    return made_once(request, f"heat {period.code} {opened.codes}", make, of="tasks")


@require_safe
@requires(Action.READ)
@accepts_asof
def export(request: HttpRequest) -> HttpResponse:
    form, asof = _filters(request), asof_of(request)
    period = form.period_chosen
    asked = opened_of(request).periods
    rows = tasks.task_rows(filters=form.filters, period=period, opened=asked, asof=asof)
    return workbook_response(list_sheet(rows, period), name="任务", as_of=past_day(request))


def _filters(request: HttpRequest) -> TaskFilterForm:
    """The quarter that is named is offered, and nothing after the running one."""
    running = Period.quarter_of(day_of(asof_of(request)))
    asked = quarter_asked(request.GET, running)
    return TaskFilterForm(
        request.GET,
        newest=opened_of(request, asked).newest,
        running=running,
        categories=made_once(request, "fields of tasks", tasks.task_categories, of="plan"),
        agencies=made_once(request, "agencies of tasks", _agencies, of="plan"),
    )


def _agencies() -> list[tuple[str, str]]:
    return [(one.code, one.short_name) for one in tasks.agencies_of_tasks()]


# Mounted under the name of the app of tasks, beside the pages of one task.
task_lists = [path("", task_list, name="list"), path("export.xlsx", export, name="export")]
