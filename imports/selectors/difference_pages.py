"""Step ⑤ and ⑥ as they are shown: values in words, long tables in pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator

from common.formats import number
from imports.selectors.differences import (
    CHANGED,
    NEW,
    SAME,
    STATE_LABELS,
    UNREADABLE,
    Retirement,
    RowDifference,
)
from imports.selectors.entries import GOALS, PROJECTS, TASKS
from imports.selectors.plan_registers import Value
from imports.selectors.preview import Preview

PAGE_SIZE = 100
REGISTER_LABELS = {GOALS: "总体目标", TASKS: "任务", PROJECTS: "项目"}
_ORDER = {UNREADABLE: 0, CHANGED: 1, NEW: 2, SAME: 3}
_SHORT = ("title", "name")


@dataclass(frozen=True)
class ShownChange:
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class ShownRow:
    """One row of the table against the plan, ready to print."""

    row: RowDifference
    changes: tuple[ShownChange, ...]

    @property
    def state_label(self) -> str:
        return "恢复" if self.row.restores else STATE_LABELS[self.row.state]

    @property
    def code(self) -> str:
        return f"目标{self.row.number}" if self.row.register == GOALS else self.row.code


@dataclass(frozen=True)
class DifferencePage:
    """The rows that something happens to, in pages, and how many stay as they are."""

    page: Page[ShownRow]
    same: int
    retirements: tuple[tuple[Retirement, bool], ...]


def difference_page(preview: Preview, page: Any) -> DifferencePage:
    """Unreadable and changed rows first, then new ones; rows without change are only counted."""
    rows = sorted(
        (row for row in preview.difference.rows if row.state != SAME),
        key=lambda row: (_ORDER[row.state], row.row),
    )
    pages = Paginator([_shown(row) for row in rows], PAGE_SIZE)
    chosen = set(preview.answers.retire)
    return DifferencePage(
        page=pages.get_page(page),
        same=preview.counts["same"],
        retirements=tuple((one, one.key in chosen) for one in preview.difference.retirements),
    )


def _shown(row: RowDifference) -> ShownRow:
    skipped = _SHORT if row.state == NEW else ()
    return ShownRow(
        row,
        tuple(
            ShownChange(change.label, in_words(change.old), in_words(change.new))
            for change in row.changes
            if change.field not in skipped
        ),
    )


def in_words(value: Value) -> str:
    """A value as a page prints it; a dash where there is none."""
    if value is None or value in ("", ()):
        return "—"
    if isinstance(value, tuple | list):
        return "、".join(value)
    if isinstance(value, Decimal):
        return number(value, 0 if value == value.to_integral_value() else 2)
    return str(value)


def summary(preview: Preview) -> list[tuple[str, str]]:
    """What confirming will do, one line for each kind of change."""
    difference = preview.difference
    states = {state: _by_register(preview.difference.rows, state) for state in (NEW, CHANGED)}
    chosen = set(preview.answers.retire)
    retired = [one.name for one in difference.retirements if one.key in chosen]
    targets = [line.code for line in preview.targets if line.accepted and line.is_new]
    skipped = len(preview.reading.rows) - len(preview.answered.entries)
    lines = [
        ("新增", states[NEW]),
        ("修改", states[CHANGED]),
        ("未变", f"{preview.counts['same']}行" if preview.counts["same"] else ""),
        ("跳过", f"{skipped}行" if skipped else ""),
        ("停用", _listed(retired)),
        ("新领域", _listed(one.name for one in difference.categories if one.pk is None)),
        ("新单位", _listed(new.name for new in difference.agencies)),
        ("记住的别名", _listed(f"{text}＝{name}" for text, name in difference.aliases)),
        ("新指标", _listed(targets)),
    ]
    return [(label, text) for label, text in lines if text]


def _by_register(rows: Iterable[RowDifference], state: str) -> str:
    counts = {
        label: sum(row.register == name and row.state == state for row in rows)
        for name, label in REGISTER_LABELS.items()
    }
    return "，".join(f"{label}{count}" for label, count in counts.items() if count)


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    if not found:
        return ""
    more = f"等{len(found)}个" if len(found) > 8 else ""
    return f"{'、'.join(found[:8])}{more}"
