"""An uploaded workbook beside the obligations as they are stored now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Q, QuerySet

from common.quarters import Period
from reporting.answers.rules.wording import typing
from reporting.answers.selectors.checking import CheckedObligation
from reporting.choices import ObligationState
from reporting.models import Obligation, WorkbookUpload
from reporting.policies import is_writable_time
from reporting.rules.fields import Field
from reporting.workbooks.rules import layout
from reporting.workbooks.rules.cell_readings import (
    CellReading,
    reading,
    reference,
    without_result,
)
from reporting.workbooks.rules.compare import ASKING, TEXT, Outcome, compare
from reporting.workbooks.rules.file_reader import FileCell
from reporting.workbooks.rules.layout import RowKey
from reporting.workbooks.selectors.rows import key_of, takes_answers

_NO_LAST = "上季度没有值可以沿用，写本季度的数值"
_A_FLOW = "这个指标按期累计，不能写与上季度相同；没有新增写“不适用”"
_LOCKS = {
    ObligationState.APPROVED: "已通过，不写入",
    ObligationState.SIGNING: "待本单位审核人，不写入",
}
_GREY, _CLOSED = "锁定，不写入", "现在不能填，不写入"


@dataclass(frozen=True)
class ComparedCell:
    """One cell of the file: its text as downloaded, as stored now and as the file says it."""

    checked: CheckedObligation
    column: layout.Column
    field: Field | None
    file_cell: FileCell
    shown: str
    now: str
    file: CellReading
    outcome: Outcome
    lock: str
    """Why it is not written whatever it says; empty for a cell that may be written."""

    @property
    def obligation(self) -> Obligation:
        return self.checked.obligation

    @property
    def key(self) -> str:
        """Part of the names of its controls: 12-value."""
        return f"{self.obligation.pk}-{self.column.name}"

    @property
    def said(self) -> str:
        return self.file_cell.text

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The fields that it stands for."""
        assert self.field is not None  # noqa: S101 - asked for cells with a field only
        return tuple(layout.meaning(self.obligation.kind, self.field.name, ""))

    @property
    def version(self) -> int:
        """The version of its newest field: a choice holds for what its chooser has seen."""
        content = self.obligation.content
        return max(int(content.get(name, {}).get("v", 0)) for name in self.names)

    def read(self, text: str) -> CellReading:
        """A text typed in its place, read as the field reads it."""
        assert self.field is not None  # noqa: S101 - asked for cells with a field only
        obligation = self.obligation
        now = obligation.period.period
        return reading(field=self.field, kind=obligation.kind, text=text, now=now)


def uploaded_obligations(*, upload: WorkbookUpload) -> QuerySet[Obligation]:
    """The agency's obligations of all periods in the file, those no longer owed left out."""
    keys = upload.download.contents if upload.download else {}
    periods = {Period.parse(key.period) for one in keys if (key := RowKey.parse(one))}
    wanted = Q(pk__in=[])
    for one in periods:
        wanted |= Q(period__year=one.year, period__quarter=one.quarter)
    return Obligation.objects.filter(wanted, agency=upload.agency_id, dropped_on=None)


def compared(
    *, upload: WorkbookUpload, checked: Iterable[CheckedObligation]
) -> tuple[ComparedCell, ...]:
    """Every cell of the file that belongs to one of the obligations, in the order of the file."""
    known = {key_of(one.obligation): one for one in checked}
    contents = upload.download.contents if upload.download else {}
    own, choices = upload.period.code, upload.choices
    locks = {key: _lock(one.obligation, contents.get(key, {})) for key, one in known.items()}
    cells = (
        _compared(known[cell.key], contents[cell.key], cell, locks[cell.key], own)
        for cell in map(_cell_of, upload.cells)
        if cell.key in known and cell.key in contents
    )
    return tuple(_settled(cell, choices.get(f"{TEXT}-{cell.key}", {})) for cell in cells)


def _settled(cell: ComparedCell, typed: Mapping[str, str]) -> ComparedCell:
    """The cell, with nothing left to decide where the text typed in its place stands stored."""
    text = typed.get("text", "")
    if cell.outcome not in ASKING or not text.strip():
        return cell
    mended, now = cell.read(text), cell.read(cell.now)
    is_stored = not mended.problem and mended.meaning == now.meaning
    return replace(cell, outcome=Outcome.SAME) if is_stored else cell


def _cell_of(row: Mapping[str, str]) -> FileCell:
    return FileCell(row["key"], row["column"], row["text"], row["place"], bool(row["formula"]))


def _lock(obligation: Obligation, row: Mapping[str, object]) -> str:
    """Why no cell of the row is written; empty where they may be."""
    if not takes_answers(obligation=obligation):
        state = ObligationState(obligation.state)
        return _LOCKS.get(state) or (_CLOSED if state in _OPEN else "已报送，不写入")
    return "下载时已报送，不写入" if row.get("locked") else ""


_OPEN = (ObligationState.EMPTY, ObligationState.DRAFT, ObligationState.RETURNED)


def _compared(
    checked: CheckedObligation, row: Mapping[str, Mapping[str, str]], cell: FileCell, lock: str,
    own: str,
) -> ComparedCell:  # fmt: skip
    obligation, form = checked.obligation, str(row["form"])
    sheet = layout.SHEET_OF[form] if obligation.period.code == own else layout.BACKFILL
    column = layout.SHEETS[sheet].column(cell.column)
    field = column.field(form)
    shown = row["cells"].get(cell.column, "")
    if field is None:
        return _reference(checked, column, cell, shown)
    kind, now = obligation.kind, obligation.period.period
    stored = layout.shown(kind, field.name, row["texts"])
    current = layout.shown(kind, field.name, obligation.texts)
    said = _said(checked, field, cell)
    sides = {"shown": shown, "stored": stored, "now": current}
    readings = {
        side: reading(field=field, kind=kind, text=text, now=now) for side, text in sides.items()
    }
    outcome = compare(**readings, file=said, is_locked=bool(lock))
    return ComparedCell(checked, column, field, cell, shown, current, said, outcome, lock)


def _reference(
    checked: CheckedObligation, column: layout.Column, cell: FileCell, shown: str
) -> ComparedCell:
    """A cell that only informs. Formulas and errors in it are nobody's concern."""
    side, said = reference(shown), reference(cell.text)
    told = {"shown": side, "stored": side, "now": side}
    outcome = compare(**told, file=said, is_locked=True) if said.meaning else Outcome.SAME
    return ComparedCell(checked, column, None, cell, shown, shown, said, outcome, _GREY)


def _said(checked: CheckedObligation, field: Field, cell: FileCell) -> CellReading:
    if cell.lacks_result:
        return without_result()
    if field.name == "value" and cell.text == layout.SAME:
        return _same_as_last(checked)
    obligation = checked.obligation
    now = obligation.period.period
    return reading(field=field, kind=obligation.kind, text=cell.text, now=now)


def _same_as_last(checked: CheckedObligation) -> CellReading:
    """与上季度相同: last quarter's value as a new observation; only of what does not start anew."""
    last, target = checked.past.last, checked.obligation.target
    if last is None or last.value is None:
        return CellReading(layout.SAME, layout.SAME, _NO_LAST)
    if target and target.is_flow:
        return CellReading(layout.SAME, layout.SAME, _A_FLOW)
    text = typing(last.value)
    return CellReading(text, text)


def takes_entries(*, upload: WorkbookUpload) -> bool:
    """Whether the agency may still write anything of the period, handed in or not.

    A closed period takes what was extended, unlocked or returned.
    """
    rows = Obligation.objects.filter(
        agency=upload.agency_id, period=upload.period_id, dropped_on=None
    ).select_related("period")
    return any(is_writable_time(obligation=one) for one in rows)
