"""The category of each row: from its own cell, carried down, or from a section row above."""

import re
from dataclasses import dataclass

from imports.annex.cells.text import Heading, heading_of
from imports.annex.results import RowKind, TableKind

_GOALS = re.compile(
    r"(?:碳达峰|双碳|降碳)?(?:总体|主要|工作|发展|阶段性?|预期|核心|年度|总|具体|行动|约束性)*"
    r"(?:目标|指标)(?:和指标|指标|体系|要求)?|总体要求"
)
_TASKS = re.compile(
    r"(?:碳达峰|双碳)?(?:重点|主要|工作|具体|目标|专项)*(?:任务|工作|举措|行动)(?:任务|举措|措施|清单|分工|安排)*|保障措施"
)
_RANKS = {"cn": 0, "(cn)": 1, "1.": 2, "1.1": 3, "1)": 3, "(1)": 3, "①": 4}


def is_goals(text: str) -> bool:
    """Whether a section or category holds goals: 总体目标, 主要目标."""
    return _GOALS.fullmatch(text) is not None


def is_tasks(text: str) -> bool:
    """Whether a section only says that tasks follow: 重点任务."""
    return _TASKS.fullmatch(text) is not None


@dataclass
class DeclaredCount:
    """A heading that says how many rows follow it: “（3个）”."""

    row: int
    column: int
    text: str
    count: int
    start: int
    rank: int
    stop: int | None = None


@dataclass(frozen=True, slots=True)
class CategoryPlace:
    """Where a row belongs; `source` is own, merged, carried, section or none."""

    kind: RowKind
    heading: Heading | None
    source: str
    section: str | None


class Sections:
    """Follows headings and category cells down the table."""

    def __init__(self, table: TableKind) -> None:
        self.table = table
        self.kind: RowKind = "task"
        self.declared: list[DeclaredCount] = []
        self._group: str | None = None
        self._goal_style = ""
        self._section: Heading | None = None
        self._carried: Heading | None = None

    def enter(self, row: int, column: int, text: str, read: int) -> None:
        """A section row; `read` is the number of rows read so far."""
        heading = heading_of(text)
        rank = _RANKS.get(heading.style, 0 if self._section is None else 1)
        self._close(rank, read)
        if heading.declared is not None:
            self.declared.append(
                DeclaredCount(row, column, heading.text, heading.declared, read, rank)
            )
        self._carried = None
        if self.table == "tasks" and (is_goals(heading.text) or is_tasks(heading.text)):
            self.kind = "goal" if is_goals(heading.text) else "task"
            self._goal_style = heading.style
            self._group, self._section = heading.text, None
            return
        if self.kind == "goal" and rank <= _RANKS.get(self._goal_style, 0):
            self.kind, self._group = "task", None
        self._section = heading

    def _close(self, rank: int, read: int) -> None:
        for declared in self.declared:
            if declared.stop is None and declared.rank >= rank:
                declared.stop = read

    def close(self, read: int) -> None:
        self._close(-1, read)

    def place(self, text: str, is_merged: bool, row: int, column: int, read: int) -> CategoryPlace:
        """Where a row with this category cell belongs; an empty one carries the last down."""
        if not text:
            if self._carried is not None:
                return CategoryPlace(
                    self._kind(self._carried), self._carried, "carried", self._group
                )
            source = "section" if self._section else "none"
            return CategoryPlace(self.kind, self._section, source, self._group)
        heading = heading_of(text)
        if heading.declared is not None and heading != self._carried:
            self._close(9, read)
            self.declared.append(
                DeclaredCount(row, column, heading.text, heading.declared, read, 9)
            )
        self._carried = heading
        return CategoryPlace(
            self._kind(heading), heading, "merged" if is_merged else "own", self._group
        )

    def _kind(self, heading: Heading) -> RowKind:
        if self.table == "tasks" and is_goals(heading.text):
            return "goal"
        return self.kind
