"""Proposals made on a target's page, and the page where another person decides on them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.policies import Action, SignedInRequest, requires
from common.web.addresses import own_address
from common.web.refusals import refusal_on_form
from targets import selectors, services
from targets.choices import TargetKind
from targets.forms import BaseForm, BaseGoneForm, ToleranceForm, YearEndForm
from targets.models import Target

# The buttons of the page besides 确认.
SEND_BACK, WITHDRAW = "send_back", "withdraw"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.ENTER_BASE)
def base(request: SignedInRequest, code: str) -> HttpResponse:
    """Propose a base value: a preview of the light that changes, then the proposal."""
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
    """Propose to retract the base value, after a preview of the light that changes."""
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
    """Propose the 左右 tolerance that a document confirms."""
    target = get_object_or_404(Target, code=code, kind=TargetKind.ABOUT, retired_on=None)
    form = ToleranceForm(request.POST or None, initial={"percent": target.tolerance_percent})
    if form.is_valid():
        with refusal_on_form(form):
            services.propose_tolerance(target=target, by=request.user, **form.cleaned_data)
            messages.success(request, f"{code}的容差已提出，由另一位审核员确认后生效")
            return redirect(target)
    return render(request, "targets/tolerance.html", {"form": form, "target": target})


@require_POST
@requires(Action.SETTLE)
def year_end(request: SignedInRequest, code: str) -> HttpResponse:
    """Propose the shown value of the fourth quarter as the annual one, and return."""
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
    """All proposals that need a second person."""
    context = {
        "groups": selectors.waiting_groups(reader=request.user),
        "rules": selectors.pending_rules(),
    }
    return render(request, "targets/proposals.html", context)


@require_POST
@requires(Action.DECIDE)
def decide(request: SignedInRequest) -> HttpResponse:
    """Confirm, send back or withdraw the ticked proposals, and return to their page."""
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
    if step == WITHDRAW:
        return f"已撤回{len(services.withdraw(keys=keys, by=by))}项。"
    reason = request.POST.get("reason", "")
    if step == SEND_BACK:
        return f"已退回{len(services.send_back(keys=keys, by=by, reason=reason))}项，记入留痕。"
    if reason.strip():
        raise ValidationError("写了退回原因：点“退回勾选的”，或清空原因后再确认")
    return f"已确认{len(services.confirm(keys=keys, by=by))}项，结论已进入看板，记入留痕。"


def _base_entry(code: str) -> selectors.BaseEntry:
    try:
        return selectors.base_entry(code=code)
    except Target.DoesNotExist as error:
        raise Http404("这项指标不需要基期值") from error
