"""Pages of the thresholds and of the rules that can be switched off."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from agencies.policies import Action, SignedInRequest, requires
from common.web.refusals import refusal_on_form
from reporting.answers.selectors import settings as selectors
from reporting.answers.services import settings as services
from reporting.periods.forms import SwitchForm, ThresholdForm
from reporting.periods.rules.thresholds import BY_CODE
from reporting.periods.selectors.thresholds import thresholds

NEWEST = 30


@require_safe
@requires(Action.KEEP_PERIODS)
def rules(request: HttpRequest) -> HttpResponse:
    """Every setting with its default, and the newest changes."""
    context = {"settings": selectors.settings(), "history": selectors.setting_history()[:NEWEST]}
    return render(request, "reporting/answers/rules.html", context)


@require_http_methods(["GET", "POST"])
@requires(Action.KEEP_PERIODS)
def threshold(request: SignedInRequest, code: str) -> HttpResponse:
    """Change one threshold, with a reason."""
    if code not in BY_CODE:
        raise Http404(f"没有设置项{code}")
    known, value = BY_CODE[code], thresholds()[code]
    initial = {"value": f"{value.normalize():f}"}
    form = ThresholdForm(request.POST or None, initial=initial, threshold=known)
    if request.method == "POST" and form.is_valid():
        with refusal_on_form(form):
            event = services.set_threshold(code=code, by=request.user, **form.cleaned_data)
            messages.success(request, f"{known.label}已修改" if event else "没有改动")
            return redirect("reporting:rules")
    usual = selectors.with_unit(known, known.default)
    context = {"form": form, "threshold": known, "usual": usual}
    return render(request, "reporting/answers/threshold.html", context)


@require_http_methods(["GET", "POST"])
@requires(Action.KEEP_PERIODS)
def switch(request: SignedInRequest, code: str) -> HttpResponse:
    """Switch the doubts of one code off or on, with a reason."""
    found = next((rule for rule in selectors.settings().rules if rule.code == code), None)
    if found is None:
        raise Http404(f"没有可以停用的规则{code}")
    form = SwitchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason, off = form.cleaned_data["reason"], request.POST.get("off") == "1"
        with refusal_on_form(form):
            services.switch_rule(code=code, off=off, reason=reason, by=request.user)
            messages.success(request, f"{code}已{'停用' if off else '启用'}")
            return redirect("reporting:rules")
    return render(request, "reporting/answers/rule_switch.html", {"form": form, "rule": found})
