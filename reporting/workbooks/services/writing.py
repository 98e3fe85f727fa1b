"""Writes an uploaded workbook into drafts, and takes the last writing back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.models import User
from audit import services as audit
from reporting.answers.selectors.checking import checked_by_key
from reporting.choices import UploadState
from reporting.filling.services import entries
from reporting.filling.services.entries import FieldEdit, SavedObligation
from reporting.models import Obligation, WorkbookUpload
from reporting.periods.selectors.thresholds import thresholds
from reporting.policies import ConflictError, check_can_report
from reporting.workbooks.selectors.comparison import compared, uploaded_obligations
from reporting.workbooks.selectors.writing_plan import with_reasons, writing_plan
from reporting.workbooks.selectors.written import is_undoable

_ACTION = "用Excel填"


@dataclass(frozen=True)
class Written:
    """How many cells of how many obligations were written."""

    cells: int
    obligations: int


@transaction.atomic
def write(*, upload: WorkbookUpload, by: User) -> Written:
    """Write the clean, chosen and mended cells as drafts, all or nothing; the rest stays.

    Compared anew with the obligations locked: what changed since the preview is a conflict now,
    and stays out. Raises ConflictError where nothing is left to write.
    """
    check_can_report(by=by)
    found = _locked(upload)
    keys = list(uploaded_obligations(upload=found).values_list("pk", flat=True))
    obligations = entries.locked(pks=keys)
    limits = thresholds()
    checked = checked_by_key(obligations=obligations, limits=limits)
    cells = compared(upload=found, checked=checked.values())
    plan = writing_plan(cells=cells, choices=found.choices)
    _, reasons = with_reasons(plan=plan, limits=limits)
    edits = {
        pk: _edits(checked[pk].obligation, texts | reasons.get(pk, {}))
        for pk, texts in plan.edits.items()
    }
    saved = entries.save_many(edits=edits, by=by, action=_ACTION) if edits else []
    written = [one for one in saved if one.changes]
    if not written:
        raise ConflictError("没有可以写入的格：刷新页面看最新情况")
    count = len(plan.written)
    fields = [field for one in written for field in _kept(one)]
    told = {"cells": count, "items": len(written), "by": by.display_name, "fields": fields}
    found.writes = [*found.writes, told]
    found.state, found.written_at = UploadState.WRITTEN, timezone.now()
    found.save(update_fields=["writes", "state", "written_at"])
    audit.record(_entry(found, "写入填报表", f"{count}格"), by=by)
    return Written(count, len(written))


@transaction.atomic
def undo(*, upload: WorkbookUpload, by: User) -> int:
    """Take the last writing back; returns the number of obligations.

    Raises ConflictError once one of its cells was changed, or its obligation handed in.
    """
    check_can_report(by=by)
    found = _locked(upload)
    if not found.writes:
        raise ConflictError("这份表还没有写入，没有可以撤销的")
    last = found.writes[-1]["fields"]
    obligations = entries.locked(pks=sorted({cell["pk"] for cell in last}))
    if not is_undoable(write=last, obligations=obligations):
        raise ConflictError("写入以后有的格又改过，或已经报送，不能整个撤销；到各项的表里改")
    edits: dict[int, dict[str, FieldEdit]] = {}
    for field in last:
        edits.setdefault(field["pk"], {})[field["field"]] = FieldEdit(field["old"], field["v"])
    entries.save_many(edits=edits, by=by, action="撤销用Excel填")
    found.writes = found.writes[:-1]
    if not found.writes:
        found.state, found.written_at = UploadState.CHECKING, None
    found.save(update_fields=["writes", "state", "written_at"])
    audit.record(_entry(found, "撤销填报表写入", f"{len(last)}栏"), by=by)
    return len(edits)


def _locked(upload: WorkbookUpload) -> WorkbookUpload:
    related = ("agency", "period", "download")
    rows = WorkbookUpload.objects.select_related(*related).select_for_update(of=("self",))
    found = rows.defer("content").get(pk=upload.pk)
    if found.state not in {UploadState.CHECKING, UploadState.WRITTEN}:
        raise ConflictError(f"这份表的状态是“{found.get_state_display()}”，不能写入")
    return found


def _edits(obligation: Obligation, texts: Mapping[str, str]) -> dict[str, FieldEdit]:
    content = obligation.content
    return {
        name: FieldEdit(text, content.get(name, {}).get("v", 0)) for name, text in texts.items()
    }


def _kept(saved: SavedObligation) -> list[dict[str, Any]]:
    content, pk = saved.obligation.content, saved.obligation.pk
    return [
        {"pk": pk, "field": name, "old": old, "v": content[name]["v"]}
        for name, (_, old, _) in saved.changes.items()
    ]


def _entry(found: WorkbookUpload, action: str, much: str) -> audit.Entry:
    changes = (("文件", "", found.file_name), ("数量", "", much))
    return audit.Entry(action, "填报表", found.period.code, str(found.period), changes=changes)
