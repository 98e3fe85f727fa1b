"""Step ⑥: everything that was decided enters the plan, in one transaction."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies.models import User
from agencies.policies import check_can_manage
from audit import services as audit
from audit.models import Way
from audit.origin import acting
from imports.choices import AnnexTable, ImportState
from imports.models import ImportRun
from imports.selectors.entries import GOALS, PROJECTS, TASKS
from imports.selectors.preview import Answers, Preview, build_preview
from imports.selectors.reading_storage import unpack
from imports.services.locking import locked
from imports.services.target_rows import write_targets
from imports.services.writing import (
    RelatedRecords,
    WriteLog,
    retire,
    write_agencies,
    write_categories,
    write_rows,
)
from plan.choices import CategoryScope
from plan.models import DataState

SCOPES: Mapping[str, CategoryScope] = {
    AnnexTable.TASKS: CategoryScope.TASKS,
    AnnexTable.PROJECTS: CategoryScope.PROJECTS,
}
COUNTS = {
    "new": "新增", "changed": "修改", "same": "未变", "skipped": "跳过", "retired": "停用",
    "agencies": "新增单位", "aliases": "新增别名", "targets": "新增指标",
}  # fmt: skip

CHANGED_MEANWHILE = "方案刚刚被别人改过，这次没有导入。请回到差异预览再核对一次。"
_WRITTEN_FIELDS = ["state", "confirmed_at", "confirmed_by", "version", "changes", "counts"]


def confirm(*, run: ImportRun, by: User | None, version: int | None = None) -> ImportRun:
    """Write a run into the plan. Raises ValidationError with a sentence where it may not be."""
    check_can_manage(by)
    try:
        with transaction.atomic(), acting(way=Way.ANNEX):
            return _confirm(run, by, version)
    except IntegrityError as error:
        raise ValidationError(CHANGED_MEANWHILE) from error


def _confirm(run: ImportRun, by: User | None, version: int | None) -> ImportRun:
    DataState.touch()  # locks the plan's data: what is compared now stays until it is written
    run = locked(run=run, version=version)
    preview = build_preview(unpack(run.reading or {}), Answers.of(run.answers, run.agency_answers))
    if refusal := why_not(preview=preview):
        raise ValidationError(refusal)
    written = write(preview=preview)
    run.state = ImportState.CONFIRMED
    run.confirmed_at, run.confirmed_by = timezone.now(), by
    run.version += 1
    run.changes = [change.as_json() for change in written.changes]
    run.counts = counts_of(preview=preview)
    run.full_clean(exclude=["content"])
    run.save(update_fields=_WRITTEN_FIELDS)
    audit.record_all([run_entry(run=run, action="导入"), *written.entries], by=by)
    return run


def why_not(*, preview: Preview) -> str:
    """The sentence that says what is missing before the import may be confirmed; empty if none."""
    if preview.reading.table is None:
        return "还没有认出表头，请先在“认表头”一步指定各列。"
    if preview.open_problems:
        return f"还有{len(preview.open_problems)}处错误没有处理，请先逐格处理。"
    if preview.answered.undecided:
        return f"还有{len(preview.answered.undecided)}个单位名称没有匹配，请先处理单位。"
    if preview.unreported:
        return f"还有{len(preview.unreported)}个项目没有指定填报责任单位，请选择或暂不指定。"
    if unreadable := preview.counts["unreadable"]:
        return f"还有{unreadable}行读不出来，请修改或跳过后再导入。"
    return "与现有方案完全一致，没有需要导入的内容。" if preview.changes_nothing else ""


def write(*, preview: Preview) -> WriteLog:
    """Write all that a preview shows; a constant number of statements."""
    difference, written = preview.difference, WriteLog()
    agencies = write_agencies(difference=difference, written=written)
    categories = write_categories(
        scope=SCOPES[preview.reading.table or ""], changes=difference.categories, written=written
    )
    names = RelatedRecords(agencies, categories)
    for register in (GOALS, TASKS, PROJECTS):
        write_rows(register=register, rows=difference.rows, names=names, written=written)
    chosen = set(preview.answers.retire)
    retire(
        retirements=(one for one in difference.retirements if one.key in chosen), written=written
    )
    write_targets(lines=preview.targets, agencies=agencies, written=written)
    return written


def counts_of(*, preview: Preview) -> dict[str, int]:
    """How much of everything an import has done, for its record."""
    counts = preview.difference.counts
    chosen = set(preview.answers.retire)
    return {
        "new": counts["new"],
        "changed": counts["changed"],
        "same": counts["same"],
        "skipped": len(preview.reading.rows) - len(preview.answered.entries),
        "retired": sum(one.key in chosen for one in preview.difference.retirements),
        "agencies": len(preview.difference.agencies),
        "aliases": len(preview.difference.aliases),
        "targets": sum(line.accepted and line.is_new for line in preview.targets),
    }


def run_entry(*, run: ImportRun, action: str, reason: str = "") -> audit.Entry:
    """The event of the run itself, with its counts."""
    counts: dict[str, Any] = run.counts
    return audit.Entry(
        action=action,
        object_type="导入记录",
        object_code=run.code,
        object_name=f"{run.get_table_display()} {run.file_name}".strip(),
        changes=tuple(
            (label, "", str(counts[name])) for name, label in COUNTS.items() if counts.get(name)
        ),
        reason=reason,
    )
