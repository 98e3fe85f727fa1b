"""What a pasted block would write into the table, with the reasons that it would be asked for."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace

from reporting.answers.selectors.checking import CheckedObligation, checked_by_key
from reporting.grid.rules.block import Line, read_block
from reporting.grid.rules.matching import Item, Stray
from reporting.grid.rules.writes import WRITTEN, Cell, Effect, Plan, plan
from reporting.grid.selectors.page import GridPage, GridRow

NOTE = "note"


@dataclass(frozen=True)
class Paste:
    """A block and where it was put: item and field of the cell, what was chosen for its rows."""

    text: str
    start: tuple[int, str]
    clears: bool
    choices: Mapping[int, int]


@dataclass(frozen=True)
class StrayRow:
    """A row of the block without an item; `offers` are the items that can be chosen for it."""

    stray: Stray
    offers: list[GridRow]

    @property
    def line(self) -> Line:
        return self.stray.line

    @property
    def because(self) -> str:
        return self.stray.because

    @property
    def may_choose(self) -> bool:
        return self.stray.may_choose

    @property
    def chosen(self) -> int:
        return self.stray.chosen

    @property
    def title(self) -> str:
        """Its first text."""
        return next(iter(self._words), "")

    @property
    def rest(self) -> str:
        """What it would have written."""
        return "　".join(self._words[1:])

    @property
    def _words(self) -> list[str]:
        return [text for text in self.line.cells if text]


@dataclass(frozen=True)
class PastePreview:
    """A plan and the page that it is for."""

    page: GridPage
    plan: Plan

    @property
    def rows(self) -> dict[int, GridRow]:
        return {row.pk: row for row in self.page.rows}

    @property
    def strays(self) -> list[StrayRow]:
        taken = {match.item.pk for match in self.plan.matches}
        free = [row for row in self.page.rows if row.takes_entries and row.pk not in taken]
        rows = self.rows
        return [
            StrayRow(stray, [*([rows[stray.chosen]] if stray.chosen else []), *free])
            for stray in self.plan.strays
        ]

    @property
    def headline(self) -> str:
        """粘贴了8行×6列，按编号对上5行，将写入16格：改3格、新填13格."""
        found = self.plan
        changed, new = found.count(Effect.CHANGED), found.count(Effect.NEW)
        size = f"粘贴了{len(found.block.rows)}行×{found.block.width}列"
        if not found.matches:
            return f"{size}，没有一行对得上"
        matched = f"按{'、'.join(found.ways)}对上{len(found.matches)}行"
        parts = [f"改{changed}格"] * bool(changed) + [f"新填{new}格"] * bool(new)
        what = f"将写入{changed + new}格：{'、'.join(parts)}" if parts else "没有要写入的格子"
        return f"{size}，{matched}，{what}"

    @property
    def details(self) -> str:
        """认出表头“编号、本季度……”；空白5格不动；1格读不懂."""
        found = self.plan
        words = [word for word in found.block.heading if word]
        head = f"认出表头“{'、'.join(words[:3])}{'……' if len(words) > 3 else ''}”"
        told = (
            (Effect.BLANK, "空白{}格不动"),
            (Effect.SAME, "{}格与原来相同"),
            (Effect.UNREADABLE, "{}格读不懂"),
            (Effect.LOCKED, "{}格已经报送，不写入"),
        )
        counts = [words.format(found.count(one)) for one, words in told if found.count(one)]
        return "；".join([head] * bool(words) + counts)


def paste_preview(*, page: GridPage, paste: Paste) -> PastePreview:
    """The plan of a pasted block; no statement besides those of the page.

    Raises BlockError where the block cannot be used.
    """
    items = [_item(row) for row in page.rows]
    found = plan(
        read_block(paste.text),
        items,
        start=paste.start,
        clears=paste.clears,
        choices=paste.choices,
    )
    return PastePreview(page, replace(found, cells=_with_reasons(page, found)))


def _item(row: GridRow) -> Item:
    obligation = row.obligation
    return Item(
        pk=obligation.pk,
        kind=obligation.kind,
        code=obligation.subject_code,
        names=(obligation.name, obligation.subject_name),
        short_name=obligation.target.short_name if obligation.target else "",
        lead=row.lead,
        last=row.last,
        texts=obligation.texts,
        proposed=row.proposed,
        period=obligation.period.period,
        locked=row.refusal,
    )


def _with_reasons(page: GridPage, found: Plan) -> tuple[Cell, ...]:
    """The cells, with an explanation moved to the doubt that its row will have."""
    rows = {row.pk: row for row in page.rows}
    noted = {cell.item.pk for cell in found.written if cell.column == NOTE and cell.new}
    probes = _probes(page, {pk: _edits(found, pk) for pk in noted})
    return tuple(
        _moved(cell, probes[cell.item.pk], rows[cell.item.pk])
        if cell.item.pk in probes and cell.column == NOTE
        else cell
        for cell in found.cells
    )


def _edits(found: Plan, pk: int) -> dict[str, str]:
    return {
        name: text
        for cell in found.written
        if cell.item.pk == pk and cell.column != NOTE
        for name, text in cell.edits.items()
    }


def _probes(
    page: GridPage, edits: Mapping[int, Mapping[str, str]]
) -> Mapping[int, CheckedObligation]:
    """The obligations as they would be after the paste, checked without a statement."""
    probes = []
    for row in page.rows:
        if row.pk in edits:
            probe = copy.copy(row.obligation)
            texts = {**row.proposed, **edits[row.pk]}
            probe.content = probe.content | {name: {"text": text} for name, text in texts.items()}
            probes.append(probe)
    judged = {one.target.pk: one for row in page.rows if (one := row.checked.judged)}
    return checked_by_key(obligations=probes, limits=page.limits, judged=judged)


def _moved(cell: Cell, probe: CheckedObligation, row: GridRow) -> Cell:
    """The cell as the reason of the doubt that has it already, else of the first that lacks one."""
    having = [one for one in probe.doubts if probe.reason(one) == cell.new]
    doubts = (*having, *probe.open_doubts, *probe.doubts)
    if not doubts:
        return cell
    name = doubts[0].reason_field
    old = row.obligation.texts.get(name, "")
    effect = Effect.SAME if old == cell.new else Effect.CHANGED if old else Effect.NEW
    return replace(
        cell, old=old, effect=effect, edits={name: cell.new} if effect in WRITTEN else {}
    )
