"""What becomes of a cell: what was downloaded, what is stored now, what the file says. Pure."""

from enum import StrEnum

from reporting.workbooks.rules.cell_readings import CellReading


class Outcome(StrEnum):
    """What a cell of the file means for the draft."""

    SAME = "same"
    NEW = "new"
    CHANGED = "changed"
    CONFLICT = "conflict"
    LOCKED = "locked"
    UNREADABLE = "unreadable"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Outcome.SAME: "未变",
    Outcome.NEW: "新填",
    Outcome.CHANGED: "修改",
    Outcome.CONFLICT: "冲突",
    Outcome.LOCKED: "锁定的格被改",
    Outcome.UNREADABLE: "看不懂",
}
WRITTEN = (Outcome.NEW, Outcome.CHANGED)
"""Written without a question."""
ASKING = (Outcome.CONFLICT, Outcome.UNREADABLE)
"""Stays out until somebody has chosen or mended it."""

TAKE, TEXT, WHY = "take", "text", "why"
"""What the names of the preview's controls begin with: take-12-source, why-12-W1."""


def compare(
    *,
    shown: CellReading,
    stored: CellReading,
    now: CellReading,
    file: CellReading,
    is_locked: bool = False,
) -> Outcome:
    """The outcome of one cell: as the download showed it, as it was stored then, is now, and says.

    What the file leaves as it was shown changes nothing, whatever is stored now; what file and
    store agree on needs no writing. Only a cell that both sides changed, each in its own way, is a
    conflict. Shown and stored differ where the form proposes a text that was never saved.
    """
    if _agree(file, shown):
        return Outcome.SAME
    if is_locked:
        return Outcome.LOCKED
    if _agree(file, now):
        return Outcome.SAME
    if not _agree(stored, now):
        return Outcome.CONFLICT
    if file.problem:
        return Outcome.UNREADABLE
    return Outcome.CHANGED if now.meaning else Outcome.NEW


def _agree(one: CellReading, other: CellReading) -> bool:
    """Whether two texts say the same; unreadable ones do so only word for word."""
    if one.problem or other.problem:
        return bool(one.stored) and one.stored == other.stored
    return one.meaning == other.meaning
