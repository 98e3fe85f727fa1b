"""表格模式: shown and saved, also without a script; a pasted block is parsed before use."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from agencies.policies import Action, SignedInRequest, requires
from common.web.input_cleaning import key_of
from common.web.script_requests import wants_json
from reporting.answers.selectors.checking import CheckedObligation, checked_by_key
from reporting.filling.selectors.presence import moment
from reporting.filling.services.entries import FieldConflict, FieldEdit
from reporting.filling.views.saving import answers_json
from reporting.grid.selectors import grid_page, notes_of, reading
from reporting.grid.services import SavedCells, save_cells
from reporting.models import Obligation
from reporting.policies import ConflictError, check_can_read, words_of

_CELL = re.compile(r"([a-z_]+)-(\d{1,18})")
_MOST_CELLS = 500
Typed = dict[int, dict[str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REPORT)
def grid(request: SignedInRequest, period: str) -> HttpResponseBase:
    """The table; a POST saves the cells that differ."""
    if request.method != "POST":
        return _shown(request, period)
    if wants_json(request):
        return _saved_json(request)
    edits = _edits(request)
    typed = {pk: {name: edit.text for name, edit in cells.items()} for pk, cells in edits.items()}
    try:
        saved = save_cells(edits=edits, by=request.user)
    except (ConflictError, ValidationError) as refusal:
        messages.error(request, f"一项也没有保存：{words_of(refusal)}")
        return _shown(request, period, typed)
    for sentence in _left_words(saved):
        messages.error(request, sentence)
    messages.success(request, f"已保存{saved.count}项。" if saved.count else "没有改动。")
    if saved.conflicts or saved.unsaved:
        return _shown(request, period, _left(saved, typed))
    return redirect(request.path)


@answers_json
@require_POST
@requires(Action.REPORT)
def read_cells(request: SignedInRequest, period: str) -> HttpResponse:  # noqa: ARG001
    """How the cells of a pasted block would be read; writes nothing."""
    texts = _texts(request)
    found = checked_by_key(obligations=Obligation.objects.filter(pk__in=list(texts)))
    for one in found.values():
        check_can_read(obligation=one.obligation, by=request.user)
    cells: dict[str, dict[str, str]] = {}
    for pk, fields in texts.items():
        for name, text in fields.items():
            if pk in found:
                told = reading(found=found[pk], name=name, text=text)
                cells[f"{name}-{pk}"] = {"text": told.text, "problem": told.problem}
    return JsonResponse({"cells": cells})


@answers_json
def _saved_json(request: SignedInRequest) -> HttpResponse:
    saved = save_cells(edits=_edits(request), by=request.user)
    rows = {str(pk): _row_json(one, saved) for pk, one in saved.obligations.items()}
    return JsonResponse({"rows": rows, "saved_at": f"{timezone.localtime():%H:%M:%S}"})


def _row_json(found: CheckedObligation, saved: SavedCells) -> dict[str, Any]:
    content, pk = found.obligation.content, found.obligation.pk
    conflicts, unsaved = saved.conflicts.get(pk, ()), saved.unsaved.get(pk, ())
    left = {one.field for one in conflicts} | {one.field for one in unsaved}
    refused = [{"text": f"{one.label}：{one.message}", "doubt": False} for one in unsaved]
    return {
        "fields": {
            name: {"text": entry["text"], "v": entry["v"]}
            for name, entry in content.items()
            if name not in left
        },
        "unsaved": [one.field for one in unsaved],
        "notes": [
            *refused,
            *({"text": note.text, "doubt": note.is_doubt} for note in notes_of(found)),
        ],
        "conflicts": [
            {"field": one.field, "theirs": one.theirs, "by": one.by, "at": moment(iso=one.at),
             "v": one.version}
            for one in conflicts
        ],
    }  # fmt: skip


def _shown(request: SignedInRequest, period: str, typed: Typed | None = None) -> HttpResponse:
    page = grid_page(reader=request.user, code=period, typed=typed)
    if page is None:
        raise Http404(f"没有{period}这个填报期")
    return render(request, "reporting/grid/grid.html", {"page": page})


def _left(saved: SavedCells, typed: Typed) -> Typed:
    """The texts of the cells that were not saved."""
    left: Typed = {}
    for found in (saved.conflicts, saved.unsaved):
        for pk, refused in found.items():
            names = [one.field for one in refused if one.field in typed.get(pk, {})]
            left.setdefault(pk, {}).update({name: typed[pk][name] for name in names})
    return left


def _left_words(saved: SavedCells) -> Iterable[str]:
    for pk, refused in saved.unsaved.items():
        for bad in refused:
            yield f"{saved.obligations[pk].obligation.subject_code}的“{bad.label}”：{bad.message}"
    for pk, found in saved.conflicts.items():
        for one in found:
            yield _conflict_words(saved.obligations[pk].obligation, one)


def _conflict_words(obligation: Obligation, one: FieldConflict) -> str:
    return (
        f"{obligation.subject_code}的“{one.label}”刚由{one.by}改为“{one.theirs}”，您填的“{one.mine}”"
        "没有保存；仍用您的就再保存一次。"
    )


def _texts(request: HttpRequest) -> Mapping[int, Mapping[str, str]]:
    """Obligation key → field → text, from controls named value-12."""
    found: Typed = {}
    for key, text in list(request.POST.items())[:_MOST_CELLS]:
        match = _CELL.fullmatch(key)
        if match and not key.startswith("v_"):
            found.setdefault(int(match[2]), {})[match[1]] = str(text)
    return found


def _edits(request: HttpRequest) -> dict[int, dict[str, FieldEdit]]:
    """The cells with their base versions, which are in v_value-12."""
    found: dict[int, dict[str, FieldEdit]] = {}
    for key, base in request.POST.items():
        match = _CELL.fullmatch(key.removeprefix("v_"))
        version = key_of(base)
        if match and key.startswith("v_") and version is not None:
            text = request.POST.get(f"{match[1]}-{match[2]}", "")
            found.setdefault(int(match[2]), {})[match[1]] = FieldEdit(str(text), version)
    return found
