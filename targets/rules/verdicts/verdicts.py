"""The verdicts of a milestone, in words and shapes."""

from enum import StrEnum
from typing import Self

from targets.rules.levels import Level


class Verdict(StrEnum):
    """The verdict of a milestone whose year has passed, or that lies ahead.

    A goal that is only striven for (力争) is never missed: it was not reached (未达到力争值).
    """

    ACHIEVED = "achieved"
    MISSED = "missed"
    FELL_SHORT = "fell_short"
    PROVISIONAL = "provisional"
    BASIS_CHANGED = "basis_changed"
    PENDING = "pending"
    MISSING = "missing"
    TO_RECOGNISE = "to_recognise"
    NOT_APPLICABLE = "not_applicable"
    AHEAD = "ahead"

    @property
    def label(self) -> str:
        return _VERDICT_LABELS[self]

    @property
    def level(self) -> Level:
        """The level that gives it its shape; grey where nothing was judged."""
        return _VERDICT_LEVELS.get(self, Level.GREY)

    @classmethod
    def settled(cls, *, is_met: bool, is_striven: bool) -> Self:
        """The verdict of a value or document; a 力争 target has its own word for a miss."""
        if is_met:
            return cls.ACHIEVED
        return cls.FELL_SHORT if is_striven else cls.MISSED


_VERDICT_LEVELS = {
    Verdict.ACHIEVED: Level.GREEN,
    Verdict.MISSED: Level.RED,
    Verdict.FELL_SHORT: Level.ORANGE,
}
SETTLED = frozenset(_VERDICT_LEVELS)
"""The verdicts that a value or a document gives; the others say why there is none."""

_VERDICT_LABELS = {
    Verdict.ACHIEVED: "已达标",
    Verdict.MISSED: "未达标",
    Verdict.FELL_SHORT: "未达到力争值",
    Verdict.PROVISIONAL: "数据待核定",
    Verdict.BASIS_CHANGED: "口径变更待确认",
    Verdict.PENDING: "目标待下达",
    Verdict.MISSING: "数据缺失",
    Verdict.TO_RECOGNISE: "定性待认定",
    Verdict.NOT_APPLICABLE: "不适用",
    Verdict.AHEAD: "未到期",
}
