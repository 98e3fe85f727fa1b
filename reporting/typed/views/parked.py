"""Texts that came without a session or were left at signing out, given back to their writer."""

import json
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agencies.policies import Action, SignedInRequest, requires
from common.web.addresses import own_address
from common.web.script_requests import wants_json
from reporting.answers.rules.options import OPTIONS
from reporting.filling.selectors.presence import moment
from reporting.filling.services.entries import FieldEdit, label_of
from reporting.filling.views.saving import answers_json
from reporting.models import Obligation
from reporting.policies import why_not
from reporting.rules.fields import TICK, field
from reporting.rules.matter_fields import LABELS
from reporting.typed.services import parking
from reporting.typed.services.parking import ParkedTexts, TypedForm
from reporting.workflow import Step

RESTORED = "已恢复您登录前填写的内容"
_MOST_FORMS = 20


@dataclass(frozen=True)
class ParkedLine:
    """A field with its parked and its stored text."""

    label: str
    mine: str
    theirs: str
    who: str
    is_contested: bool


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.OWN_ACCOUNT)
@answers_json
def park(request: SignedInRequest) -> HttpResponse:
    """What one's forms left behind; a POST of the page's script leaves more, at signing out."""
    if request.method != "POST":
        return render(
            request, "reporting/typed/waiting.html", {"rows": parking.waiting(by=request.user)}
        )
    held = str(request.POST.get(parking.FIELD, ""))
    keys = [parking.park(token=held, form=form) for form in _left(request)]
    return JsonResponse({"parked": len([key for key in keys if key])})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.OWN_ACCOUNT)
def parked(request: SignedInRequest, key: str) -> HttpResponse:
    """Parked and stored texts next to each other; a POST chooses one side."""
    found = parking.parked_texts(key=key, by=request.user)
    if found is None:
        raise Http404("没有可以恢复的内容：已超过30分钟，或属于另一个账号")
    if request.method == "POST":
        if found.place is None:
            parking.drop(key=key, by=request.user)
            return redirect("home")
        takes_mine = request.POST.get("take") == "mine"
        done = parking.settle(key=key, takes_mine=takes_mine, by=request.user)
        if done and done.is_done:
            messages.success(request, RESTORED)
            return HttpResponseRedirect(done.url)
    if found.place is None:
        return _of_page(request, found)
    if isinstance(found.place, str):
        typed = [(LABELS.get(name, name), edit.text) for name, edit in found.form.edits.items()]
        return render(request, "reporting/typed/parked_draft.html", {"lines": typed})
    return _of_obligation(request, found.place, found.form)


def _of_page(request: SignedInRequest, found: ParkedTexts) -> HttpResponse:
    """The texts for the script of their page, and to be read and copied where there is none."""
    form = found.form
    if wants_json(request):
        return JsonResponse({"action": form.action, "item": form.item, "texts": form.texts})
    context = {"found": found, "goes_back": "list" not in request.GET}
    return render(request, "reporting/typed/parked_page.html", context)


def _of_obligation(
    request: SignedInRequest, obligation: Obligation, form: TypedForm
) -> HttpResponse:
    lines = [_line(obligation, name, edit) for name, edit in form.edits.items()]
    context = {
        "obligation": obligation,
        "lines": [line for line in lines if line.mine != line.theirs],
        "refusal": why_not(step=Step.EDIT, obligation=obligation, by=request.user),
    }
    return render(request, "reporting/typed/parked.html", context)


def _left(request: SignedInRequest) -> list[TypedForm]:
    """The forms of a page as its script sends them. Raise ValidationError for anything else."""
    page = own_address(request.POST.get("page", ""))
    try:
        forms = json.loads(str(request.POST.get("forms", "")))
        return [
            TypedForm(
                page,
                str(one["action"]),
                {str(name): [str(text) for text in texts] for name, texts in one["texts"].items()},
                str(one["item"]),
            )
            for one in forms[:_MOST_FORMS]
        ]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValidationError("没有可以暂存的内容") from error


def _line(obligation: Obligation, name: str, edit: FieldEdit) -> ParkedLine:
    stored = obligation.content.get(name, {})
    who = f"{stored['name']} {moment(iso=stored['at'])}" if stored else ""
    is_contested = stored.get("v", 0) > edit.base
    mine, theirs = (_shown(obligation, name, text) for text in (edit.text, stored.get("text", "")))
    return ParkedLine(label_of(obligation=obligation, name=name), mine, theirs, who, is_contested)


def _shown(obligation: Obligation, name: str, text: str) -> str:
    """The words of a choice, which is stored by its code."""
    known = field(obligation.kind, name)
    if known and known.type == TICK:
        return "是" if text else ""
    return OPTIONS[known.choices].get(text, text) if known and known.choices else text
