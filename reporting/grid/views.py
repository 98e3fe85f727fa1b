"""表格模式: rows that save themselves as forms do; a pasted block is shown before it is written."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from agencies.policies import Action, SignedInRequest, requires
from common.web.input_cleaning import key_of
from reporting.filling.services.entries import FieldEdit, SavedObligation
from reporting.filling.views.saving import (
    answers_json,
    check_same_person,
    conflict_of,
    findings_of,
)
from reporting.grid.rules.block import BlockError
from reporting.grid.rules.writes import Cell, Effect, differing
from reporting.grid.selectors.page import GridPage, GridRow, grid_page
from reporting.grid.selectors.pasting import Paste, PastePreview, paste_preview
from reporting.grid.services import SavedCells, save_cells

_CELL = re.compile(r"([a-zA-Z_0-9]+)-(\d{1,18})")
_CHOICE = re.compile(r"row-(\d{1,4})")
_MOST_CELLS = 4_000
_SHOWN = frozenset({Effect.NEW, Effect.CHANGED, Effect.UNREADABLE, Effect.LOCKED})


@require_safe
@requires(Action.REPORT)
def grid(request: SignedInRequest, period: str) -> HttpResponse:
    """The table."""
    return render(request, "reporting/grid/grid.html", {"page": _page(request, period)})


@answers_json
@require_POST
@requires(Action.REPORT)
def read_block(request: SignedInRequest, period: str) -> HttpResponse:
    """What a pasted block would write; writes nothing."""
    check_same_person(request)
    try:
        found = paste_preview(page=_page(request, period), paste=_paste(request))
    except BlockError as refusal:
        raise ValidationError(str(refusal)) from refusal
    return JsonResponse(_preview_json(request, found))


@answers_json
@require_POST
@requires(Action.REPORT)
def apply_block(request: SignedInRequest, period: str) -> HttpResponse:  # noqa: ARG001
    """Write the cells of a block as they were shown, or take them back; all of them or none."""
    check_same_person(request)
    action = "撤回表格粘贴" if request.POST.get("back") else "表格粘贴"
    saved = save_cells(edits=_edits(request), by=request.user, action=action)
    rows = {str(pk): _row_json(one, saved) for pk, one in saved.saved.items()}
    return JsonResponse({"rows": rows, "saved_at": f"{timezone.localtime():%H:%M:%S}"})


def _page(request: SignedInRequest, period: str) -> GridPage:
    page = grid_page(reader=request.user, code=period)
    if page is None:
        raise Http404(f"没有{period}这个填报期")
    return page


def _paste(request: HttpRequest) -> Paste:
    """The block with where it was put, from controls block, start (12 value), clears and row-7."""
    chosen = {
        int(found[1]): pk
        for name, value in request.POST.items()
        if (found := _CHOICE.fullmatch(name)) and (pk := key_of(value))
    }
    item, _, field = request.POST.get("start", "").partition(" ")
    start = key_of(item) or 0, field
    return Paste(request.POST.get("block", ""), start, bool(request.POST.get("clears")), chosen)


def _preview_json(request: HttpRequest, found: PastePreview) -> dict[str, Any]:
    strays = render_to_string("reporting/grid/_strays.html", {"preview": found}, request)
    rows = found.rows
    cells = [
        _cell_json(cell, rows[cell.item.pk]) for cell in found.plan.cells if cell.effect in _SHOWN
    ]
    return {
        "headline": found.headline,
        "details": found.details,
        "count": len(found.plan.written),
        "lost": found.plan.lost,
        "strays": strays,
        "cells": cells,
    }


def _cell_json(cell: Cell, row: GridRow) -> dict[str, Any]:
    """A cell as the script shows it: `column` is where, `edits` are sent back when it is applied.

    Each edit has its text, the version it is written on, and the text it replaces.
    """
    content = row.obligation.content
    old, new = differing(cell.old, cell.new)
    return {
        "row": cell.item.pk,
        "column": cell.column,
        "effect": cell.effect,
        "old": old,
        "new": new,
        "whole": [cell.old, cell.new],
        "problem": cell.problem,
        "edits": [
            {
                "name": name,
                "text": text,
                "was": content.get(name, {}).get("text", ""),
                "v": content.get(name, {}).get("v", 0),
            }
            for name, text in cell.edits.items()
        ],
    }


def _row_json(one: SavedObligation, saved: SavedCells) -> dict[str, Any]:
    pk, content = one.obligation.pk, one.obligation.content
    left = {found.field for found in one.conflicts} | {found.field for found in one.unsaved}
    return {
        "fields": {
            name: {"text": entry["text"], "v": entry["v"]}
            for name, entry in content.items()
            if name not in left
        },
        "unsaved": [{"field": bad.field, "message": bad.message} for bad in one.unsaved],
        "conflicts": [conflict_of(found) for found in one.conflicts],
        "findings": findings_of(saved.checked[pk]),
    }


def _edits(request: HttpRequest) -> dict[int, dict[str, FieldEdit]]:
    """The cells value-12 with their base versions, which are in v_value-12."""
    found: dict[int, dict[str, FieldEdit]] = {}
    for key, base in list(request.POST.items())[:_MOST_CELLS]:
        match = _CELL.fullmatch(key.removeprefix("v_"))
        version = key_of(base)
        if match and key.startswith("v_") and version is not None:
            text = request.POST.get(f"{match[1]}-{match[2]}", "")
            found.setdefault(int(match[2]), {})[match[1]] = FieldEdit(str(text), version)
    return found
