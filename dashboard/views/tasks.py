"""The list of tasks, the page of one task, their workbooks and the convenor of one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from agencies.policies import Action, SignedInRequest, can, requires
from agencies.selectors import able_to_report_today
from common.quarters import Period
from common.web.refusals import refusal_on_form
from common.workbooks.writing import workbook_response
from dashboard.views.completeness import opened_of
from dashboard.views.matters import behind_of, may_raise, problems_title
from pages.caching import answers_304_while_same, cached_by_version
from pages.decorators import accepts_asof
from pages.frame import Frame, frame_of
from records.asof import AsOf, day_of
from tasks import selectors, services, sheets
from tasks.forms import ConvenorForm, TaskFilterForm, quarter_asked
from tasks.models import Task

ROWS_PER_PAGE, QUARTERS_SHOWN = 100, 8


@require_safe
@requires(Action.READ)
@accepts_asof
def task_list(request: HttpRequest) -> HttpResponse:
    frame, form = frame_of(request), _filters(request)
    period, filters = form.period_chosen, form.filters
    asked, asof = opened_of(frame).periods, frame.asof
    counts = selectors.status_counts(period=period, filters=filters, opened=asked, asof=asof)
    found = selectors.task_queryset(filters=filters, period=period, opened=asked, asof=asof)
    pages = Paginator(found, ROWS_PER_PAGE)
    pages.count = counts.total  # known already
    page = pages.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "period": period,
        "counts": counts,
        "page": page,
        "rows": selectors.rows_of(list(page)),
        "heat": _heat(frame, period),
        "found": f"共{counts.total}项",
    }
    return render(request, "tasks/list.html", context)


@require_safe
@requires(Action.READ)
@accepts_asof
def export(request: HttpRequest) -> HttpResponse:
    frame, form = frame_of(request), _filters(request)
    period = form.period_chosen
    asked = opened_of(frame).periods
    rows = selectors.task_rows(filters=form.filters, period=period, opened=asked, asof=frame.asof)
    sheet = sheets.list_sheet(rows, period)
    return workbook_response(sheet, name="任务", as_of=frame.past_day)


@require_safe
@requires(Action.READ)
@accepts_asof
@answers_304_while_same(
    lambda request, code: (opened_of(frame_of(request)).codes, behind_of(request, Task, code))
)
def task_detail(request: HttpRequest, code: str) -> HttpResponse:
    frame, behind = frame_of(request), behind_of(request, Task, code)
    opened = opened_of(frame)
    detail = _detail(code, frame.asof, opened.shown, opened.periods)
    context = {
        "detail": detail,
        "task": detail.task,
        "behind": behind,
        "problems_title": problems_title(detail.problems, behind),
        "may_assign": can(request.user, Action.ASSIGN),
        "may_read_history": can(request.user, Action.READ_HISTORY),
        **may_raise(request),
    }
    return render(request, "tasks/detail.html", context)


@require_safe
@requires(Action.READ)
@accepts_asof
def data(request: HttpRequest, code: str) -> HttpResponse:
    asof = frame_of(request).asof
    detail = _detail(code, asof, Period.last_closed(day_of(asof)))
    return workbook_response(
        *sheets.detail_sheets(detail), name=f"{code}_任务进展", as_of=frame_of(request).past_day
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.ASSIGN)
def convenor(request: SignedInRequest, code: str) -> HttpResponse:
    task = get_object_or_404(Task.objects.select_related("convenor"), code=code, lead=None)
    form = ConvenorForm(request.POST or None, agencies=able_to_report_today(), chosen=task.convenor)
    if form.is_valid():
        chosen, reason = form.cleaned_data["convenor"], form.cleaned_data["reason"]
        with refusal_on_form(form):
            services.assign_convenor(task=task, agency=chosen, by=request.user, reason=reason)
            messages.success(request, f"{task.code}的汇总单位：{chosen or '不指定'}")
            return redirect(task)
    return render(request, "tasks/convenor.html", {"form": form, "task": task})


def _heat(frame: Frame, period: Period) -> SafeString:
    """The categories in the quarters up to this one, cached until a count changes."""
    opened = opened_of(frame)

    def make() -> SafeString:
        heat = selectors.heat_map(
            period.back(QUARTERS_SHOWN), opened=opened.periods, asof=frame.asof
        )
        return render_to_string("tasks/_heat.html", {"heat": heat})

    return cached_by_version(frame, f"heat {period.code} {opened.codes}", make, area="tasks")


def _filters(request: HttpRequest) -> TaskFilterForm:
    """The form's quarters: the one in the address, none after the current one."""
    frame = frame_of(request)
    running = Period.quarter_of(frame.day)
    asked = quarter_asked(request.GET, running)
    return TaskFilterForm(
        request.GET,
        newest=opened_of(frame, asked).newest,
        running=running,
        categories=cached_by_version(
            frame, "fields of tasks", selectors.task_categories, area="plan"
        ),
        agencies=cached_by_version(frame, "agencies of tasks", _agencies, area="plan"),
    )


def _agencies() -> list[tuple[str, str]]:
    return [(one.code, one.short_name) for one in selectors.agencies_of_tasks()]


def _detail(
    code: str,
    asof: AsOf | None,
    period: Period,
    opened: selectors.OpenedQuarters = selectors.NOTHING_OPENED,
) -> selectors.TaskDetail:
    try:
        return selectors.task_detail(code=code, period=period, opened=opened, asof=asof)
    except Task.DoesNotExist as error:
        raise Http404(f"没有编号为{code}的任务") from error
