"""Texts typed before the sign-in that conflict with what is stored."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agencies.policies import Action, SignedInRequest, requires
from reporting.answers.rules.options import OPTIONS
from reporting.filling.selectors.presence import moment
from reporting.filling.services import parking
from reporting.filling.services.entries import FieldEdit, label_of
from reporting.models import Obligation
from reporting.policies import why_not
from reporting.rules.fields import TICK, field
from reporting.rules.matter_fields import LABELS
from reporting.workflow import Step

RESTORED = "已恢复您登录前填写的内容"


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
@requires(Action.READ_OWN)
def parked(request: SignedInRequest, key: str) -> HttpResponse:
    """Parked and stored texts next to each other; a POST chooses one side."""
    found = parking.parked_texts(key=key, by=request.user)
    if found is None:
        raise Http404("没有可以恢复的内容：已超过30分钟，或属于另一个账号")
    if request.method == "POST":
        takes_mine = request.POST.get("take") == "mine"
        done = parking.settle(key=key, takes_mine=takes_mine, by=request.user)
        if done and done.is_done:
            messages.success(request, RESTORED)
            return HttpResponseRedirect(done.url)
    obligation, edits = found
    if isinstance(obligation, str):
        typed = [(LABELS.get(name, name), edit.text) for name, edit in edits.items()]
        return render(request, "reporting/filling/parked_draft.html", {"lines": typed})
    lines = [_line(obligation, name, edit) for name, edit in edits.items()]
    context = {
        "obligation": obligation,
        "lines": [line for line in lines if line.mine != line.theirs],
        "refusal": why_not(step=Step.EDIT, obligation=obligation, by=request.user),
    }
    return render(request, "reporting/filling/parked.html", context)


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
