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
        """Whether it is not judged; the reason is shown with it."""
        return self == Level.GREY


_LABELS = {
    Level.GREEN: "三级",
    Level.ORANGE: "二级",
    Level.RED: "一级",
    Level.GREY: "未判定",
}
WORST_FIRST = (Level.RED, Level.ORANGE, Level.GREY, Level.GREEN)
"""Of several lights the first of these is shown: an unknown state outweighs a good one."""
