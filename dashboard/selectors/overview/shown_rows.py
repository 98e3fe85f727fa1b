"""The rows that the overview shows: of a large plan the worst of each group, the rest led to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboard.selectors.overview.rows import OverviewRow, RowGroup, RowGroupKind

WHOLE, SHOWN = 40, 12
"""A plan of so many targets is shown whole; of a larger one each group shows so many rows."""
_FOLDED = {RowGroupKind.OPEN, RowGroupKind.MET}


@dataclass(frozen=True)
class ShownGroup:
    """A group of rows as the page shows it."""

    whole: RowGroup
    rows: tuple[OverviewRow, ...]

    @property
    def label(self) -> str:
        return self.whole.label

    @property
    def note(self) -> str:
        """88项，须保持到2030年，列前12项."""
        is_cut = len(self.rows) < len(self.whole.rows)
        return f"{self.whole.note}，列前{len(self.rows)}项" if is_cut else self.whole.note

    @property
    def is_folded(self) -> bool:
        """Whether a phone folds the group: nothing in it needs attention now."""
        return self.whole.kind in _FOLDED


def shown_groups(groups: Sequence[RowGroup]) -> tuple[ShownGroup, ...]:
    """The groups of the page, the headline targets first."""
    shown = shown_rows(groups)
    return tuple(ShownGroup(one, cut.rows) for one, cut in zip(groups, shown, strict=True))


def shown_rows(groups: Sequence[RowGroup]) -> tuple[RowGroup, ...]:
    """The groups with the rows that are shown, for the figure that lies over them."""
    if sum(len(group.rows) for group in groups) <= WHOLE:
        return tuple(groups)
    return tuple(replace(group, rows=group.rows[:SHOWN]) for group in groups)
