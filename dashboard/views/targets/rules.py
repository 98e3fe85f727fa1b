"""The thresholds of lights and verdicts: current ones, a preview of others, the decision."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from agencies.models import User
from agencies.policies import Action, SignedInRequest, can, requires
from common.formats import zh_date
from common.web.refusals import refusal_on_form
from pages.caching import unchanged_answers_304
from targets import selectors, services
from targets.forms import RulesDecisionForm, RulesForm, rules_typed
from targets.models import JudgingRule, RuleProposal
from targets.policies import can_confirm_rules


@require_safe
@requires(Action.READ)
@unchanged_answers_304
def rules(request: HttpRequest) -> HttpResponse:
    """The current thresholds of lights and verdicts, with all versions."""
    context = {
        "book": selectors.rule_book(day=timezone.localdate()),
        "may_change": can(request.user, Action.KEEP_RULES),
    }
    return render(request, "targets/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.KEEP_RULES)
def change_rules(request: SignedInRequest) -> HttpResponse:
    """Change the thresholds: a preview of the lights that change, then the confirmation."""
    book, rows = selectors.rule_book(day=timezone.localdate()), selectors.judged_targets()
    first = rules_typed(book.in_force, method=request.GET.get("method", ""))
    form = RulesForm(request.POST or None, initial=first)
    context: dict[str, object] = {"form": form, "book": book}
    if form.is_valid():
        mark, wanted = form.mark(last_version=book.last_version), form.wanted(version=0)
        if request.POST.get("step") == "confirm" and form.cleaned_data["seen"] == mark:
            with refusal_on_form(form):
                new = services.change_rules(by=request.user, **form.facts)
                messages.success(request, _saved_words(new))
                return redirect("targets:rules")
        context |= {
            "mark": mark,
            "wanted": wanted,
            "total": len(rows),
            "changed": selectors.lights_changed(rows, before=book.in_force, after=wanted),
        }
    return render(request, "targets/rules_change.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.KEEP_RULES)
def decide_rules(request: SignedInRequest) -> HttpResponse:
    """Decide on another person's proposed version, after a preview of the lights that change."""
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


def _decided_words(form: RulesDecisionForm, *, by: User) -> str:
    """Carry out the decision on the proposal that was shown; returns its message."""
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
