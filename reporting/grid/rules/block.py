"""Reads a block of cells as workbooks put it on the clipboard. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from common.name_matching import name_key
from reporting.grid.rules.columns import heading, is_heading_word

MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS = 400, 60, 400_000
_CELL = re.compile(r'("(?:[^"]|"")*"(?=[\t\n]|\Z)|[^\t\n]*)([\t\n]|\Z)')
_ERROR = re.compile(
    r"#(?:div/0!|n/a|ref!|value!|name\?|num!|null!|spill!|calc!|field!)|err:\d+|#?错误:?\d*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[-+]?[\d.,]+%?")
_LONGEST_WORD = 20

Row = tuple[str, ...]


class BlockError(ValueError):
    """The block cannot be used; the message is a sentence that says what to do."""


@dataclass(frozen=True)
class Line:
    """A row with values. `number` counts from 1 as pasted, heads: field by column, see columns."""

    number: int
    cells: Row
    heads: Row


@dataclass(frozen=True)
class Block:
    """The rows of a block, without its headings; blank rows keep their place."""

    rows: tuple[Row, ...]
    lines: tuple[Line, ...]
    heading: Row

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)


def read_block(text: str) -> Block:
    """The block of a pasted text. Raises BlockError where it is too large."""
    if len(text) > MOST_CHARACTERS:
        raise BlockError(f"粘贴的内容超过{MOST_CHARACTERS // 10_000}万字，分几次粘贴")
    rows = table(text)
    if len(rows) > MOST_ROWS or max(map(len, rows), default=0) > MOST_COLUMNS:
        raise BlockError(f"一次最多粘贴{MOST_ROWS}行、{MOST_COLUMNS}列，分几次粘贴")
    return _without_headings(rows)


def table(text: str) -> tuple[Row, ...]:
    """Rows of tab-separated text: a cell with tabs or line breaks stands in quotes."""
    body = re.sub(r"\r\n?", "\n", text.replace("\0", ""))
    body = re.sub(r"\n[\t\n ]*\Z", "", body)
    rows: list[list[str]] = [[]]
    for found in _CELL.finditer(body):
        raw, end = found.groups()
        quoted = len(raw) > 1 and raw[0] == raw[-1] == '"'
        rows[-1].append((raw[1:-1].replace('""', '"') if quoted else raw).strip())
        if end == "\n":
            rows.append([])
        elif not end:
            break
    return tuple(map(tuple, rows)) if any(chain(*rows)) else ()


def is_error(text: str) -> bool:
    """Whether a cell holds an error of a workbook: #DIV/0!, of WPS 错误:502 too."""
    return _ERROR.fullmatch(name_key(text)) is not None


def is_number(text: str) -> bool:
    """Whether a cell holds a figure and nothing else."""
    return _NUMBER.fullmatch(name_key(text)) is not None


def _without_headings(rows: Sequence[Row]) -> Block:
    """A heading holds for the rows below it, to the next; titles above the first are left out."""
    heads: Row = ()
    first: Row = ()
    lines: list[Line] = []
    for number, row in enumerate(rows, start=1):
        if _is_heading(row):
            lines = lines if heads else [one for one in lines if not _is_title(one.cells)]
            heads = heading(row)
            first = first or row
        else:
            lines.append(Line(number, row, heads))
    return Block(tuple(rows), tuple(lines), first)


def _is_heading(row: Row) -> bool:
    """Whether at least half of its words name columns, and nothing in it is a figure."""
    words = [cell for cell in row if cell]
    known = sum(map(is_heading_word, words))
    plain = all(len(word) <= _LONGEST_WORD and not is_number(word) for word in words)
    return plain and known > 0 and known * 2 >= len(words)


def _is_title(row: Row) -> bool:
    """Whether a row is a title, the date or the unit of a table: one or two cells of text."""
    words = [cell for cell in row if cell]
    return len(words) <= 2 and not any(map(is_number, words))
