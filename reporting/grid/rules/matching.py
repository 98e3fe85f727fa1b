"""Finds the item that each row of a pasted block is about. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from common.name_matching import KnownNames, name_key
from common.quarters import Period
from reporting.grid.rules.block import Block, BlockError, Line, is_number

_CODE = r"(?:[tp]\d{1,3}|\d{1,2}-\d{1,2})(?:@\d{4})?"
_ONLY_CODE = re.compile(_CODE)
_CODE_AND_NAME = re.compile(rf"({_CODE})[、,:.]?(\D.{{1,40}})")
_TASK_CODE = re.compile(r"(\d{1,2})-(\d{1,2})")
_LIKE = 45


class By(StrEnum):
    """What a row was matched by, in the order of trust."""

    CODE = "编号"
    NAME = "名称"
    SHORT_NAME = "简称"
    PLACE = "位置"
    CHOICE = "选择"


@dataclass(frozen=True)
class Item:
    """An item of the table. `lead` is its field in the column 本季度; `locked` says why it is grey.

    `last` is last quarter's answer as shown; `texts` are the stored ones, `proposed` those that
    are stored with a figure where nothing is stored yet.
    """

    pk: int
    kind: str
    code: str
    names: tuple[str, ...]
    short_name: str
    lead: str
    last: str
    texts: Mapping[str, str]
    proposed: Mapping[str, str]
    period: Period
    locked: str = ""


@dataclass(frozen=True)
class Match:
    """A row of the block with its item. `identity` are the columns that only say which it is."""

    line: Line
    item: Item
    by: By
    identity: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Stray:
    """A row of the block without an item, and why. `chosen` is the item that somebody chose."""

    line: Line
    because: str
    may_choose: bool = True
    chosen: int = 0


@dataclass(frozen=True)
class Matching:
    matches: tuple[Match, ...]
    strays: tuple[Stray, ...]


def match_rows(
    block: Block, items: Sequence[Item], *, start: int, choices: Mapping[int, int]
) -> Matching:
    """Match the rows by code, full name or short name; by place from `start` where none has any.

    `choices`: number of a row → item that somebody chose for it. Raises BlockError for a block
    whose items stand beside each other.
    """
    known = _Known(items)
    found = {line.number: known.find(line) for line in block.lines}
    beside = [len(known.all_in(line)) for line in block.lines]
    if max(beside, default=0) > 1 and sum(map(bool, beside)) == 1:
        raise BlockError("编号排成了一行：先在Excel里转置（选择性粘贴，勾选“转置”），再复制过来")
    if not any(found.values()):
        return _by_place(block, items, start)
    return _assigned(block, known, found, choices)


class _Known:
    """Items by every spelling; a spelling of two items is that of none."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = {item.pk: item for item in items}
        self._ways = {
            By.CODE: _unique((key, item) for item in items for key in _codes(item.code)),
            By.NAME: _unique((name_key(name), item) for item in items for name in item.names),
            By.SHORT_NAME: _unique((name_key(item.short_name), item) for item in items),
        }
        self.names = KnownNames.of(
            (word, item.code) for item in items for word in (*item.names, item.short_name) if word
        )

    def find(self, line: Line) -> Match | None:
        """The row's item, by its first cell with a code, else with a name."""
        for by in self._ways:
            for text in line.cells:
                if item := self._named(text, by):
                    return Match(line, item, by, self._identity(line, item))
        return None

    def all_in(self, line: Line) -> set[int]:
        found = (self._named(text, by) for by in self._ways for text in line.cells)
        return {item.pk for item in found if item}

    def _named(self, text: str, by: By) -> Item | None:
        key = name_key(text)
        if found := self._ways[by].get(key):
            return found
        both = _CODE_AND_NAME.fullmatch(key) if by == By.CODE else None
        item = self._ways[by].get(both[1]) if both else None
        names = [name_key(name) for name in (*item.names, item.short_name)] if item else []
        return item if both and any(both[2] in name for name in names) else None

    def _identity(self, line: Line, item: Item) -> frozenset[int]:
        return frozenset(
            place
            for place, text in enumerate(line.cells)
            if any(self._named(text, by) == item for by in self._ways)
        )


def _codes(code: str) -> Iterator[str]:
    """A code's spellings: without its year; workbooks make the date 5月1日 of 5-1."""
    yield name_key(code)
    if "@" in code:
        yield name_key(code.partition("@")[0])
    if found := _TASK_CODE.fullmatch(code):
        yield f"{found[1]}月{found[2]}日"


def _unique(pairs: Iterable[tuple[str, Item]]) -> dict[str, Item]:
    listed = {(key, item.pk): item for key, item in pairs if key}
    count = Counter(key for key, _ in listed)
    return {key: item for (key, _), item in listed.items() if count[key] == 1}


def _by_place(block: Block, items: Sequence[Item], start: int) -> Matching:
    """Each row to the item as many rows below the first; blank rows count."""
    first = next((place for place, item in enumerate(items) if item.pk == start), 0)
    matches = [
        Match(line, item, By.PLACE)
        for line, item in zip(block.lines, items[first:], strict=False)
        if any(line.cells)
    ]
    beyond = [line for line in block.lines[len(items) - first :] if any(line.cells)]
    strays = [Stray(line, "表格到这里没有更多的行", may_choose=False) for line in beyond]
    return Matching(tuple(matches), tuple(strays))


def _assigned(
    block: Block,
    known: _Known,
    found: Mapping[int, Match | None],
    choices: Mapping[int, int],
) -> Matching:
    """Each item to the first row that names it; another row of it, or of none, is a stray."""
    taken: dict[int, Match] = {}
    for match in found.values():
        if match:
            taken.setdefault(match.item.pk, match)
    matches, strays = list(taken.values()), []
    for line in block.lines:
        if found[line.number] in matches or not any(line.cells):
            continue
        stray = _stray(line, found[line.number], known, taken)
        item = known.items.get(choices.get(line.number, 0)) if stray.may_choose else None
        if item and item.pk not in taken and not item.locked:
            taken[item.pk] = Match(line, item, By.CHOICE, _words_first(line))
            matches.append(taken[item.pk])
            stray = Stray(line, stray.because, chosen=item.pk)
        strays.append(stray)
    return Matching(tuple(matches), tuple(strays))


def _stray(line: Line, found: Match | None, known: _Known, taken: Mapping[int, Match]) -> Stray:
    if found:
        number = taken[found.item.pk].line.number
        return Stray(line, f"{found.item.code}已由第{number}行写入", may_choose=False)
    keys = [name_key(text) for text in line.cells]
    if any(_ONLY_CODE.fullmatch(key) or _CODE_AND_NAME.fullmatch(key) for key in keys):
        return Stray(line, "不是本单位本季度的事项", may_choose=False)
    word = next((text for text in line.cells if text and not is_number(text)), "")
    like = known.names.nearest(word, limit=1) if word else ()
    if like and like[0].score >= _LIKE:
        return Stray(line, f"名称像{like[0].name}")
    return Stray(line, "没有编号，也认不出名称")


def _words_first(line: Line) -> frozenset[int]:
    """The first cell of words, which says what a row is about that could not be matched."""
    words = (place for place, text in enumerate(line.cells) if text and not is_number(text))
    return frozenset(islice(words, 1))
