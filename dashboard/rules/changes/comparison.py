"""What a comparison of two days says: all changes, what could not be compared, what stayed."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from common.formats import number, zh_date
from common.quarters import Period
from dashboard.rules.changes.change import Change, Direction, Kind, short_period
from dashboard.rules.changes.snapshots import ChangedObject, Room

WORSE = frozenset({Direction.WORSE, Direction.PROBLEM})
LISTED = 30
"""More changes than these are counted first."""
_NAMED = 5


@dataclass(frozen=True)
class Latest:
    """The last approval of a report before the later day."""

    day: datetime.date
    thing: ChangedObject


@dataclass(frozen=True)
class SentencePart:
    """A piece of a sentence."""

    text: str
    is_strong: bool = False


@dataclass(frozen=True)
class Comparison:
    """What differs between the ends of two days; `last_period` had closed on the later one.

    `compared` counts the objects of each room; `silent` names those that have nothing to compare.
    """

    first: datetime.date
    last: datetime.date
    last_period: Period
    year: int
    changes: tuple[Change, ...]
    compared: Mapping[Room, int]
    silent: Mapping[Room, tuple[str, ...]]
    verdicts: int
    invested: tuple[int, Decimal]
    overdue: tuple[int, int]
    latest: Latest | None = None

    @property
    def is_many(self) -> bool:
        return len(self.changes) > LISTED

    @cached_property
    def by_direction(self) -> Mapping[Direction, int]:
        return Counter(change.direction for change in self.changes)

    @cached_property
    def by_kind(self) -> Mapping[Kind, int]:
        return Counter(change.kind for change in self.changes)

    @property
    def is_empty(self) -> bool:
        """True where no plan has been loaded."""
        return not any(self.compared.values())

    @property
    def head(self) -> str:
        """13处变化：1项任务变差，新问题5件，4项变好。"""
        return "".join(part.text for part in self.parts)

    @property
    def parts(self) -> tuple[SentencePart, ...]:
        """The same, what got worse in bold."""
        if not self.changes:
            return (SentencePart(self._nothing),)
        said = [SentencePart(self._counted(one), one in WORSE) for one in Direction]
        said = [part for part in said if part.text]
        between = [SentencePart("，")] * (len(said) - 1) + [SentencePart("。")]
        pairs = (part for pair in zip(said, between, strict=True) for part in pair)
        return (SentencePart(f"{len(self.changes)}处变化："), *pairs)

    @property
    def _nothing(self) -> str:
        silent = self.silent[Room.TASKS]
        if silent and len(silent) == self.compared[Room.TASKS]:
            return f"没有变化：{self.last_period.label}还没有审核通过的任务进展。"
        return "没有变化。"

    @property
    def _worse(self) -> str:
        """1项任务变差, 3项变差（任务1、项目2）."""
        rooms = Counter(c.thing.room for c in self.changes if c.direction == Direction.WORSE)
        total = sum(rooms.values())
        if len(rooms) == 1:
            return f"{total}项{next(iter(rooms)).label}变差"
        split = "、".join(f"{room.label}{rooms[room]}" for room in Room if rooms[room])
        return f"{total}项变差（{split}）"

    def _counted(self, direction: Direction) -> str:
        """4项变好, 新问题5件; empty for none."""
        count = self.by_direction.get(direction, 0)
        if not count or direction == Direction.WORSE:
            return self._worse if count else ""
        if direction == Direction.PROBLEM:
            return f"{direction.label}{count}{direction.unit}"
        return f"{count}{direction.unit}{direction.label}"

    @property
    def unchanged(self) -> str:
        """26项指标的预警等级和2025年结论没有变，超期项目仍为7个。"""
        said = "，".join(filter(None, (self._still, self.overdue_words)))
        return f"{said}。" if said else ""

    @property
    def _still(self) -> str:
        kept = []
        if self.compared[Room.TARGETS] and not self.by_kind.get(Kind.LIGHT):
            kept.append(f"{self.compared[Room.TARGETS]}项指标的预警等级")
        if self.verdicts and not self.by_kind.get(Kind.VERDICT):
            kept.append(f"{self.year}年结论" if kept else f"{self.verdicts}项{self.year}年结论")
        if self._compared_tasks and not self.by_kind.get(Kind.TASK):
            kept.append(f"{self._compared_tasks}项任务的状态")
        return f"{'、'.join(kept[:-1])}{'和' if kept[1:] else ''}{kept[-1]}没有变" if kept else ""

    @property
    def _compared_tasks(self) -> int:
        return self.compared[Room.TASKS] - len(self.silent[Room.TASKS])

    @property
    def overdue_words(self) -> str:
        """超期项目仍为7个, 超期项目由6个增加到7个; empty if there are and were none."""
        before, after = self.overdue
        if before == after:
            return f"超期项目仍为{after}个" if after else ""
        return f"超期项目由{before}个{'增加' if after > before else '减少'}到{after}个"

    @property
    def compared_words(self) -> str:
        """26项指标的最新值和预警、20项2025年结论、32项任务、20个项目、15件问题和风险."""
        rooms = self.compared
        said = (
            (rooms[Room.TARGETS], f"{rooms[Room.TARGETS]}项指标的最新值和预警"),
            (self.verdicts, f"{self.verdicts}项{self.year}年结论"),
            (rooms[Room.TASKS], f"{rooms[Room.TASKS]}项任务"),
            (rooms[Room.PROJECTS], f"{rooms[Room.PROJECTS]}个项目"),
            (rooms[Room.CONCERNS], f"{rooms[Room.CONCERNS]}件风险和重大问题"),
        )
        return "、".join(words for count, words in said if count)

    @property
    def not_compared(self) -> str:
        """T02、T15没有数值，32项任务中7项还没有核定的三季度进展，不参加比较。"""
        targets, tasks, projects = (
            self.silent[room] for room in (Room.TARGETS, Room.TASKS, Room.PROJECTS)
        )
        period = short_period(self.last_period, self.last)
        said = []
        if targets:
            said.append(f"{_named(targets)}没有数值")
        if tasks:
            said.append(
                f"{self.compared[Room.TASKS]}项任务中{len(tasks)}项还没有核定的{period}进展"
            )
        if projects:
            said.append(f"{_named(projects)}没有填报")
        return f"{'，'.join(said)}，不参加比较。" if said else ""

    @property
    def invested_words(self) -> str:
        """6个项目累计投资合计增加25,509万元，不逐条列出; empty if none has grown."""
        count, amount = self.invested
        if not count:
            return ""
        return f"{count}个项目累计投资合计增加{number(amount, 0)}万元，不逐条列出"

    @property
    def many_head(self) -> str:
        """80处变化：变好43，变差17，其他20。变差的主要是问题和风险、项目状态和工期。"""
        better = self.by_direction.get(Direction.BETTER, 0)
        worse = sum(self.by_direction.get(one, 0) for one in WORSE)
        total = len(self.changes)
        kinds = Counter(c.kind for c in self.changes if c.direction in WORSE).most_common(3)
        mostly = "、".join(kind.label for kind, _ in kinds)
        rest = total - better - worse
        head = f"{total}处变化：变好{better}，变差和新问题{worse}，更正和其他{rest}。"
        return f"{head}变差的主要是{mostly}。" if mostly else head


def _named(codes: tuple[str, ...]) -> str:
    shown = "、".join(codes[:_NAMED])
    return shown if len(codes) <= _NAMED else f"{shown}等{len(codes)}项"


def text_of(comparison: Comparison, changes: Iterable[Change]) -> str:
    """The sentence with the rows, for a report."""
    head = f"{zh_date(comparison.first)}至{zh_date(comparison.last)}，{comparison.head}"
    rows = (f"{change.direction.label}：{change.words}" for change in changes)
    money = comparison.invested_words
    notes = (comparison.unchanged, money and f"{money}。", comparison.not_compared)
    return "\n".join([head, *rows, *filter(None, notes)])
