"""Keeps what is chosen and typed on the preview, field by field, as a form keeps its texts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from agencies.models import User
from reporting.filling.services.entries import LONGEST, FieldConflict, FieldEdit, UnsavedField
from reporting.models import WorkbookUpload
from reporting.policies import check_can_report

_NAME = re.compile(r"(?:take|text|why)-\d{1,18}-\w{1,40}")
_MOST = 3000
_LABEL = "这一格的处理"


@dataclass(frozen=True)
class SavedChoices:
    """The result of a save: the upload, the fields in conflict, those that could not be kept."""

    upload: WorkbookUpload
    conflicts: tuple[FieldConflict, ...] = ()
    unsaved: tuple[UnsavedField, ...] = ()


@transaction.atomic
def choose(*, upload: WorkbookUpload, edits: Mapping[str, FieldEdit], by: User) -> SavedChoices:
    """Keep choices with the versions they were made on, where nobody else has chosen since."""
    check_can_report(by=by)
    found = WorkbookUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    conflicts: list[FieldConflict] = []
    unsaved: list[UnsavedField] = []
    version = found.version + 1
    for name, edit in edits.items():
        text = edit.text.replace("\r\n", "\n")
        if refused := _unsaved(found, name, text):
            unsaved.append(refused)
            continue
        kept = found.choices.get(name, {})
        if text == kept.get("text", ""):
            continue
        if kept.get("v", 0) > edit.base:
            conflicts.append(
                FieldConflict(name, _LABEL, text, kept["text"], kept["name"], kept["at"], kept["v"])
            )
            continue
        at = timezone.localtime().isoformat(timespec="seconds")
        found.choices[name] = {"text": text, "v": version, "at": at, "name": by.display_name}
        found.version = version
    found.save(update_fields=["choices", "version"])
    return SavedChoices(found, tuple(conflicts), tuple(unsaved))


def _unsaved(found: WorkbookUpload, name: str, text: str) -> UnsavedField | None:
    if not _NAME.fullmatch(name) or (name not in found.choices and len(found.choices) >= _MOST):
        return UnsavedField(name, name[:40], "这份表没有这一格，刷新页面再试")
    if len(text) > LONGEST:
        return UnsavedField(name, _LABEL, f"现有{len(text)}字，超过能保存的{LONGEST}字")
    return None
