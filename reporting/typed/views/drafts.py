"""Endpoints for the script of a matter's form: saves what is typed, field by field."""

import re

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_POST

from agencies.policies import Action, SignedInRequest, requires
from reporting.filling.services.entries import typed_edits
from reporting.filling.views.saving import answers_json, check_same_person, saved_answer
from reporting.typed.services import drafts

_PLACE = re.compile(r"[a-z]+(-[\w-]+)?")
_NOTHING_TO_DOUBT: dict[str, object] = {"findings": [], "live": {}}


@answers_json
@require_http_methods(["GET", "POST"])
@requires(Action.READ_MATTERS)
def save(request: SignedInRequest, place: str) -> HttpResponse:
    """Save one or several fields: name=text&v_name=base. A GET returns no findings."""
    if request.method == "GET":
        return JsonResponse(_NOTHING_TO_DOUBT)
    check_same_person(request)
    edits = typed_edits(data=request.POST)
    saved = drafts.save(place=_checked(place), edits=edits, by=request.user)
    return saved_answer(
        edits=edits,
        content=saved.draft.content,
        version=saved.draft.version,
        conflicts=saved.conflicts,
        unsaved=saved.unsaved,
    )


@answers_json
@require_POST
@requires(Action.READ_MATTERS)
def give_up(request: SignedInRequest, place: str) -> HttpResponse:
    """Keep in the ledger the text of the window that was not chosen."""
    check_same_person(request)
    name, text = request.POST.get("field", ""), request.POST.get("text", "")
    drafts.give_up(place=_checked(place), name=name, text=text, by=request.user)
    return JsonResponse({})


def _checked(place: str) -> str:
    if len(place) > 60 or not _PLACE.fullmatch(place):
        raise ValidationError("没有这个表单，刷新页面再试")
    return place
