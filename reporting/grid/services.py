"""Writes a pasted block, or takes one back: all its cells in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from agencies.models import User
from common.database.annotations import hand_on
from reporting.answers.selectors.checking import CheckedObligation, checked_by_key
from reporting.answers.selectors.history import HISTORY
from reporting.filling.selectors.form_hints import given_texts
from reporting.filling.services import entries
from reporting.filling.services.entries import FieldEdit, SavedObligation
from reporting.grid.rules.columns import is_column
from reporting.models import Obligation
from reporting.periods.selectors.thresholds import thresholds

Edits = Mapping[int, Mapping[str, FieldEdit]]
_LEADS = ("value", "invested_wan")
"""A figure in one of these brings the form's proposals for fields without a column: the period."""


@dataclass(frozen=True)
class SavedCells:
    """What became of each obligation, by key, and how it stands after the save."""

    saved: Mapping[int, SavedObligation]
    checked: Mapping[int, CheckedObligation]


@transaction.atomic
def save_cells(*, edits: Edits, by: User, action: str = "表格粘贴") -> SavedCells:
    """Write the cells that differ from what is stored, in few statements.

    A figure brings the form's proposals that no column shows. What somebody else changed meanwhile
    is told as a conflict. Raises like `entries.save_many`.
    """
    limits = thresholds()
    known = checked_by_key(obligations=Obligation.objects.filter(pk__in=list(edits)), limits=limits)
    wanted = {pk: _with_proposals(known.get(pk), cells) for pk, cells in edits.items()}
    saved = entries.save_many(edits=wanted, by=by, action=action) if wanted else []
    judged = {one.target.pk: one for row in known.values() if (one := row.judged)}
    rows = [_with_history(one.obligation, known[one.obligation.pk]) for one in saved]
    return SavedCells(
        {one.obligation.pk: one for one in saved},
        checked_by_key(obligations=rows, limits=limits, judged=judged),
    )


def _with_proposals(
    found: CheckedObligation | None, cells: Mapping[str, FieldEdit]
) -> Mapping[str, FieldEdit]:
    if found is None or not any(cells[name].text.strip() for name in _LEADS if name in cells):
        return cells
    stored, kind = found.obligation.texts, found.obligation.kind
    given = {
        name: FieldEdit(text)
        for name, text in given_texts(found).items()
        if text and name not in stored and not is_column(kind, name)
    }
    return {**given, **cells}


def _with_history(obligation: Obligation, known: CheckedObligation) -> Obligation:
    """The locked row with the history read before the lock: only its own texts can have changed."""
    hand_on(HISTORY, source=known.obligation, to=obligation)
    return obligation
