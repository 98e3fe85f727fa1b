"""The rows that the overview shows: of a large plan the worst of each group, the rest led to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboard.selectors.rows import OverviewRow, RowGroup, RowGroupKind

SHOWN = 12
"""So many rows of a group: all those of a plan of 26 targets, a screen of each of a larger one."""
_FOLDED = {RowGroupKind.OPEN, RowGroupKind.MET}


@dataclass(frozen=True)
class BoardGroup:
    """A group of rows as the page shows it."""

    whole: RowGroup

    @property
    def label(self) -> str:
        return self.whole.label

    @property
    def note(self) -> str:
        """88项，须保持到2030年，列前12项."""
        count = len(self.whole.rows)
        return f"{self.whole.note}，列前{SHOWN}项" if count > SHOWN else self.whole.note

    @property
    def rows(self) -> tuple[OverviewRow, ...]:
        return self.whole.rows[:SHOWN]

    @property
    def is_folded(self) -> bool:
        """Whether a phone shows it only when asked: what needs nobody's attention now."""
        return self.whole.kind in _FOLDED


def board(groups: Sequence[RowGroup]) -> tuple[BoardGroup, ...]:
    """The groups of the page, the headline targets first."""
    return tuple(BoardGroup(group) for group in groups)


def shown_rows(groups: Sequence[RowGroup]) -> tuple[RowGroup, ...]:
    """The groups with those rows alone, for the figure that lies over them."""
    return tuple(replace(group, rows=group.rows[:SHOWN]) for group in groups)
