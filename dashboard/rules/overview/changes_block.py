"""What changed since the quarter before: five rows, worst first, and what stayed the same."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from common.quarters import Period
from dashboard.rules.changes.change import Change, Direction, Kind, short_period
from dashboard.rules.changes.comparison import Comparison
from dashboard.rules.changes.snapshots import Room
from dashboard.rules.overview.phrases import Phrase
from targets.rules.words.provenance import Stamp

ROWS = 5
_PROBLEMS = 2
_TOLD = (Direction.WORSE, Direction.MOVED, Direction.PROBLEM, Direction.BETTER)
_LEFT = (Direction.CORRECTED, Direction.FILLED)
_KINDS = (Kind.LIGHT, Kind.VERDICT, Kind.TASK, Kind.PROJECT, Kind.CONCERN, Kind.VALUE)


@dataclass(frozen=True)
class ChangeLine:
    """One row: which way it went, what of, from what to what, whose it is.

    New problems share a row; `url` is that of the first, `others` are links to the next.
    """

    label: str
    title: str
    url: str
    words: str
    owner: str
    stamp: Stamp | None = None
    others: tuple[Phrase, ...] = ()
    count: int = 1


@dataclass(frozen=True)
class ChangesBlock:
    """The rows, or in words why there are none; `more` says what did not change and leads on."""

    note: str
    rows: tuple[ChangeLine, ...]
    more: tuple[Phrase, ...]
    url: str
    nothing: str = ""
    nothing_note: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class Span:
    """From the end of one quarter to another, or to a day; both have their page of changes.

    `waiting` reports of the later quarter wait for review. `names` are short ones by code.
    """

    first: Period
    last: Period | None
    day: datetime.date
    url: str
    earlier_url: str = ""
    waiting: int = 0
    has_before: bool = True

    @property
    def note(self) -> str:
        """2026年二季度 → 三季度; of an earlier quarter and a day 2025年四季度末 → 今天."""
        start = self.first.label.replace("第", "")
        if self.last is None:
            return f"{start}末 → 今天"
        is_same = self.last.year == self.first.year
        end = self.last.label.replace("第", "")
        return f"{start} → {end.partition('年')[2] if is_same else end}"

    @property
    def before(self) -> str:
        return short_period(self.first, self.day)

    @property
    def after(self) -> str:
        return short_period(self.last, self.day) if self.last else "今天"


def changes_block(
    found: Comparison, span: Span, names: Mapping[str, str] | None = None
) -> ChangesBlock:
    """Five rows of a comparison; `names` are the short names of objects by their codes."""
    if not span.has_before:
        return ChangesBlock(span.note, (), (), span.url, "还没有两个季度的数")
    if not found.changes:
        nothing, note = _nothing(found, span)
        return ChangesBlock(span.note, (), (), span.url, nothing, note)
    rows = _chosen(found.changes, names or {})
    return ChangesBlock(span.note, rows, tuple(_more(found, span)), span.url)


def not_compared(span: Span) -> ChangesBlock:
    """Where values are shown that wait for review: they are no change yet."""
    link = Phrase("已审核数据的变化", span.url)
    return ChangesBlock(span.note, (), (), span.url, "含待审核的数值不参加比较", (link,))


def _chosen(changes: Sequence[Change], names: Mapping[str, str]) -> tuple[ChangeLine, ...]:
    """Of each direction one in turn until the rows are full, shown in the order of directions.

    Corrections and what was handed in late have the room that is left.
    """
    lines = {one: _lines(one, changes, names) for one in (*_TOLD, *_LEFT)}
    turns = [(one, turn) for turn in range(ROWS) for one in _TOLD]
    turns += [(one, turn) for one in _LEFT for turn in range(ROWS)]
    taken = [(one, turn) for one, turn in turns if turn < len(lines[one])][:ROWS]
    order = (*_TOLD, *_LEFT)
    taken.sort(key=lambda found: (order.index(found[0]), found[1]))
    return tuple(lines[one][turn] for one, turn in taken)


def _lines(
    direction: Direction, changes: Iterable[Change], names: Mapping[str, str]
) -> list[ChangeLine]:
    found = [change for change in changes if change.direction == direction]
    if direction == Direction.PROBLEM:
        return [_problems(found)] if found else []
    return [_line(change, names) for change in sorted(found, key=_importance)[:ROWS]]


def _importance(change: Change) -> tuple[bool, int]:
    """By kind; that a verdict was settled as it looked before comes last."""
    is_formal = change.direction == Direction.MOVED and change.kind == Kind.VERDICT
    return is_formal, _KINDS.index(change.kind)


def _line(change: Change, names: Mapping[str, str]) -> ChangeLine:
    thing = change.thing
    words = f"{change.before} → {change.after}" if change.before else change.after
    return ChangeLine(
        change.direction.label,
        names.get(thing.code, thing.name),
        thing.url,
        words,
        change.body,
        change.stamp,
    )


def _problems(found: Sequence[Change]) -> ChangeLine:
    """P9 土地指标未落实，P13 资金平衡方案待审定等5件: two by name."""
    first, *others = (_problem(change) for change in found[:_PROBLEMS])
    count = len(found)
    words = f"等{count}件" if count > _PROBLEMS else ""
    owner = found[0].body if count == 1 else ""
    label = Direction.PROBLEM.label
    return ChangeLine(label, first.text, first.url, words, owner, others=tuple(others), count=count)


def _problem(change: Change) -> Phrase:
    is_named = change.thing.room == Room.CONCERNS
    said = change.thing.name if is_named else change.after
    return Phrase(f"{change.thing.code} {said}", change.thing.url)


def _more(found: Comparison, span: Span) -> Iterator[Phrase]:
    """没有变化：26项预警等级。超期项目仍为7个。全部变化13条."""
    if said := "".join(f"{one}。" for one in (_still(found), found.overdue_words) if one):
        yield Phrase(said)
    yield Phrase(f"全部变化{len(found.changes)}条", span.url)


def _still(found: Comparison) -> str:
    kept = []
    if found.compared[Room.TARGETS] and not found.by_kind.get(Kind.LIGHT):
        kept.append(f"{found.compared[Room.TARGETS]}项预警等级")
    if found.verdicts and not found.by_kind.get(Kind.VERDICT):
        kept.append(f"{found.verdicts}项{found.year}年结论")
    return f"没有变化：{'、'.join(kept)}" if kept else ""


def _nothing(found: Comparison, span: Span) -> tuple[str, tuple[Phrase, ...]]:
    """Nothing came yet, or what came changed nothing."""
    silent = found.silent[Room.TASKS]
    tasks = found.compared[Room.TASKS]
    if span.last is not None and tasks and len(silent) == tasks:
        return _not_yet(span)
    rooms = ("预警等级", "任务和项目状态") if tasks else ("预警等级", "项目状态")
    said = f"{'、'.join(rooms)}都与{span.before}相同，没有新问题。"
    latest = found.latest
    known = (
        f"最近一次审核是{latest.day.month}月{latest.day.day}日（{latest.thing.code}）。"
        if latest
        else ""
    )
    return f"与{span.before}相比没有变化", (Phrase(said + known),)


def _not_yet(span: Span) -> tuple[str, tuple[Phrase, ...]]:
    """三季度还没有审核通过的数; what came meanwhile waits."""
    came = f"期间收到报送{span.waiting}项，待审核。" if span.waiting else ""
    note = Phrase(f"{came}审核通过一条，这里就列一条。")
    link = Phrase(f"{span.before}的变化", span.earlier_url)
    return f"{span.after}还没有审核通过的数", (note, link) if span.earlier_url else (note,)
