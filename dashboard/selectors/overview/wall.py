"""The overview as the wall screen shows it: only what can be read from the end of a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from dashboard.rules.changes.change import Change, Direction, short_period
from dashboard.rules.changes.snapshots import Room
from dashboard.rules.overview.worst_cases import WorstCase
from dashboard.selectors.overview.overview import Overview
from dashboard.selectors.overview.rows import OverviewRow, RowGroup, RowGroupKind
from dashboard.selectors.overview.worst_cases import task_cases
from projects.selectors import ProjectRow
from targets.rules.levels import Level

ROOM, ROW, HEAD = 532, 46, 36
"""The height for rows and for the heads of their groups, in the units of the figure over them."""
PROJECTS, TASKS, PROBLEMS, FEW = 8, 5, 5, 3


@dataclass(frozen=True)
class WallLine:
    """The targets of a group by their names."""

    label: str
    names: str


@dataclass(frozen=True)
class WallGroup:
    """A group, and the same with those of its rows that have room."""

    whole: RowGroup
    part: RowGroup


@dataclass(frozen=True)
class WallBoard:
    """The groups that stand as rows, and a line for what has none."""

    groups: tuple[WallGroup, ...]
    rest: tuple[WallLine, ...]

    @property
    def parts(self) -> tuple[RowGroup, ...]:
        """What the figure lies over."""
        return tuple(group.part for group in self.groups)


def wall_board(groups: Sequence[RowGroup]) -> WallBoard:
    """The groups in turn as rows, as many as have room; a few are not torn out of a group."""
    room, shown, rest = ROOM, [], []
    for group in groups:
        fitting = max((room - HEAD) // ROW, 0)
        if fitting < min(FEW, len(group.rows)):
            fitting = 0
        rows, left = group.rows[:fitting], group.rows[fitting:]
        if rows:
            shown.append(WallGroup(group, replace(group, rows=rows)))
            room -= HEAD + ROW * len(rows)
        if left:
            rest.append(_line(group, left, others=bool(rows)))
    return WallBoard(tuple(shown), tuple(rest))


def _line(group: RowGroup, rows: Sequence[OverviewRow], *, others: bool) -> WallLine:
    """还不能判断7项: 充电桩普及率、屋顶光伏（无年度值），成品油消费量（目标待市下达）."""
    names = _names(rows) if group.kind == RowGroupKind.OPEN else "、".join(r.name for r in rows)
    return WallLine(f"{'另有' if others else ''}{group.label}{len(rows)}项", names)


def _names(rows: Iterable[OverviewRow]) -> str:
    ordered = sorted(rows, key=_why_open)
    return "，".join(
        f"{'、'.join(row.name for row in alike)}（{why}）"
        for why, alike in groupby(ordered, _why_open)
    )


def _why_open(row: OverviewRow) -> str:
    return row.verdict.words if row.verdict.level == Level.GREY else row.outlook


@dataclass(frozen=True)
class WallProblem:
    """A problem that is new in the quarter."""

    code: str
    text: str
    url: str
    body: str
    is_unassigned: bool

    @classmethod
    def of(cls, change: Change) -> "WallProblem":
        thing = change.thing
        text = thing.name if thing.room == Room.CONCERNS else change.after
        return cls(thing.code, text, thing.url, change.body, change.is_unassigned)


@dataclass(frozen=True)
class WallWorks:
    """The projects that are overdue, the tasks that are slow, the new problems, as many as have
    room."""

    page: Overview

    @property
    def projects(self) -> tuple[ProjectRow, ...]:
        return self.page.projects.late_rows[:PROJECTS]

    @property
    def projects_note(self) -> str:
        """What the rows leave out, and what all projects come to."""
        projects = self.page.projects
        if not projects.total:
            return ""
        left = len(projects.late_rows) - PROJECTS
        more = f"另有{left}个超期。" if left > 0 else ""
        return f"{more}{projects.standing}。{projects.sums.invested_sentence}"

    @property
    def tasks(self) -> tuple[WorstCase, ...]:
        """What stands still first, then what is behind, the longest first."""
        cases = sorted(task_cases(self.page.histories), key=lambda case: case.rank)
        return tuple(case.shown for case in cases[:TASKS])

    @cached_property
    def _problems(self) -> tuple[Change, ...]:
        changes = self.page.comparison.changes
        return tuple(one for one in changes if one.direction == Direction.PROBLEM)

    @property
    def problems(self) -> tuple[WallProblem, ...]:
        return tuple(WallProblem.of(change) for change in self._problems[:PROBLEMS])

    @property
    def problems_finding(self) -> str:
        """三季度新提出的问题5件."""
        when, count = short_period(self.page.period, self.page.period.end), len(self._problems)
        return f"{when}新提出的问题{count}件" if count else f"{when}没有新提出的问题"
