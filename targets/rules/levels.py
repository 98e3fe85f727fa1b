"""The levels of a light. Pure."""

from enum import StrEnum


class Level(StrEnum):
    """Warning levels, worst last among the judged. Source: 发改办环资〔2020〕901号."""

    GREEN = "green"
    ORANGE = "orange"
    RED = "red"
    GREY = "grey"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def is_grey(self) -> bool:
        """Not judged: the reason stands beside it."""
        return self == Level.GREY


_LABELS = {
    Level.GREEN: "三级",
    Level.ORANGE: "二级",
    Level.RED: "一级",
    Level.GREY: "未判定",
}
WORST_FIRST = (Level.RED, Level.ORANGE, Level.GREY, Level.GREEN)
"""The first of these is shown of several lights: not to know weighs more than what is good."""
