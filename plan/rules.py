"""The text of a plan → numbered, addressable clauses.

A plan of this family: a title, chapters 一、, sections （一）, items 1., then annexes whose tables
are lines that begin with a tab (one line a cell) with empty lines between the rows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

Part = Literal["body", "annex1", "annex2"]

NUMERALS = "一二三四五六七八九十"
LONGEST_HEADING = 120
PREFACE = "0"

_BOOKMARK = re.compile(r"\[bookmark:[^\]]*\]|\b_Hlk\d+")
_CHAPTER = re.compile(r"^([一二三四五六七八九十]{1,3})、(.+)$")
_SECTION = re.compile(r"^[（(]([一二三四五六七八九十]{1,3})[）)](.+)$")
_ITEM = re.compile(r"^(\d{1,2})[.．](?!\d)(.+)$")
_ANNEX = re.compile(r"^附件\s*(\d+)[：:\s]*([^，。；]*)$")
_NOTE = re.compile(r"^注[：:]")
_DASH = re.compile(r"(?<=\d)\s*[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]\s*(?=\d)")
_BETWEEN_CODES = re.compile(r"[\s,、。;/和及与]+")
_CHINESE_TASK = re.compile(r"([一二三四五六七八九十]{1,2})[-(]?(\d{1,2})\)?")
_PARTS: dict[int, Part] = {1: "annex1", 2: "annex2"}


class PlanTextError(ValueError):
    """Why a text cannot be read as a plan; the message is a sentence for the user."""


@dataclass(frozen=True)
class ParsedClause:
    """One piece of the text. `code` is its anchor, `address` the way people cite it."""

    part: Part
    code: str
    address: str
    depth: int
    heading: str
    text: str


def compact(text: str) -> str:
    """The text without white space: the form in which quotations are compared."""
    return re.sub(r"\s+", "", text)


def quotes(clause_text: str, words: str) -> bool:
    """True where the words stand in the text; white space does not count."""
    return bool(compact(words)) and compact(words) in compact(clause_text)


def span_of(text: str, words: str) -> tuple[int, int] | None:
    """Where the words begin and end in the text; white space in either does not count."""
    places = [place for place, letter in enumerate(text) if not letter.isspace()]
    start = compact(text).find(compact(words)) if compact(words) else -1
    if start < 0:
        return None
    return places[start], places[start + len(compact(words)) - 1] + 1


def number_of(numeral: str) -> int:
    """一 → 1, 十二 → 12, 二十一 → 21."""
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return NUMERALS.index(numeral) + 1
    return (NUMERALS.index(tens) + 1 if tens else 1) * 10 + (
        NUMERALS.index(ones) + 1 if ones else 0
    )


def numeral_of(number: int) -> str:
    """1 → 一, 12 → 十二, 21 → 二十一."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("" if tens == 1 else NUMERALS[tens - 1]) + "十"
    return head + (NUMERALS[ones - 1] if ones else "")


def subject_codes(text: str) -> tuple[str, ...]:
    """Codes of targets, tasks and projects as people write them: 5-1、t15 → 5-1, T15; 五1 → 5-1.

    What is no code stays as it is, in capitals, so that it can be named in a refusal.
    """
    shown = _DASH.sub("-", unicodedata.normalize("NFKC", text)).upper()
    return tuple(_subject_code(part) for part in _BETWEEN_CODES.split(shown) if part)


def _subject_code(part: str) -> str:
    part = re.sub(r"^(?:指标|任务|项目)", "", part)
    if task := _CHINESE_TASK.fullmatch(part):
        return f"{number_of(task[1])}-{int(task[2])}"
    if target := re.fullmatch(r"T(\d)", part):
        return f"T0{target[1]}"
    return part


def parse(text: str) -> tuple[ParsedClause, ...]:
    """Every clause of the plan in the order of the text. Raises PlanTextError."""
    lines = _BOOKMARK.sub("", text.lstrip("\ufeff")).splitlines()
    if not any(line.strip() for line in lines):
        raise PlanTextError("文件里没有文字，请上传方案全文的文本文件")
    start = next((n for n, line in enumerate(lines) if _annex_of(line)), len(lines))
    body = _Body()
    for number, line in enumerate(lines[:start], start=1):
        body.read(number, line.strip())
    clauses = [*body.close(), *_annexes(lines, start)]
    if len({clause.code for clause in clauses}) < len(clauses):
        raise PlanTextError("文中有两处编号相同的条款，请核对附件清单的编号")
    return tuple(clauses)


@dataclass
class _Open:
    """A clause whose lines are still being read."""

    part: Part
    code: str
    address: str
    depth: int
    heading: str = ""
    lines: list[str] = field(default_factory=list)

    def closed(self) -> ParsedClause:
        text = "\n".join(self.lines)
        return ParsedClause(self.part, self.code, self.address, self.depth, self.heading, text)


class _Body:
    """Title, chapters, sections and items of the main text, line by line."""

    def __init__(self) -> None:
        self.clauses: list[_Open] = []
        self.path: list[int] = []

    def read(self, number: int, line: str) -> None:
        if not line:
            return
        if not self.clauses:
            self.clauses.append(_Open("body", PREFACE, "前言", 1, line))
        elif match := _CHAPTER.match(line):
            self._begin(number, line, 1, number_of(match[1]))
        elif self.path and (match := _SECTION.match(line)):
            self._begin(number, line, 2, number_of(match[1]))
        elif len(self.path) > 1 and (match := _ITEM.match(line)):
            self._begin(number, line, 3, int(match[1]))
        else:
            self.clauses[-1].lines.append(line)

    def _begin(self, line_number: int, line: str, depth: int, number: int) -> None:
        last = self.path[depth - 1] if len(self.path) >= depth else 0
        if number != last + 1:
            raise PlanTextError(
                f"第{line_number}行“{line[:20]}”编号不连续：前面应有第{last + 1}个同级标题"
            )
        self.path = [*self.path[: depth - 1], number]
        heading, rest = _split_heading(line)
        code = "-".join(str(step) for step in self.path)
        clause = _Open("body", code, address_of(self.path), depth, heading)
        clause.lines.extend(rest)
        self.clauses.append(clause)

    def close(self) -> Iterator[ParsedClause]:
        if not self.path:
            raise PlanTextError("没有找到“一、”这样的章标题，请确认上传的是方案全文")
        return (clause.closed() for clause in self.clauses)


def address_of(path: Sequence[int]) -> str:
    """(3, 5, 3) → 三（五）3."""
    address = numeral_of(path[0])
    if len(path) > 1:
        address += f"（{numeral_of(path[1])}）"
    return address + "".join(str(step) for step in path[2:])


def bare_heading(heading: str) -> str:
    """A heading without its number: （五）形成绿色低碳交通方式 → 形成绿色低碳交通方式."""
    for pattern in (_CHAPTER, _SECTION, _ITEM):
        if match := pattern.match(heading):
            return match[2].strip().removesuffix("。")
    return heading


def _split_heading(line: str) -> tuple[str, list[str]]:
    """A heading that runs into its paragraph ends at its first full stop."""
    if len(line) <= LONGEST_HEADING:
        return line, []
    heading, stop, rest = line.partition("。")
    if not stop or len(heading) >= LONGEST_HEADING:
        return "", [line]
    return f"{heading}。", [rest]


def _annex_of(line: str) -> re.Match[str] | None:
    return None if line.startswith("\t") else _ANNEX.match(line.strip())


def _annexes(lines: Sequence[str], start: int) -> Iterator[ParsedClause]:
    heads = [n for n in range(start, len(lines)) if _annex_of(lines[n])]
    for head, end in zip(heads, [*heads[1:], len(lines)], strict=False):
        match = _annex_of(lines[head])
        number = int(match[1]) if match else 0
        if number not in _PARTS:
            raise PlanTextError(
                f"第{head + 1}行：系统只认识附件1和附件2，请把“附件{number}”移出文本"
            )
        yield from _annex(number, lines[head].strip(), lines[head + 1 : end])


def _annex(number: int, heading: str, lines: Sequence[str]) -> Iterator[ParsedClause]:
    cells, notes = _cut_notes(lines)
    rows = [row for row in _rows(cells) if any(row)]
    part, code, address = _PARTS[number], f"a{number}", f"附件{number}"
    header = rows[0] if rows else ()
    yield ParsedClause(part, code, address, 1, heading, "、".join(header))
    if "序号" in header:
        yield from _numbered(part, code, address, header, rows[1:])
    else:
        yield from _outline(part, code, address, header, rows[1:])
    if notes:
        yield ParsedClause(part, f"{code}-note", f"{address} 注", 2, "", "\n".join(notes))


def _cut_notes(lines: Sequence[str]) -> tuple[Sequence[str], list[str]]:
    """The table's lines, and from 注： on the note's."""
    end = next((n for n, line in enumerate(lines) if _NOTE.match(line.strip())), len(lines))
    return lines[:end], [line.strip() for line in lines[end:] if line.strip()]


def _rows(lines: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Cells by rows. A line with a tab begins a cell, one without goes on with the last cell;
    empty lines end a row only where a new cell follows them.
    """
    row: list[str] = []
    gap = False
    for line in lines:
        if not line.strip() and not line.startswith("\t"):
            gap = True
            continue
        if line.startswith("\t"):
            if gap and row:
                yield tuple(row)
                row = []
            row.append(line.strip())
        elif row:
            row[-1] += line.strip()
        else:
            row.append(line.strip())
        gap = False
    if row:
        yield tuple(row)


def _numbered(
    part: Part, code: str, address: str, header: Sequence[str], rows: Sequence[Sequence[str]]
) -> Iterator[ParsedClause]:
    """A table with a column 序号: a clause for each row, its cells behind their column's name."""
    column = header.index("序号")
    for row in rows:
        number = row[column] if len(row) > column else ""
        if not number.isdigit() or len(row) > len(header):
            raise PlanTextError(f"{address}中有一行没有序号或多出单元格：{'、'.join(row)[:40]}")
        text = "\n".join(f"{name}：{cell}" for name, cell in zip(header, row, strict=False) if cell)
        yield ParsedClause(part, f"{code}-{number}", f"{address} 第{number}项", 2, "", text)


def _outline(
    part: Part, code: str, address: str, header: Sequence[str], rows: Sequence[Sequence[str]]
) -> Iterator[ParsedClause]:
    """A table whose rows are 一、, （一） and 1．; the last columns stand under their names."""
    path: list[int] = []
    for row in rows:
        cells = list(row)
        if chapter := _CHAPTER.match(cells[0]):
            path = [number_of(chapter[1])]
            yield _outline_clause(part, code, address, path, cells.pop(0), ())
            continue
        if not path:
            raise PlanTextError(f"{address}的清单里，“{'、'.join(row)[:40]}”前面没有“一、”这样的行")
        section = _SECTION.match(cells[0])
        item = _ITEM.match(cells[1]) if len(cells) > 1 else None
        if section:
            path = [path[0], number_of(section[1])]
        if section and item:
            yield _outline_clause(part, code, address, path, cells[0], ())
        if not section and not item:
            raise PlanTextError(f"{address}的清单里有一行没有编号：{'、'.join(row)[:40]}")
        rest = cells[2:] if item else cells[1:]
        if item:
            path = [*path[:2], int(item[1])]
        yield _outline_clause(
            part, code, address, path, cells[1] if item else cells[0], _labelled(header, rest)
        )


def _outline_clause(
    part: Part, code: str, address: str, path: Sequence[int], heading: str, text: Sequence[str]
) -> ParsedClause:
    where = f"{address} {address_of(path)}"
    steps = "-".join(str(step) for step in path)
    return ParsedClause(part, f"{code}-{steps}", where, len(path) + 1, heading, "\n".join(text))


def _labelled(header: Sequence[str], cells: Sequence[str]) -> list[str]:
    """Cells of the last columns behind their names; what stands before them stays as it is."""
    names = list(header[1:])[-len(cells) :]
    bare = len(cells) - len(names)
    return [cell for cell in cells[:bare] if cell] + [
        f"{name}：{cell}" for name, cell in zip(names, cells[bare:], strict=True) if cell
    ]
