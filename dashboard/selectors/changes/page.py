"""The page of changes: chips, groups, the table of counts, what is folded."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import urlencode

from dashboard.rules.changes.change import UNASSIGNED, Change, Direction, Kind
from dashboard.rules.changes.comparison import WORSE, Comparison, text_of
from dashboard.rules.changes.snapshots import Room

FIRST = 5
"""So many of each kind are shown where there are many; the rest is folded."""


@dataclass(frozen=True)
class ChangeFilters:
    """What the changes are narrowed by; empty fields do not filter. 待指定 stands for no body."""

    room: Room | None = None
    kind: Kind | None = None
    direction: Direction | None = None
    body: str = ""

    def let(self, change: Change) -> bool:
        return (
            self.room in {None, change.thing.room}
            and self.kind in {None, change.kind}
            and self.direction in {None, change.direction}
            and self.body in {"", change.body}
        )

    @property
    def query(self) -> dict[str, str]:
        found = {
            "room": self.room or "",
            "kind": self.kind or "",
            "direction": self.direction or "",
            "body": self.body,
        }
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True)
class FilterChip:
    """A filter with its count."""

    label: str
    count: int
    url: str
    is_chosen: bool = False


@dataclass(frozen=True)
class ChangeGroup:
    """The changes of one direction."""

    direction: Direction
    rows: tuple[Change, ...]

    @property
    def note(self) -> str:
        """1项，没有好坏之分."""
        count = f"{len(self.rows)}{self.direction.unit}"
        return "，".join(filter(None, (count, self.direction.note)))


@dataclass(frozen=True)
class CountLine:
    """A kind in the table of counts: all, better, worse, other."""

    kind: Kind
    cells: tuple[FilterChip, ...]


@dataclass(frozen=True)
class KindSection:
    """The worst changes of a kind, and what is folded below them."""

    kind: Kind
    rows: tuple[Change, ...]

    @property
    def title(self) -> str:
        """任务状态变差2项; the kind alone where nothing of it got worse."""
        worse = sum(row.direction in WORSE for row in self.rows)
        return (
            f"{self.kind.label}变差{worse}项" if worse else f"{self.kind.label}{len(self.rows)}项"
        )

    @property
    def groups(self) -> tuple[ChangeGroup, ...]:
        return groups_of(self.rows[:FIRST])

    @property
    def folded(self) -> tuple[ChangeGroup, ...]:
        return groups_of(self.rows[FIRST:])

    @property
    def left(self) -> int:
        return len(self.rows) - FIRST


@dataclass(frozen=True)
class ChangesPage:
    """A comparison under filters; `span` are the days as the address has them."""

    comparison: Comparison
    filters: ChangeFilters = field(default_factory=ChangeFilters)
    span: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def rows(self) -> tuple[Change, ...]:
        return tuple(filter(self.filters.let, self.comparison.changes))

    @property
    def groups(self) -> tuple[ChangeGroup, ...]:
        return groups_of(self.rows)

    @property
    def is_filtered(self) -> bool:
        return self.filters != ChangeFilters()

    @property
    def is_counted_first(self) -> bool:
        """Whether the table of counts comes first: many changes and no filter chosen."""
        return self.comparison.is_many and not self.is_filtered

    @property
    def chips(self) -> tuple[FilterChip, ...]:
        """All, and each room in which something changed; kind and direction fall away."""
        changes, chosen = self.comparison.changes, self.filters
        counts = Counter(change.thing.room for change in changes)
        other = replace(chosen, kind=None, direction=None)
        is_whole = not (chosen.room or chosen.kind or chosen.direction)
        is_all = is_whole and chosen.body != UNASSIGNED
        whole = ChangeFilters(body="" if chosen.body == UNASSIGNED else chosen.body)
        rooms = (
            FilterChip(
                room.label, counts[room], self.url(replace(other, room=room)), room == chosen.room
            )
            for room in Room
            if counts[room]
        )
        return (FilterChip("全部", len(changes), self.url(whole), is_all), *rooms)

    @property
    def unassigned(self) -> FilterChip | None:
        """The changes of which nobody answers for the object."""
        count = sum(change.is_unassigned for change in self.comparison.changes)
        is_chosen = self.filters.body == UNASSIGNED
        url = self.url(replace(self.filters, body="" if is_chosen else UNASSIGNED))
        return FilterChip("没有承办单位", count, url, is_chosen) if count else None

    @property
    def bodies(self) -> tuple[str, ...]:
        """The bodies to choose from."""
        found = {c.thing.body for c in self.comparison.changes if c.thing.body}
        return tuple(sorted(found))

    @property
    def table(self) -> tuple[CountLine, ...]:
        """Kinds by direction; each number leads to its changes."""
        found = Counter((change.kind, change.direction) for change in self.comparison.changes)
        return tuple(
            self._line(kind, found) for kind in Kind if any(key[0] == kind for key in found)
        )

    @property
    def sections(self) -> tuple[KindSection, ...]:
        """Each kind by itself, worst first."""
        found: dict[Kind, list[Change]] = {}
        for row in self.rows:
            found.setdefault(row.kind, []).append(row)
        return tuple(KindSection(kind, tuple(found[kind])) for kind in Kind if kind in found)

    @property
    def text(self) -> str:
        """What is shown, as text for a report."""
        return text_of(self.comparison, self.rows)

    @property
    def kept(self) -> dict[str, str]:
        """What the choice of a body keeps of the address."""
        return {**self.span, **replace(self.filters, body="").query}

    @property
    def url_of_all(self) -> str:
        return self.url(ChangeFilters())

    def url(self, filters: ChangeFilters) -> str:
        """The address of the same days under other filters."""
        return f"?{urlencode({**self.span, **filters.query})}"

    @property
    def query(self) -> str:
        return urlencode({**self.span, **self.filters.query})

    def _line(self, kind: Kind, found: Mapping[tuple[Kind, Direction], int]) -> CountLine:
        counts = [found.get((kind, direction), 0) for direction in Direction]
        cells = (
            FilterChip(
                direction.label, count, self.url(ChangeFilters(kind=kind, direction=direction))
            )
            for direction, count in zip(Direction, counts, strict=True)
        )
        return CountLine(
            kind, (FilterChip("合计", sum(counts), self.url(ChangeFilters(kind=kind))), *cells)
        )


def groups_of(rows: Iterable[Change]) -> tuple[ChangeGroup, ...]:
    """The changes by direction, in the order in which they are shown."""
    found: dict[Direction, list[Change]] = {}
    for row in rows:
        found.setdefault(row.direction, []).append(row)
    return tuple(ChangeGroup(one, tuple(found[one])) for one in Direction if one in found)
