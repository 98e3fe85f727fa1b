"""Drafts of the forms of matters: kept field by field until the form is sent.

A draft belongs to one person. Two windows of that person count as two editors: where both changed a
field, the second gets a conflict and nothing is overwritten.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from agencies.models import User
from audit import services as audit
from reporting.filling.services.entries import LONGEST, FieldConflict, FieldEdit, UnsavedField
from reporting.models import Draft
from reporting.rules.matter_fields import LABELS

_MOST = 40
_OTHER_WINDOW = "您在另一个窗口"


@dataclass(frozen=True)
class SavedDraft:
    """The result of a save: the draft, the fields in conflict, the texts that could not be kept."""

    draft: Draft
    conflicts: tuple[FieldConflict, ...] = ()
    unsaved: tuple[UnsavedField, ...] = ()


@transaction.atomic
def save(*, place: str, edits: Mapping[str, FieldEdit], by: User, wins: bool = False) -> SavedDraft:
    """Store texts with the versions they were typed on; `wins` overwrites conflicts (form sent)."""
    draft, is_new = Draft.objects.select_for_update().get_or_create(user=by, place=place)
    conflicts: list[FieldConflict] = []
    unsaved: list[UnsavedField] = []
    version = draft.version + 1
    for name, edit in edits.items():
        text = edit.text.replace("\r\n", "\n")
        if refused := _unsaved(name, text):
            unsaved.append(refused)
            continue
        kept = draft.content.get(name, {})
        if text == kept.get("text", ""):
            continue
        if kept.get("v", 0) > edit.base and not wins:
            conflicts.append(_conflict(name, text, kept))
            continue
        at = timezone.localtime().isoformat(timespec="seconds")
        draft.content[name] = {"text": text, "v": version, "at": at}
        draft.version = version
    draft.save()
    if is_new:
        others = Draft.objects.filter(user=by).order_by("-changed_at").values("pk")
        Draft.objects.filter(user=by).exclude(pk__in=others[:_MOST]).delete()
    return SavedDraft(draft, tuple(conflicts), tuple(unsaved))


def drop(*, place: str, by: User) -> None:
    """Delete a draft, because its form was sent or abandoned."""
    Draft.objects.filter(user=by, place=place).delete()


def give_up(*, place: str, name: str, text: str, by: User) -> None:
    """Keep in the ledger the text of one window that its editor gave up for the other's."""
    label = LABELS.get(name, name[:40])
    change = (label, text[:LONGEST], "")
    audit.record(audit.Entry("放弃的文字", "事项", place, label, changes=(change,)), by=by)


def _unsaved(name: str, text: str) -> UnsavedField | None:
    if name not in LABELS:
        return UnsavedField(name, name[:40], f"这个表没有“{name[:40]}”这一栏")
    if len(text) > LONGEST:
        said = f"现有{len(text)}字，超过能保存的{LONGEST}字，这一栏没有保存；精简后会自动保存"
        return UnsavedField(name, LABELS[name], said)
    return None


def _conflict(name: str, mine: str, kept: Mapping[str, str | int]) -> FieldConflict:
    theirs, at, version = str(kept["text"]), str(kept["at"]), int(kept["v"])
    return FieldConflict(name, LABELS[name], mine, theirs, _OTHER_WINDOW, at, version)
