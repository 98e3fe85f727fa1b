"""Saves the cells of the table by the same services as the forms."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from agencies.models import User
from common.database.annotations import hand_on
from reporting.answers.selectors.checking import CheckedObligation, checked_by_key
from reporting.answers.selectors.history import HISTORY
from reporting.filling.selectors.form_hints import given_texts
from reporting.filling.services import entries
from reporting.filling.services.entries import FieldConflict, FieldEdit, UnsavedField
from reporting.models import Obligation
from reporting.periods.selectors.thresholds import thresholds

Edits = Mapping[int, Mapping[str, FieldEdit]]
_LEADS = ("value", "invested_wan")
"""Typing one of these fields accepts the form's other proposals: period, source, project status."""


@dataclass(frozen=True)
class SavedCells:
    """The touched obligations after the save, and the conflicts by obligation key."""

    obligations: Mapping[int, CheckedObligation]
    conflicts: Mapping[int, tuple[FieldConflict, ...]]
    count: int
    unsaved: Mapping[int, tuple[UnsavedField, ...]]


@transaction.atomic
def save_cells(*, edits: Edits, by: User) -> SavedCells:
    """Write the cells that differ from what is stored, in few statements.

    A figure typed into an untouched obligation stores the form's proposals with it. Raises like
    `entries.save_many`.
    """
    limits = thresholds()
    known = checked_by_key(obligations=Obligation.objects.filter(pk__in=list(edits)), limits=limits)
    wanted = {pk: _wanted(known.get(pk), cells) for pk, cells in edits.items()}
    wanted = {pk: cells for pk, cells in wanted.items() if cells}
    saved = entries.save_many(edits=wanted, by=by, action="表格填报") if wanted else []
    judged = {one.target.pk: one for row in known.values() if (one := row.judged)}
    rows = [_with_history(one.obligation, known[one.obligation.pk]) for one in saved]
    asked = {one.obligation.pk: tuple(found for found in one.conflicts
                                      if found.field in edits[one.obligation.pk])
             for one in saved}  # fmt: skip
    return SavedCells(
        checked_by_key(obligations=rows, limits=limits, judged=judged),
        {pk: found for pk, found in asked.items() if found},
        sum(bool(one.changes) for one in saved),
        {one.obligation.pk: one.unsaved for one in saved if one.unsaved},
    )


def _wanted(
    found: CheckedObligation | None, cells: Mapping[str, FieldEdit]
) -> dict[str, FieldEdit]:
    if found is None:
        return dict(cells)
    stored = found.obligation.texts
    wanted = {
        name: edit for name, edit in cells.items() if edit.text.strip() != stored.get(name, "")
    }
    if any(wanted[name].text.strip() for name in _LEADS if name in wanted):
        given = given_texts(found).items()
        new = {name: FieldEdit(text) for name, text in given if text and name not in stored}
        wanted = new | wanted
    return wanted


def _with_history(obligation: Obligation, known: CheckedObligation) -> Obligation:
    """The locked row with the history read before the lock: only its own texts can have changed."""
    hand_on(HISTORY, source=known.obligation, to=obligation)
    return obligation
