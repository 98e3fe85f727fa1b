"""What a finished import has done, as its record shows it."""

from dataclasses import dataclass
from typing import Any

from imports.models import ImportRun

_LABELS = {
    "new": "新增行", "changed": "修改行", "same": "未变行", "skipped": "跳过行",
    "retired": "停用", "agencies": "新增单位", "aliases": "新记别名", "targets": "新增指标",
}  # fmt: skip
_SHOWN = 200
_REGISTERS = {
    "agencies": "单位", "aliases": "别名", "categories": "领域", "goals": "总体目标",
    "tasks": "任务", "projects": "项目", "targets": "指标", "milestones": "阶段目标",
}  # fmt: skip


@dataclass(frozen=True)
class ImportRecord:
    """Counts of an import, and the records that it added or changed."""

    counts: tuple[tuple[str, int], ...]
    changes: tuple[tuple[str, str, str], ...]
    more: int


def record_of(run: ImportRun) -> ImportRecord:
    """Counts with their words; the first 200 records as (register, what, name)."""
    counts: dict[str, Any] = run.counts
    changes = tuple(
        (_REGISTERS[one["register"]], "新增" if one["created"] else "修改", one["label"])
        for one in run.changes
    )
    return ImportRecord(
        counts=tuple((label, counts[name]) for name, label in _LABELS.items() if name in counts),
        changes=changes[:_SHOWN],
        more=max(len(changes) - _SHOWN, 0),
    )
