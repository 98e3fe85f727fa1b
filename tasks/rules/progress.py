"""How the progress of tasks reads as lights. Pure: words in, words out.

Annex 1 gives tasks no deadline and no number, so a light says only what the unit reports.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from common.quarters import Period
from common.repeated_texts import RepeatedText, repeated_texts
from targets.rules.levels import WORST_FIRST, Level
from tasks.rules.awaited import AWAITED_WORD, MISSING_WORD, words


class Status(StrEnum):
    """What a unit says of its task."""

    DONE = "done"
    ON_TRACK = "on_track"
    LAGGING = "lagging"
    STALLED = "stalled"
    NOT_STARTED = "not_started"

    @property
    def label(self) -> str:
        return _WORDS[self]


SLOW = frozenset({Status.LAGGING, Status.STALLED})
BEHIND = "behind"
"""Slow by the newest report, of whatever quarter."""
MISSING = "missing"
AWAITED = "awaited"
WAITING = "waiting"
WAITING_WORD = "待审核"
_LEVELS: Mapping[str, Level] = {
    Status.DONE: Level.GREEN,
    Status.ON_TRACK: Level.GREEN,
    Status.LAGGING: Level.ORANGE,
    Status.STALLED: Level.RED,
    Status.NOT_STARTED: Level.GREY,
    WAITING: Level.GREY,
    AWAITED: Level.GREY,
}
_WORDS: Mapping[str, str] = {
    Status.DONE: "已完成",
    Status.ON_TRACK: "正常推进",
    Status.LAGGING: "进展滞后",
    Status.STALLED: "严重滞后或停滞",
    Status.NOT_STARTED: "未启动",
    WAITING: WAITING_WORD,
    AWAITED: AWAITED_WORD,
}
_SHORT: Mapping[str, str] = {
    Status.DONE: "完成",
    Status.ON_TRACK: "正常",
    Status.LAGGING: "滞后",
    Status.STALLED: "停滞",
    Status.NOT_STARTED: "未启动",
    MISSING: MISSING_WORD,
    WAITING: "待审",
    AWAITED: AWAITED_WORD,
}
_WHY: Mapping[str, str] = {
    Status.NOT_STARTED: "还没有启动，不作评价",
    WAITING: "已报送区发改局，审核通过后显示状态",
    AWAITED: "还没有到截止日期",
}
NOTHING_SAID = ("无", "没有", "暂无", "没有问题", "无问题", "没有填写")
STALE_QUARTERS = 2
"""So many quarters without a report, or with the same narrative, make it stale."""


@dataclass(frozen=True)
class Light:
    """Level and word of a task in a quarter; `short` fits into a box."""

    level: Level
    word: str
    short: str
    reason: str = ""


def light(status: str | None, *, is_open: bool = True) -> Light:
    """The light of a reported status; None is a missing report, which is never green.

    WAITING stands for a report that was handed in and not yet approved, AWAITED for one whose day
    has not passed. A quarter that was not open misses nothing.
    """
    if status is None:
        if not is_open:
            return Light(Level.GREY, "未填报", "—", "这个季度没有开放填报")
        return Light(Level.GREY, MISSING_WORD, MISSING_WORD, "这个季度没有填报")
    return Light(_LEVELS[status], _WORDS[status], _SHORT[status], _WHY.get(status, ""))


@dataclass(frozen=True)
class QuarterSummary:
    """What a number of tasks reported for one quarter."""

    total: int
    on_course: int
    missing: int
    level: Level
    waiting: int = 0
    awaited: int = 0

    @property
    def text(self) -> str:
        """缺报1 once it is overdue, else 3/4＋1: on course of those reported, and what may come."""
        return f"{self.counted}{self.to_come}"

    @property
    def counted(self) -> str:
        """缺报1, else 3/4; empty if nothing is in force yet."""
        if self.total == 0:
            return "—"
        if self.missing:
            return f"{MISSING_WORD}{self.missing}"
        reported = self.total - self.waiting - self.awaited
        return f"{self.on_course}/{reported}" if reported else ""

    @property
    def to_come(self) -> str:
        """＋2: waits for review, or is not due yet; not said beside what is overdue."""
        coming = self.waiting + self.awaited
        return f"＋{coming}" if coming and not self.missing else ""

    @property
    def is_whole(self) -> bool:
        """All reports are in force, so that the worst of them can be shown."""
        return not (self.missing or self.awaited or self.waiting)

    @property
    def words(self) -> str:
        """The whole finding: 正常1/4，待审核2，缺报1，待报1."""
        head = f"正常{self.on_course}/{self.total}"
        head += f"，{WAITING_WORD}{self.waiting}" if self.waiting else ""
        return "，".join((head, *words(self.awaited, self.missing)))


def quarter_summary(statuses: Iterable[str | None]) -> QuarterSummary:
    """The worst level and the count of a group; None stands for a missing report."""
    found = list(statuses)
    levels = [_LEVELS[status] for status in found if status is not None]
    return QuarterSummary(
        total=len(found),
        on_course=levels.count(Level.GREEN),
        missing=len(found) - len(levels),
        level=next((level for level in WORST_FIRST if level in levels), Level.GREY),
        waiting=found.count(WAITING),
        awaited=found.count(AWAITED),
    )


def sentence(period: str, counts: Sequence[tuple[str, int]]) -> str:
    """2026年第三季度：32项任务，正常推进27、进展滞后4; counts of nothing are left out."""
    total = sum(count for _, count in counts)
    shown = [(_WORDS.get(status, MISSING_WORD), count) for status, count in counts if count]
    if all(word in {AWAITED_WORD, MISSING_WORD} for word, _ in shown):
        return f"{period}：{total}项任务，还没有填报。"
    parts = "、".join(f"{word}{count}" for word, count in shown)
    return f"{period}：{total}项任务，{parts}。"


def stale_reason(narratives: Sequence[tuple[Period, str]], now: Period) -> str:
    """Why a task's narrative is stale, as a sentence; empty if it is not, or nothing was said.

    `narratives` are those of the reports in force by quarter, `now` is the last closed quarter.
    """
    newest = next(iter(repeated_texts(narratives)), None)
    if newest is None:
        return ""
    silent = now.quarters_since(newest.last)
    parts = []
    if newest.times >= STALE_QUARTERS:
        parts.append(
            f"{newest.last.label}的进展文字与{newest.first.label}相同，"
            f"连续{newest.times}次填报没有改动"
        )
    if silent >= STALE_QUARTERS:
        parts.append(f"{newest.last.label}以后已有{silent}个季度没有新的填报")
    return f"{'；'.join(parts)}。" if parts else ""


def reported_problems(texts: Sequence[tuple[Period, str]]) -> tuple[RepeatedText, ...]:
    """The problems that reports named, the open ones first: open is what the newest report names.

    `texts` are the problems in the reports in force, by quarter.
    """
    return tuple(
        sorted(repeated_texts(texts, nothing=NOTHING_SAID), key=lambda run: not run.is_last)
    )
