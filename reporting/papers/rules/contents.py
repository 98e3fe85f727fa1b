"""What stands on a sheet for the stamp, as data: the print shows this and nothing else. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from reporting.rules.enumerations import Kind

Line = tuple[str, str]
TITLE = "碳达峰实施方案进展报送件"
KINDS: Mapping[str, str] = {
    Kind.TARGET: "指标",
    Kind.TASK: "牵头任务",
    Kind.CONTRIBUTION: "配合事项",
    Kind.PROJECT: "项目",
}
_COUNTED = "一二三四"
_SHORT = {Kind.CONTRIBUTION: 12}
_SHORT_OTHERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedRow:
    """One item as handed in. Of a task or project `value` is the state, of a contribution its text.

    `beside` stands under the value (grade) or the name (last state, lead agency).
    """

    item: int
    kind: str
    code: str
    name: str
    value: str
    beside: str = ""
    goal: str = ""
    last: str = ""
    source: str = ""
    lines: tuple[Line, ...] = ()
    doubts: tuple[Line, ...] = ()
    """What was odd, and the unit's reason."""
    evidence: tuple[str, ...] = ()

    @property
    def files(self) -> str:
        return "、".join(self.evidence) or "无"

    @property
    def explained(self) -> tuple[Line, ...]:
        """Doubts and other fields of a target, below its row."""
        doubts = tuple((doubt, f"单位说明：{reason}") for doubt, reason in self.doubts)
        return (*doubts, *self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who prepared or approved it, at which moment (ISO 8601; empty where it was not kept)."""

    name: str
    at: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """The items of one kind with their heading."""

    ordinal: str
    kind: str
    rows: tuple[PrintedRow, ...]
    is_last: bool

    @property
    def heading(self) -> str:
        return f"{self.ordinal}、{KINDS[self.kind]}（{len(self.rows)}项）"

    @property
    def is_of_targets(self) -> bool:
        return self.kind == Kind.TARGET

    @property
    def is_of_tasks(self) -> bool:
        return self.kind == Kind.TASK

    @property
    def is_of_contributions(self) -> bool:
        return self.kind == Kind.CONTRIBUTION

    @property
    def stays_together(self) -> bool:
        """Whether it moves to the page of the signatures as a whole: the last one, if short."""
        return self.is_last and len(self.rows) <= _SHORT.get(Kind(self.kind), _SHORT_OTHERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Everything printed on one version of a sheet, but for when and by whom it is printed."""

    number: str
    """With its version."""
    agency: str
    addressee: str
    period: str
    handed_in: str
    """The moment of the signer's approval, ISO 8601."""
    summary: str
    rows: tuple[PrintedRow, ...]
    prepared: tuple[Hand, ...]
    signed: tuple[Hand, ...] = ()
    is_demo: bool = False

    @property
    def sections(self) -> tuple[Section, ...]:
        by_kind = [(kind, self.of(kind)) for kind in KINDS if self.of(kind)]
        return tuple(
            Section(_COUNTED[n], kind, rows, n == len(by_kind) - 1)
            for n, (kind, rows) in enumerate(by_kind)
        )

    def of(self, kind: str) -> tuple[PrintedRow, ...]:
        return tuple(row for row in self.rows if row.kind == kind)

    @property
    def items(self) -> frozenset[int]:
        return frozenset(row.item for row in self.rows)


def stored(contents: Contents) -> dict[str, Any]:
    """The contents as JSON keeps them."""
    found: dict[str, Any] = json.loads(canonical(contents))
    return found


def canonical(contents: Contents) -> bytes:
    """What the checksum is made of: the same contents are the same bytes."""
    text = json.dumps(asdict(contents), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def read(kept: Mapping[str, Any]) -> Contents:
    """The contents from what JSON kept."""
    rows = tuple(PrintedRow(**_tuples(row)) for row in kept["rows"])
    plain = {one.name: kept[one.name] for one in fields(Contents)}
    hands = {name: tuple(Hand(**hand) for hand in kept[name]) for name in ("prepared", "signed")}
    return Contents(**(plain | hands | {"rows": rows}))


def _tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    pairs = {name: tuple((one, two) for one, two in row[name]) for name in ("lines", "doubts")}
    return {**row, **pairs, "evidence": tuple(row["evidence"])}
