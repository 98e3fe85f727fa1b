"""List, detail, charts and workbooks of targets; forms for convenor and warning level."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from agencies.policies import Action, SignedInRequest, can, requires
from agencies.selectors import able_to_report_today
from common.charts import Chart
from common.web.refusals import refusal_on_form
from common.workbooks.writing import workbook_response
from dashboard.views.basis import judged_of, unreviewed_of
from dashboard.views.matters import matter_table, matters_of_target, may_raise
from pages.caching import answers_304_while_same, unchanged_answers_304
from pages.charts import chart_views
from pages.decorators import accepts_asof, accepts_basis
from pages.frame import frame_of
from records.asof import AsOf
from targets import charts, selectors, services, sheets
from targets.forms import ConvenorForm, OverrideForm, TargetFilter
from targets.models import Target

ROWS_PER_PAGE = 100
CHARTS = {"trajectory": charts.trajectory_chart, "vintages": charts.vintage_chart}


@require_safe
@requires(Action.READ)
@accepts_asof
@accepts_basis
@unchanged_answers_304
def target_list(request: HttpRequest) -> HttpResponse:
    judged = judged_of(request)
    form = TargetFilter(request.GET, judged)
    rows = form.chosen()
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [row.cached("list", _row) for row in page],
        "found_text": f"共{len(rows)}项",
        "total": len(form.rows),
        "years": selectors.years_among(judged, frame_of(request).day),
        "reset": request.path,
        "may_decide": can(request.user, Action.DECIDE),
    }
    return render(request, "targets/list.html", context)


def _row(row: selectors.Judged) -> SafeString:
    return render_to_string("targets/_list_row.html", {"row": row, "years": row.years})


@require_safe
@requires(Action.READ)
@accepts_asof
def export(request: HttpRequest) -> HttpResponse:
    rows = TargetFilter(request.GET, selectors.judged_targets(asof=frame_of(request).asof)).chosen()
    return workbook_response(sheets.list_sheet(rows), name="指标", as_of=frame_of(request).past_day)


@require_safe
@requires(Action.READ)
@accepts_asof
@accepts_basis
@answers_304_while_same(matters_of_target)
def target_detail(request: SignedInRequest, code: str) -> HttpResponse:
    detail = _detail(code, frame_of(request).asof, unreviewed_of(request)).for_reader(request.user)
    context = {
        "detail": detail,
        "target": detail.target,
        "chart": charts.trajectory_chart(detail),
        "table": charts.few_table(detail),
        "vintages": charts.vintage_chart(detail),
        "may_assign": can(request.user, Action.ASSIGN),
        "may_enter_base": detail.may_enter_base and can(request.user, Action.ENTER_BASE),
        "may_settle": can(request.user, Action.SETTLE) and frame_of(request).asof is None,
        "may_read_history": can(request.user, Action.READ_HISTORY),
        **matter_table(request, matters_of_target(request, code)),
        **may_raise(request),
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
@accepts_asof
def data(request: HttpRequest, code: str) -> HttpResponse:
    detail = _detail(code, frame_of(request).asof)
    return workbook_response(
        sheets.value_sheet(detail),
        name=f"{code}_{detail.target.short_name}",
        as_of=frame_of(request).past_day,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.ASSIGN)
def convenor(request: SignedInRequest, code: str) -> HttpResponse:
    without_lead = Target.objects.select_related("convenor").filter(lead=None, values_of=None)
    target = get_object_or_404(without_lead, code=code)
    form = ConvenorForm(
        request.POST or None, agencies=able_to_report_today(), chosen=target.convenor
    )
    if form.is_valid():
        chosen, reason = form.cleaned_data["convenor"], form.cleaned_data["reason"]
        with refusal_on_form(form):
            services.assign_convenor(target=target, agency=chosen, by=request.user, reason=reason)
            messages.success(request, f"{target.code}的汇总单位：{chosen or '不指定'}")
            return redirect(target)
    return render(request, "targets/convenor.html", {"form": form, "target": target})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.SETTLE)
def override(request: SignedInRequest, code: str) -> HttpResponse:
    """Set another warning level than the rules give, for the value shown."""
    detail = _detail(code)
    if not detail.judged.may_be_overridden:
        raise Http404("这项指标还没有可以判定的数值")
    value = detail.judged_value
    seen = str(value.pk) if value else ""
    form = OverrideForm(request.POST or None, initial={"seen": seen, **detail.override_typed})
    if form.is_valid():
        level, reason = form.cleaned_data["level"], form.cleaned_data["reason"]
        try:
            if form.cleaned_data["seen"] != seen:
                raise ValidationError("数值刚刚更新，看过新的数值再判定")
            services.override_light(
                target=detail.target, observation=value, level=level, reason=reason, by=request.user
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"{code}的预警等级已保存，记入留痕")
            return redirect(detail.target)
    return render(request, "targets/override.html", {"form": form, "detail": detail})


def _chart(request: HttpRequest, code: str, name: str = "trajectory") -> Chart | None:
    return CHARTS[name](_detail(code, frame_of(request).asof, unreviewed_of(request)))


def _detail(
    code: str, asof: AsOf | None = None, unreviewed: selectors.Unreviewed = selectors.NOTHING
) -> selectors.TargetDetail:
    try:
        return selectors.target_detail(code=code, asof=asof, unreviewed=unreviewed)
    except Target.DoesNotExist as error:
        raise Http404(f"没有编号为{code}的指标") from error


figure, figure_data = chart_views(_chart, area="targets")
