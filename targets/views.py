from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.models import User
from agencies.policies import Action, SignedInRequest, can, requires
from agencies.selectors import able_to_report_today
from common.addresses import own_address
from common.charts import Chart
from common.formats import zh_date
from common.sheets import workbook_response
from pages.asof import accepts_asof, asof_of, past_day
from pages.basis import accepts_basis
from pages.caching import unchanged_answers_304, unless_marked
from pages.charts import chart_views
from records.asof import AsOf, day_of
from targets import charts, selectors, services, sheets
from targets.basis import judged_of, unreviewed_of
from targets.choices import TargetKind
from targets.forms import (
    BaseForm,
    BaseGoneForm,
    ConvenorForm,
    OverrideForm,
    RulesDecisionForm,
    RulesForm,
    TargetFilter,
    ToleranceForm,
    YearEndForm,
    rules_typed,
)
from targets.models import JudgingRule, RuleProposal, Target
from targets.policies import can_confirm_rules

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
        "rows": [row.made_once("list", _row) for row in page],
        "found_text": f"共{len(rows)}项",
        "total": len(form.rows),
        "years": selectors.years_among(judged, day_of(asof_of(request))),
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
    rows = TargetFilter(request.GET, selectors.judged_targets(asof=asof_of(request))).chosen()
    return workbook_response(sheets.list_sheet(rows), name="指标", as_of=past_day(request))


@require_safe
@requires(Action.READ)
@accepts_asof
@accepts_basis
@unless_marked(lambda request, code: request.read_matters(code))
def target_detail(request: SignedInRequest, code: str) -> HttpResponse:
    detail = _detail(code, asof_of(request), unreviewed_of(request)).for_reader(request.user)
    context = {
        "detail": detail,
        "target": detail.target,
        "matters": request.read_matters(code),  # type: ignore[attr-defined]
        "chart": charts.trajectory_chart(detail),
        "table": charts.few_table(detail),
        "vintages": charts.vintage_chart(detail),
        "may_assign": can(request.user, Action.ASSIGN),
        "may_enter_base": detail.may_enter_base and can(request.user, Action.ENTER_BASE),
        "may_settle": can(request.user, Action.SETTLE) and asof_of(request) is None,
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
@accepts_asof
def data(request: HttpRequest, code: str) -> HttpResponse:
    detail = _detail(code, asof_of(request))
    return workbook_response(
        sheets.value_sheet(detail),
        name=f"{code}_{detail.target.short_name}",
        as_of=past_day(request),
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
        try:
            services.assign_convenor(target=target, agency=chosen, by=request.user, reason=reason)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{target.code}的汇总单位：{chosen or '不指定'}")
            return redirect(target)
    return render(request, "targets/convenor.html", {"form": form, "target": target})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.SETTLE)
def override(request: SignedInRequest, code: str) -> HttpResponse:
    """Another warning level than the rules give, for the value that is shown."""
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


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.ENTER_BASE)
def base(request: SignedInRequest, code: str) -> HttpResponse:
    """Propose the value of the base year: first the light that it turns, then the proposal."""
    entry = _base_entry(code)
    form = BaseForm(request.POST or None, entry=entry)
    context: dict[str, object] = {"form": form, "entry": entry}
    if form.is_valid():
        if request.POST.get("step") == "propose" and form.cleaned_data["seen"] == form.mark:
            try:
                services.propose_base(target=entry.target, by=request.user, **form.facts)
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                messages.success(request, f"{code}的基期值已提出，由另一位审核员确认后生效")
                return redirect(entry.target)
        value = form.cleaned_data["value"]
        doubt = entry.doubt(value)
        context |= {"change": entry.turned(value), "doubt": doubt}
    return render(request, "targets/base.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.ENTER_BASE)
def base_gone(request: SignedInRequest, code: str) -> HttpResponse:
    """Propose to take the value of the base year back, beside the light that this turns."""
    entry = _base_entry(code)
    known = entry.known
    if known is None:
        raise Http404("这项指标还没有录入基期值")
    form = BaseGoneForm(request.POST or None, initial={"seen": known.pk})
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            services.propose_base_gone(observation=known, reason=reason, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"{code}已提出撤销基期值，由另一位审核员确认后生效")
            return redirect(entry.target)
    return render(request, "targets/base_gone.html", {"form": form, "entry": entry})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.SETTLE)
def tolerance(request: SignedInRequest, code: str) -> HttpResponse:
    """Propose the tolerance of 左右 that a document confirms."""
    target = get_object_or_404(Target, code=code, kind=TargetKind.ABOUT, retired_on=None)
    form = ToleranceForm(request.POST or None, initial={"percent": target.tolerance_percent})
    if form.is_valid():
        try:
            services.propose_tolerance(target=target, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{code}的容差已提出，由另一位审核员确认后生效")
            return redirect(target)
    return render(request, "targets/tolerance.html", {"form": form, "target": target})


@require_safe
@requires(Action.READ)
@unchanged_answers_304
def rules(request: HttpRequest) -> HttpResponse:
    """The thresholds of lights and verdicts in force, with every version that there was."""
    context = {
        "book": selectors.rule_book(day=timezone.localdate()),
        "may_change": can(request.user, Action.KEEP_RULES),
    }
    return render(request, "targets/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.KEEP_RULES)
def change_rules(request: SignedInRequest) -> HttpResponse:
    """Other thresholds: first a preview of the lights that change, then the confirmation."""
    book, rows = selectors.rule_book(day=timezone.localdate()), selectors.judged_targets()
    first = rules_typed(book.in_force, method=request.GET.get("method", ""))
    form = RulesForm(request.POST or None, initial=first)
    context: dict[str, object] = {"form": form, "book": book}
    if form.is_valid():
        mark, wanted = form.mark(last_version=book.last_version), form.wanted(version=0)
        if request.POST.get("step") == "confirm" and form.cleaned_data["seen"] == mark:
            try:
                new = services.change_rules(by=request.user, **form.facts)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _saved_words(new))
                return redirect("targets:rules")
        context |= {
            "mark": mark,
            "wanted": wanted,
            "total": len(rows),
            "changed": selectors.lights_changed(rows, before=book.in_force, after=wanted),
        }
    return render(request, "targets/rules_change.html", context)


def _decided_words(form: RulesDecisionForm, *, by: User) -> str:
    """Do what was decided about the proposal that was seen, and say so."""
    proposal = RuleProposal(pk=form.cleaned_data["seen"])
    if form.cleaned_data["decision"] == RulesDecisionForm.DECLINE:
        services.decline_rules(proposal=proposal, reason=form.cleaned_data["reason"], by=by)
        return "新规则不采用，记入留痕"
    rule = services.confirm_rules(proposal=proposal, by=by)
    return f"判定规则{rule.code}已确认，{zh_date(rule.valid_from)}起生效"


def _saved_words(new: JudgingRule | RuleProposal | None) -> str:
    if new is None:
        return "和现行规则相同，没有改动"
    if isinstance(new, RuleProposal):
        return "新规则已提出，由另一位审核员或管理员确认后生效"
    return f"判定规则{new.code}已保存"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.KEEP_RULES)
def decide_rules(request: SignedInRequest) -> HttpResponse:
    """The lights that a proposed version would change, and a second person's decision."""
    book, rows = selectors.rule_book(day=timezone.localdate()), selectors.judged_targets()
    if book.pending is None:
        return redirect("targets:rules")
    form = RulesDecisionForm(request.POST or None, initial={"seen": book.pending.pk})
    if form.is_valid():
        try:
            word = _decided_words(form, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, word)
            return redirect("targets:rules")
    wanted = book.pending.values_of(book.last_version + 1)
    context = {
        "form": form,
        "book": book,
        "may_confirm": can_confirm_rules(proposal=book.pending, by=request.user),
        "total": len(rows),
        "changed": selectors.lights_changed(rows, before=book.in_force, after=wanted),
    }
    return render(request, "targets/rules_decide.html", context)


@require_POST
@requires(Action.SETTLE)
def year_end(request: SignedInRequest, code: str) -> HttpResponse:
    """Propose the fourth quarter's value that was seen as the annual one, and go back."""
    target = get_object_or_404(Target, code=code)
    form = YearEndForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有可以提出的四季度末值，刷新页面查看")
        return redirect(target)
    try:
        services.propose_year_end(target=target, by=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        messages.error(request, "；".join(refusal.messages))
    else:
        what = f"{code}的四季度末值作为{form.cleaned_data['year']}年年度值"
        messages.success(request, f"已提出{what}，等另一位审核员确认后生效。")
    return redirect(own_address(request.POST.get("back", "")) or target)


@require_safe
@requires(Action.DECIDE)
def proposals(request: SignedInRequest) -> HttpResponse:
    """Everything that waits for a second person, of whatever kind."""
    context = {
        "groups": selectors.waiting_groups(reader=request.user),
        "rules": selectors.pending_rules(),
    }
    return render(request, "targets/proposals.html", context)


@require_POST
@requires(Action.DECIDE)
def decide(request: SignedInRequest) -> HttpResponse:
    """Confirm, send back or withdraw what is ticked, and go back to where it was shown."""
    keys = [int(key) for key in request.POST.getlist("pick") if key.isdecimal()]
    try:
        messages.success(request, _proposals_decided(request, keys))
    except ValidationError as refusal:
        messages.error(request, "；".join(refusal.messages))
    except PermissionDenied as refusal:
        messages.error(request, str(refusal))
    return redirect(own_address(request.POST.get("back", "")) or "targets:proposals")


def _proposals_decided(request: SignedInRequest, keys: list[int]) -> str:
    by, step = request.user, request.POST.get("step")
    if step == "withdraw":
        return f"已撤回{len(services.withdraw(keys=keys, by=by))}项。"
    reason = request.POST.get("reason", "")
    if step == "send_back":
        return f"已退回{len(services.send_back(keys=keys, by=by, reason=reason))}项，记入留痕。"
    if reason.strip():
        raise ValidationError("写了退回原因：点“退回勾选的”，或清空原因后再确认")
    return f"已确认{len(services.confirm(keys=keys, by=by))}项，结论已进入看板，记入留痕。"


def _base_entry(code: str) -> selectors.BaseEntry:
    try:
        return selectors.base_entry(code=code)
    except Target.DoesNotExist as error:
        raise Http404("这项指标不需要基期值") from error


def _chart(request: HttpRequest, code: str, name: str = "trajectory") -> Chart | None:
    return CHARTS[name](_detail(code, asof_of(request), unreviewed_of(request)))


def _detail(
    code: str, asof: AsOf | None = None, unreviewed: selectors.Unreviewed = selectors.NOTHING
) -> selectors.TargetDetail:
    try:
        return selectors.target_detail(code=code, asof=asof, unreviewed=unreviewed)
    except Target.DoesNotExist as error:
        raise Http404(f"没有编号为{code}的指标") from error


figure, figure_data = chart_views(_chart, of="targets")
