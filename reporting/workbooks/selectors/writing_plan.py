"""What the button writes: the clean cells, the chosen and mended ones, and the reasons given."""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from reporting.answers.rules.facts import Finding
from reporting.answers.selectors.checking import CheckedObligation, checked_by_key
from reporting.filling.selectors.form_hints import given_texts
from reporting.models import Obligation
from reporting.periods.rules.thresholds import Thresholds
from reporting.workbooks.rules import layout
from reporting.workbooks.rules.cell_readings import CellReading
from reporting.workbooks.rules.compare import ASKING, TAKE, TEXT, WHY, WRITTEN, Outcome
from reporting.workbooks.selectors.comparison import ComparedCell

SYSTEM, FILE, MERGED = "system", "file", "merged"
_LEADS = ("value", "invested_wan")
"""A figure accepts the form's other proposals, as in the table of all items."""

Choices = Mapping[str, Mapping[str, Any]]
"""Name of a control → its text and version, as an upload keeps them."""


@dataclass(frozen=True)
class WritingPlan:
    """The cells to be written with the texts of their fields, by obligation."""

    cells: tuple[ComparedCell, ...]
    written: Mapping[str, CellReading]
    """Key of a cell → what is written into it."""
    choices: Choices

    @cached_property
    def checked(self) -> dict[int, CheckedObligation]:
        return {one.obligation.pk: one.checked for one in self.cells}

    @cached_property
    def edits(self) -> dict[int, dict[str, str]]:
        """Key of an obligation → field → text; without those that are stored already."""
        found: dict[int, dict[str, str]] = {}
        for cell in self.cells:
            if said := self.written.get(cell.key):
                found.setdefault(cell.obligation.pk, {}).update(_texts(cell, said))
        for pk, texts in found.items():
            found[pk] = {**_proposals(self.checked[pk], texts, self._emptied(pk)), **texts}
        return found

    def choice(self, name: str) -> str:
        """What was chosen or typed in a control of the preview."""
        return _text(self.choices, name)

    def version(self, name: str) -> int:
        return int(self.choices.get(name, {}).get("v", 0))

    @property
    def left(self) -> tuple[ComparedCell, ...]:
        """The cells that stay out until somebody chooses or mends."""
        return tuple(
            one for one in self.cells if one.outcome in ASKING and one.key not in self.written
        )

    def _emptied(self, pk: int) -> frozenset[str]:
        """The fields whose proposal somebody deleted from the file."""
        return frozenset(
            name
            for cell in self.cells
            if cell.obligation.pk == pk and cell.field and not cell.said
            for name in cell.names
        )


def writing_plan(*, cells: Iterable[ComparedCell], choices: Choices) -> WritingPlan:
    """The plan for the choices that were made so far."""
    rows = tuple(cells)
    decided = ((cell.key, decision(cell=cell, choices=choices)) for cell in rows)
    return WritingPlan(rows, {key: said for key, said in decided if said}, choices)


def decision(*, cell: ComparedCell, choices: Choices) -> CellReading | None:
    """What is written into a cell; None where it stays as it is.

    A choice about a conflict holds only for the stored text that its chooser has seen.
    """
    if cell.outcome in WRITTEN:
        return cell.file
    typed = _text(choices, f"{TEXT}-{cell.key}")
    if cell.outcome == Outcome.UNREADABLE and typed.strip():
        return _readable(cell.read(typed))
    if cell.outcome != Outcome.CONFLICT:
        return None
    take, _, version = _text(choices, f"{TAKE}-{cell.key}").partition(":")
    if version != str(cell.version):
        return None
    if take == FILE:
        return _readable(cell.file)
    return _readable(cell.read(typed)) if take == MERGED and typed.strip() else None


def with_reasons(
    *, plan: WritingPlan, limits: Thresholds
) -> tuple[dict[int, CheckedObligation], dict[int, dict[str, str]]]:
    """The obligations as they will stand, and the reasons for their doubts that go with them.

    A reason is typed on the page; for a target what the file says in 说明 gives it.
    """
    judged = {one.judged.target.pk: one.judged for one in plan.checked.values() if one.judged}
    probes = [_probe(plan.checked[pk], texts) for pk, texts in plan.edits.items()]
    after = checked_by_key(obligations=probes, limits=limits, judged=judged)
    reasons: dict[int, dict[str, str]] = {}
    for pk, one in after.items():
        for doubt in one.open_doubts:
            if reason := reason_for(plan=plan, pk=pk, doubt=doubt):
                reasons.setdefault(pk, {})[doubt.reason_field] = reason
    return after, reasons


def reason_for(*, plan: WritingPlan, pk: int, doubt: Finding) -> str:
    """The reason typed for a doubt, else the 说明 that the file brings for the target."""
    name = f"{WHY}-{pk}-{doubt.code}"
    note = plan.edits.get(pk, {}).get("note", "")
    return (plan.choice(name) if name in plan.choices else note).strip()


def _readable(said: CellReading) -> CellReading | None:
    return None if said.problem else said


def _texts(cell: ComparedCell, said: CellReading) -> dict[str, str]:
    assert cell.field is not None  # noqa: S101 - a cell without a field is locked
    texts = layout.meaning(cell.obligation.kind, cell.field.name, said.stored)
    last = cell.checked.past.last
    if cell.said == layout.SAME and last:
        texts |= {name: last.texts.get(name, "") for name in ("grade", "source")}
    return texts


def _proposals(
    checked: CheckedObligation, texts: Mapping[str, str], emptied: frozenset[str]
) -> dict[str, str]:
    if not any(texts.get(name) for name in _LEADS):
        return {}
    stored = checked.obligation.texts
    return {
        name: text
        for name, text in given_texts(checked).items()
        if text and name not in stored and name not in emptied
    }


def _probe(checked: CheckedObligation, texts: Mapping[str, str]) -> Obligation:
    probe = copy.copy(checked.obligation)
    probe.content = probe.content | {name: {"text": text} for name, text in texts.items()}
    return probe


def _text(choices: Choices, name: str) -> str:
    return str(choices.get(name, {}).get("text", ""))
