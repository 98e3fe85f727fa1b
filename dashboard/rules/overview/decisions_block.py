"""What the district's leaders must decide: three rows, matters without an owner first."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from common.formats import zh_day
from dashboard.rules.overview.phrases import Phrase

ROWS = 3
NOTHING = "没有需要您决定的事项"
NO_DUE = "没有期限"


@dataclass(frozen=True)
class PendingDecision:
    """A matter that waits for a leader: 指定 what nobody answers for, 协调 what agencies ask.

    `due_on` sorts, `due` is shown.
    """

    tag: str
    title: str
    url: str
    note: str = ""
    due: str = ""
    is_ownerless: bool = False
    due_on: datetime.date | None = None

    @property
    def due_words(self) -> str:
        return self.due or NO_DUE

    @property
    def rank(self) -> tuple[object, ...]:
        return not self.is_ownerless, self.due_on or datetime.date.max


@dataclass(frozen=True)
class LastDecision:
    """The last decision that was made."""

    day: datetime.date
    title: str
    url: str


@dataclass(frozen=True)
class DecisionsBlock:
    """The first rows of all; without any when was decided last."""

    total: int
    rows: tuple[PendingDecision, ...]
    more: tuple[Phrase, ...]
    url: str
    nothing: str = ""
    nothing_note: str = ""


def decisions_block(
    waiting: Sequence[PendingDecision],
    *,
    url: str,
    last: LastDecision | None = None,
    is_whole: bool = True,
) -> DecisionsBlock:
    """Three rows, what has no owner first, then by date; the rest is counted and led to.

    Not counted where only a part is known. Without an address the reader has no list of them.
    """
    if not waiting:
        return DecisionsBlock(0, (), (), url, NOTHING, _last(last))
    ranked = sorted(waiting, key=lambda one: one.rank)
    rows, rest = ranked[:ROWS], ranked[ROWS:]
    every = Phrase(f"全部{len(ranked)}件" if is_whole else "全部事项", url)
    more = _more(rest, every) if is_whole else [every]
    return DecisionsBlock(len(ranked), tuple(rows), tuple(more), url)


def _more(rest: Sequence[PendingDecision], every: Phrase) -> list[Phrase]:
    """另有7件，最近的：P13 资金平衡方案待审定。全部10件."""
    if not rest:
        return [every]
    next_one = min(rest, key=lambda one: one.due_on or datetime.date.max)
    said = "，最近的：" if next_one.due_on else "，如："
    named = Phrase(next_one.title, next_one.url)
    return [Phrase(f"另有{len(rest)}件{said}"), named, Phrase("。"), every]


def _last(last: LastDecision | None) -> str:
    """最近一次决定是9月18日：P13 资金平衡方案。"""
    return f"最近一次决定是{zh_day(last.day)}：{last.title}。" if last else ""
