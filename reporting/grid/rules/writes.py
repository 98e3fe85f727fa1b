"""What a pasted block would write into the table, cell by cell. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import takewhile

from common.name_matching import name_key
from common.quantities import is_missing
from reporting.answers.rules.answers import read
from reporting.answers.rules.options import OPTIONS, label
from reporting.grid.rules.block import Block, is_error
from reporting.grid.rules.columns import (
    LAST,
    NONE,
    NOTHING,
    field_at,
    field_under,
    is_column,
    place_of,
)
from reporting.grid.rules.matching import By, Item, Match, Stray, match_rows
from reporting.rules.enumerations import Availability, Kind
from reporting.rules.fields import CHOICE, NUMBER, TICKED
from reporting.rules.fields import field as field_of

Edits = Mapping[str, str]
_NOTHING = frozenset(map(name_key, (NOTHING, "无", "没有", "本季度无配合事项", "无配合")))
_ABSENT = {
    name_key(word): code
    for code, word in (
        (Availability.AWAITED, Availability.AWAITED.label),
        (Availability.NOT_APPLICABLE, "不适用"),
        (Availability.NOT_APPLICABLE, Availability.NOT_APPLICABLE.label),
        (Availability.ANNUAL, Availability.ANNUAL.label),
    )
}
_LEADS = frozenset({"value", "invested_wan"})
"""Fields whose entry brings the proposals of the form with it."""
_SHORT, _LEAST_COMMON = 14, 4


class Effect(StrEnum):
    """What becomes of a cell of the block."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    BLANK = "blank"
    UNREADABLE = "unreadable"
    LOCKED = "locked"


WRITTEN = frozenset({Effect.NEW, Effect.CHANGED})


@dataclass(frozen=True)
class Cell:
    """One cell of the block in its place. `old` and `new` are texts as shown, `edits` as stored."""

    item: Item
    column: str
    effect: Effect
    old: str = ""
    new: str = ""
    edits: Edits = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True)
class Plan:
    """What a block would do; nothing is written yet."""

    block: Block
    matches: tuple[Match, ...]
    strays: tuple[Stray, ...]
    cells: tuple[Cell, ...]

    def count(self, *effects: Effect) -> int:
        return sum(cell.effect in effects for cell in self.cells)

    @cached_property
    def written(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.effect in WRITTEN)

    @property
    def ways(self) -> tuple[By, ...]:
        """By what its rows were matched."""
        found = {match.by for match in self.matches}
        return tuple(by for by in By if by in found)

    @property
    def lost(self) -> int:
        """The number of rows that are not written."""
        return sum(not stray.chosen for stray in self.strays)


def plan(
    block: Block,
    items: Sequence[Item],
    *,
    start: tuple[int, str],
    clears: bool = False,
    choices: Mapping[int, int] | None = None,
) -> Plan:
    """Plan the writes of a block that was pasted at the cell `start`: item and field.

    Blank cells are left alone unless `clears`. Raises BlockError like `match_rows`.
    """
    first, at = start
    found = match_rows(block, items, start=first, choices=choices or {})
    kind = next((item.kind for item in items if item.pk == first), Kind.TARGET)
    places = _Places(found.matches, place_of(kind, _column(at)))
    cells = [cell for match in found.matches for cell in _cells(match, places, clears)]
    return Plan(block, found.matches, found.strays, tuple(cells))


class _Places:
    """Which field each cell of a row goes to: under heads by their words, else by place.

    What stands before code and name, as a running number, has no place unless nothing follows them.
    """

    def __init__(self, matches: Sequence[Match], start: int) -> None:
        identity = frozenset[int]().union(*(one.identity for one in matches))
        filled = {n for one in matches for n, text in enumerate(one.line.cells) if text} - identity
        width, after = max(filled, default=-1) + 1, min(identity, default=-1) + 1
        begin = after if width > after else 0
        order = [place for place in range(begin, width) if place not in identity]
        if len(order) > 1 and _is_last(order[0], matches):
            order = order[1:]
        self._by_place = {column: start + n for n, column in enumerate(order)}

    def field(self, match: Match, column: int) -> str:
        if column in match.identity:
            return NONE
        kind, heads = match.item.kind, match.line.heads
        if heads:
            return field_under(kind, heads[column]) if column < len(heads) else NONE
        return field_at(kind, self._by_place[column]) if column in self._by_place else NONE


def _is_last(column: int, matches: Iterable[Match]) -> bool:
    """Whether a column repeats last quarter's answers, as copied from the table itself."""
    pairs = [
        (one.line.cells[column], one.item.last) for one in matches if column < len(one.line.cells)
    ]
    shown = [(name_key(text), name_key(last)) for text, last in pairs if text]
    return bool(shown) and all(text == last for text, last in shown)


def _cells(match: Match, places: _Places, clears: bool) -> Iterator[Cell]:
    """The cells of a row, each field once, then the proposals that come with a figure."""
    seen: dict[str, Cell] = {}
    for column, text in enumerate(match.line.cells):
        name = places.field(match, column)
        if name not in {NONE, LAST} and _column(name) not in seen:
            seen[_column(name)] = _cell(match.item, name, text, clears)
    yield from seen.values()
    leads = (cell for cell in seen.values() if _LEADS & cell.edits.keys())
    if any(cell.effect in WRITTEN and cell.new for cell in leads):
        for name, text in match.item.proposed.items():
            if name not in seen and is_column(match.item.kind, name):
                yield Cell(match.item, name, Effect.NEW, "", shown(match.item, name, text),
                           {name: text})  # fmt: skip


def _column(name: str) -> str:
    """The column of a field: a target without a number has 实现程度 in that of the value."""
    return "value" if name == "attainment" else name


def _cell(item: Item, name: str, text: str, clears: bool) -> Cell:
    name = item.lead if name == "value" else name
    old = shown(item, name, item.texts.get(name, ""))
    if is_error(text):
        return Cell(item, name, Effect.UNREADABLE, old, text, problem="读不懂，不写入")
    if not text and not (clears and old):
        return Cell(item, name, Effect.BLANK, old)
    edits, problem = _edits(item, name, text)
    if problem:
        return Cell(item, name, Effect.UNREADABLE, old, text, problem=problem)
    changed = {key: one for key, one in edits.items() if one != item.texts.get(key, "")}
    new = shown(item, name, edits.get(name, ""), edits)
    if item.locked and changed:
        return Cell(item, name, Effect.LOCKED, old, new, problem=item.locked)
    effect = (Effect.CHANGED if old else Effect.NEW) if changed else Effect.SAME
    return Cell(item, name, effect, old, new, changed)


def _edits(item: Item, name: str, text: str) -> tuple[Edits, str]:
    """The texts of fields that a cell stands for, or why it cannot be read."""
    known = field_of(item.kind, name)
    if name == "value" and (code := _ABSENT.get(name_key(text))):
        return {"availability": code, "value": ""}, ""
    if name == "text":
        is_nothing = name_key(text) in _NOTHING
        had = {"nothing": ""} if item.texts.get("nothing") else {}
        return ({"nothing": TICKED, name: ""} if is_nothing else {**had, name: text}), ""
    if known is None or (known.type == NUMBER and text and is_missing(text)):
        return {}, "没有数字，不写入"
    answers = read(item.kind, {name: text}, item.period)
    if name in answers.unreadable:
        return {}, answers.unreadable[name]
    if known.type == CHOICE and text:
        return {name: getattr(answers, name)}, ""
    is_late = name == "value" and item.texts.get("availability", "new") != Availability.NEW
    return {name: text} | ({"availability": Availability.NEW} if is_late and text else {}), ""


def shown(item: Item, name: str, text: str, edits: Edits | None = None) -> str:
    """A stored text as its cell shows it."""
    texts = {**item.texts, **(edits or {name: text})}
    known = field_of(item.kind, name)
    if name == "text" and texts.get("nothing"):
        return NOTHING
    if name == "value" and texts.get("availability", "new") in OPTIONS["Availability"]:
        code = texts.get("availability", "new")
        if code != Availability.NEW and not text:
            return label("Availability", code)
    if known and known.type == CHOICE and text:
        return label(known.choices, text)
    return text


def differing(old: str, new: str) -> tuple[str, str]:
    """Two texts as they stand beside each other: of long ones the common beginning is left out."""
    head = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    if max(len(old), len(new)) <= _SHORT or head < _LEAST_COMMON:
        return old, new
    return f"…{old[head:]}", f"…{new[head:]}"
