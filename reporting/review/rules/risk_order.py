"""The order in which the bureau reviews what waits. Pure.

What has to be opened comes first: doubts, earlier returns, corrections, jumps against history, a
red light, lateness. Among equals more doubts come first, then the longest wait.
"""

import datetime
from dataclasses import dataclass

JUMPS = frozenset({"W1", "W3"})
"""Doubts about the size of a number: an unusual change, a slip of unit or decimal point."""

Rank = tuple[bool, int, bool, bool, bool, bool, int, datetime.datetime]
_LAST = datetime.datetime.max.replace(tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class ReviewRisk:
    """The reasons to look closely at an obligation. `codes` are those of its doubts."""

    codes: tuple[str, ...] = ()
    returns: int = 0
    is_correction: bool = False
    is_red: bool = False
    is_overdue: bool = False
    waits_since: datetime.datetime | None = None

    @property
    def has_jump(self) -> bool:
        """Whether a number changed more than usual."""
        return not JUMPS.isdisjoint(self.codes)

    @property
    def is_clean(self) -> bool:
        """Whether nothing has to be explained or compared: it may be approved in bulk."""
        return not (self.codes or self.returns or self.is_correction)


def rank(risk: ReviewRisk) -> Rank:
    """The sort key of obligations, the riskiest first."""
    return (
        not risk.codes,
        -risk.returns,
        not risk.is_correction,
        not risk.has_jump,
        not risk.is_red,
        not risk.is_overdue,
        -len(risk.codes),
        risk.waits_since or _LAST,
    )
