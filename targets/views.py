from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from agencies.policies import Action, SignedInRequest, can, requires
from agencies.selectors import able_to_report_today
from common.charts import chart_json
from common.sheets import workbook_response
from plan.caching import unchanged_answers_304
from targets import charts, selectors, services, sheets
from targets.forms import ConvenorForm, TargetFilter
from targets.models import Target

ROWS_PER_PAGE = 100


@require_safe
@requires(Action.READ)
@unchanged_answers_304
def target_list(request: HttpRequest) -> HttpResponse:
    form = TargetFilter(request.GET, selectors.judged_targets())
    rows = form.chosen()
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "found_text": f"共{len(rows)}项",
        "total": len(form.rows),
        "reset": request.path,
    }
    return render(request, "targets/list.html", context)


@require_safe
@requires(Action.READ)
def export(request: HttpRequest) -> HttpResponse:
    rows = TargetFilter(request.GET, selectors.judged_targets()).chosen()
    return workbook_response(sheets.list_sheet(rows), name="指标")


@require_safe
@requires(Action.READ)
@unchanged_answers_304
def target_detail(request: HttpRequest, code: str) -> HttpResponse:
    detail = _detail(code)
    context = {
        "detail": detail,
        "target": detail.target,
        "chart": charts.trajectory_chart(detail),
        "table": charts.trajectory_table(detail),
        "may_assign": can(request.user, Action.ASSIGN),
        "may_read_history": can(request.user, Action.READ_HISTORY),
    }
    return render(request, "targets/detail.html", context)


@require_safe
@requires(Action.READ)
@unchanged_answers_304
def target_help(request: HttpRequest, code: str) -> HttpResponse:
    detail = _detail(code)
    return render(request, "targets/help.html", {"detail": detail, "target": detail.target})


@require_safe
@requires(Action.READ)
@unchanged_answers_304
def figure(request: HttpRequest, code: str) -> HttpResponse:  # noqa: ARG001
    chart = charts.trajectory_chart(_detail(code))
    if chart is None:
        raise Http404("这项指标还没有可以画的数值")
    return HttpResponse(chart_json(chart), content_type="application/json")


@require_safe
@requires(Action.READ)
def data(request: HttpRequest, code: str) -> HttpResponse:  # noqa: ARG001
    detail = _detail(code)
    return workbook_response(sheets.value_sheet(detail), name=f"{code}_{detail.target.short_name}")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.ASSIGN)
def convenor(request: SignedInRequest, code: str) -> HttpResponse:
    target = get_object_or_404(Target.objects.select_related("convenor"), code=code, lead=None)
    form = ConvenorForm(
        request.POST or None, agencies=able_to_report_today(), chosen=target.convenor
    )
    if form.is_valid():
        chosen, reason = form.cleaned_data["convenor"], form.cleaned_data["reason"]
        try:
            services.assign_convenor(target=target, agency=chosen, by=request.user, reason=reason)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{target.code}的汇总单位：{chosen or '不指定'}")
            return redirect(target)
    return render(request, "targets/convenor.html", {"form": form, "target": target})


def _detail(code: str) -> selectors.TargetDetail:
    try:
        return selectors.target_detail(code=code)
    except Target.DoesNotExist as error:
        raise Http404(f"没有编号为{code}的指标") from error
