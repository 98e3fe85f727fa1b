"""A change between two days: what, which way, whose, from what to what."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from common.formats import zh_day
from common.quarters import Period
from dashboard.rules.changes.snapshots import ChangedObject, ReportSnapshot, Room
from targets.rules.words.provenance import Stamp

UNASSIGNED = "待指定"


class Kind(StrEnum):
    """What of an object has changed."""

    VALUE = "value"
    LIGHT = "light"
    VERDICT = "verdict"
    TASK = "task"
    PROJECT = "project"
    CONCERN = "concern"

    @property
    def label(self) -> str:
        return _KINDS[self]


_KINDS = {
    Kind.VALUE: "指标数值",
    Kind.LIGHT: "预警等级",
    Kind.VERDICT: "目标年结论",
    Kind.TASK: "任务状态",
    Kind.PROJECT: "项目状态和工期",
    Kind.CONCERN: "问题和风险",
}


class Direction(StrEnum):
    """Which way it went, in the order in which changes are shown."""

    WORSE = "worse"
    PROBLEM = "problem"
    MOVED = "moved"
    BETTER = "better"
    FILLED = "filled"
    CORRECTED = "corrected"

    @property
    def label(self) -> str:
        return _DIRECTIONS[self]

    @property
    def note(self) -> str:
        """What the label does not say by itself."""
        return _NOTES.get(self, "")

    @property
    def unit(self) -> str:
        """件 for problems, 项 for all else."""
        return "件" if self == Direction.PROBLEM else "项"

    @classmethod
    def of(cls, step: Decimal | int) -> "Direction":
        """Better for a step up, worse for one down, neither where there is none."""
        return cls.BETTER if step > 0 else cls.WORSE if step < 0 else cls.MOVED


_DIRECTIONS = {
    Direction.WORSE: "变差",
    Direction.PROBLEM: "新问题",
    Direction.MOVED: "变动",
    Direction.BETTER: "变好",
    Direction.FILLED: "补报",
    Direction.CORRECTED: "更正",
}
_NOTES = {
    Direction.MOVED: "没有好坏之分",
    Direction.FILLED: "原先没有审核通过的数",
    Direction.CORRECTED: "不算变好变差",
}
_ORDER = {direction: place for place, direction in enumerate(Direction)}
_ROOMS = {room: place for place, room in enumerate(Room)}


@dataclass(frozen=True)
class Change:
    """One change. `before` is empty if there was nothing to change from.

    `weight` is larger for what changed more; it compares only within a kind.
    """

    kind: Kind
    direction: Direction
    thing: ChangedObject
    before: str
    after: str
    basis: str
    difference: str = ""
    stamp: Stamp | None = None
    period: Period | None = None
    """Of a value: the time that it is of."""
    weight: Decimal = Decimal(0)

    @property
    def body(self) -> str:
        return self.thing.body or UNASSIGNED

    @property
    def is_unassigned(self) -> bool:
        return not self.thing.body

    @property
    def change(self) -> str:
        """正常推进→进展滞后; a problem in its own words."""
        return f"{self.before}→{self.after}" if self.before else self.after

    @property
    def words(self) -> str:
        """8-1 推动产业园区循环发展：正常推进→进展滞后（区发改局，10月20日审核）."""
        said = "，".join(filter(None, (self.change, self.difference)))
        return f"{self.thing.code} {self.thing.name}：{said}（{self.body}，{self.basis}）"

    @property
    def order(self) -> tuple[object, ...]:
        """By direction, the largest first, then as the plan has them."""
        return (
            _ORDER[self.direction], -self.weight, _ROOMS[self.thing.room], self.thing.position,
            self.thing.code, self.kind,
        )  # fmt: skip


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """As they are shown."""
    return tuple(sorted(changes, key=lambda change: change.order))


def is_correction(before: ReportSnapshot | None, after: ReportSnapshot | None) -> bool:
    """Whether a report took the place of another of the same quarter."""
    return bool(before and after and before.period == after.period)


def approved(report: ReportSnapshot, day: datetime.date, *, corrected: bool = False) -> str:
    """10月20日审核; 2025年10月20日更正：多报了一户. The year is said where it is not the day's."""
    when = zh_day(report.recorded_on)
    if report.recorded_on.year != day.year:
        when = f"{report.recorded_on.year}年{when}"
    if not corrected:
        return f"{when}审核"
    return f"{when}更正" + (f"：{report.reason}" if report.reason else "")


def short_period(period: Period, day: datetime.date) -> str:
    """三季度; of another year 2025年三季度, of a whole year 2025年."""
    if period.quarter is None:
        return period.label
    name = period.label.partition("第")[2]
    return name if period.year == day.year else f"{period.year}年{name}"
