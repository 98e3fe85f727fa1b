"""Finding the header of an annex table by its words, in one to three rows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from common.workbooks.reading import column_letter
from imports.annex.cells.grid import Grid
from imports.annex.header.labels import FieldMatch, label_of, match_label
from imports.annex.results import HeaderColumn, HeaderMatch, HeaderOverride, TableKind

SEARCHED_ROWS = 300
_LONGEST_LABEL = 30
_MOST_HEADER_ROWS = 3
_LABEL_GATE = re.compile(
    r"名|号|任务|事项|工作|内容|举措|措施|单位|部门|主体|责任|牵头|分工|配合|项目|目标|投资|业主"
    r"|年|时间|类|领域|行动|建设|规模|概况|周期|工期|开工|竣工"
)
_UNIT_ONLY = re.compile(r"[（(]?(?:单位[:：]?)?(?:十|百|千)?[万亿]?元[)）]?")


@dataclass
class Layout:
    """Where the fields of a table are; rows and columns count from 0."""

    kind: TableKind
    first: int
    last: int
    matches: dict[int, FieldMatch]
    labels: dict[int, tuple[str, ...]]
    columns: dict[str, tuple[int, ...]] = field(default_factory=dict)
    unit: str | None = None
    first_is_lead: bool = False
    lead_sign: str = ""
    number_is_category: bool = False

    def column(self, name: str) -> int | None:
        """The column of a field that has one column at most."""
        return self.columns[name][0] if self.columns.get(name) else None

    @property
    def item(self) -> int:
        """The column without which there is no row: the task's title or the project's name."""
        return self.columns["title" if self.kind == "tasks" else "name"][0]

    def field_at(self, column: int) -> str | None:
        return next((name for name, where in self.columns.items() if column in where), None)

    def as_match(self) -> HeaderMatch:
        columns = tuple(
            HeaderColumn(column_letter(column), " ".join(parts), self.field_at(column))
            for column, parts in sorted(self.labels.items())
            if parts or self.field_at(column)
        )
        return HeaderMatch(tuple(range(self.first + 1, self.last + 2)), columns, self.unit)


def find_header(grid: Grid, kind: TableKind | None = None) -> Layout | None:
    """The first header in the sheet, of the kind that is asked for."""
    return next(headers(grid, 0, min(grid.height, SEARCHED_ROWS), kind), None)


def headers(grid: Grid, start: int, stop: int, kind: TableKind | None = None) -> Iterator[Layout]:
    """Every header between two rows; the columns are not yet told apart by their data."""
    row = start
    while row < stop:
        layout = header_at(grid, row, kind)
        if layout is None:
            row += 1
        else:
            yield layout
            row = layout.last + 1


def header_at(grid: Grid, row: int, kind: TableKind | None = None) -> Layout | None:
    """The header that begins in a row, if one does."""
    if not _may_be_header(grid, row):
        return None
    layout = _evaluated(grid, row, row, kind)
    if layout is None:
        below_alone = row + 1 < grid.height and _evaluated(grid, row + 1, row + 1, kind)
        if below_alone or not _is_label_row(grid, row + 1):
            return None
        return _evaluated(grid, row, row + 1, kind)
    while layout.last - layout.first + 1 < _MOST_HEADER_ROWS and _has_subheader(grid, layout):
        deeper = _evaluated(grid, row, layout.last + 1, layout.kind)
        if deeper is None:
            break
        layout = deeper
    return layout


def is_label_like(text: str) -> bool:
    """A cheap sieve: whether a short text might head a column."""
    return 0 < len(text) <= 12 and _LABEL_GATE.search(text) is not None


def _may_be_header(grid: Grid, row: int) -> bool:
    cells = grid.filled(row)
    return len(cells) >= 2 and sum(is_label_like(text) for _column, text in cells) >= 2


def _is_label_row(grid: Grid, row: int) -> bool:
    cells = grid.own(row) if row < grid.height else []
    return bool(cells) and all(
        len(text) <= _LONGEST_LABEL and isinstance(grid.rows[row][column], str)
        for column, text in cells
    )


def _has_subheader(grid: Grid, layout: Layout) -> bool:
    """Whether the row below the header qualifies it instead of being the first row of data."""
    row = layout.last + 1
    if not _is_label_row(grid, row):
        return False
    cells = grid.own(row)
    if any(_UNIT_ONLY.fullmatch(text) for _column, text in cells):
        return all(is_label_like(text) or _UNIT_ONLY.fullmatch(text) for _column, text in cells)
    if len(cells) < 2:
        return False
    named = sum(_is_new_label(grid, layout, row, column) for column, _text in cells)
    return named >= 2 and named * 2 > len(cells)


def _is_new_label(grid: Grid, layout: Layout, row: int, column: int) -> bool:
    """A cell below a spanning or empty header cell that says something a header says."""
    above = grid.merged_at(layout.last, column)
    if above is not None:
        here = grid.merged_at(row, column)
        spans = above.left < above.right and (here is None or here.right <= above.right)
    else:
        right = grid.text(layout.last, column + 1)
        spans = not grid.text(layout.last, column) or not right
    parts = _parts(grid, layout.first, row, column)
    text = grid.text(row, column)
    investments = layout.matches.get(column)
    is_part = investments is not None and investments.field == "total_investment_wan"
    return spans and (match_label(layout.kind, parts) is not None or is_part or "年" in text)


def _parts(grid: Grid, first: int, last: int, column: int) -> tuple[str, ...]:
    """The header cells of a column from top to bottom, each text once."""
    parts: list[str] = []
    for row in range(first, last + 1):
        text = grid.text(row, column)
        if not text and row == first and first < last:
            text = _spanning_text(grid, first, last, column)
        if text and (not parts or parts[-1] != text):
            parts.append(text)
    return tuple(parts)


def _spanning_text(grid: Grid, first: int, last: int, column: int) -> str:
    """What an unmerged header cell to the left says, where it heads several columns."""
    if not grid.text(last, column):
        return ""
    for left in range(column - 1, -1, -1):
        text = grid.text(first, left)
        if text:
            merged = grid.merged_at(first, left)
            is_alone = merged is not None and merged.bottom > first
            return text if grid.text(last, left) and not is_alone else ""
        if not grid.text(last, left):
            return ""
    return ""


def _evaluated(grid: Grid, first: int, last: int, kind: TableKind | None) -> Layout | None:
    """A layout from these header rows, where they head one of the two tables."""
    labels = {column: _parts(grid, first, last, column) for column in range(grid.width)}
    if any(len(part) > _LONGEST_LABEL for parts in labels.values() for part in parts):
        return None
    kinds: tuple[TableKind, ...] = (kind,) if kind else ("projects", "tasks")
    for candidate in kinds:
        matches = _matches(candidate, labels)
        if _is_valid(candidate, matches):
            return Layout(candidate, first, last, matches, labels)
    return None


def _matches(kind: TableKind, labels: dict[int, tuple[str, ...]]) -> dict[int, FieldMatch]:
    found = {column: match_label(kind, parts) for column, parts in labels.items() if parts}
    return {column: match for column, match in found.items() if match}


_SUBSTANCE = {"owners", "content", "years", "start_year", "end_year", "total_investment_wan"}


def _is_valid(kind: TableKind, matches: dict[int, FieldMatch]) -> bool:
    best: dict[str, int] = {}
    for match in matches.values():
        best[match.field] = max(best.get(match.field, 0), match.rank)
    if kind == "tasks":
        named = best.get("item", 0)
        parties = max(best.get("lead", 0), best.get("responsible", 0))
        return (named >= 60 and parties >= 90) or (named >= 50 and "lead" in best)
    substance = sum(best.get(name, 0) >= 60 for name in _SUBSTANCE)
    if best.get("name", 0) >= 100:
        return substance >= 2 or (substance == 1 and len(best) >= 3)
    return best.get("name", 0) >= 70 and substance >= 2


def is_twofold(layout: Layout) -> bool:
    """Whether the header heads two tables side by side: its words occur twice, apart."""
    doubled = set()
    for column, match in layout.matches.items():
        same = [c for c, parts in layout.labels.items() if parts == layout.labels[column]]
        if any(abs(other - column) > 1 for other in same):
            doubled.add(match.field)
    if len(doubled) >= 2 and doubled & {"item", "name"}:
        return True
    return "number" in doubled and all(
        _is_valid(kind, _matches(kind, layout.labels)) for kind in ("tasks", "projects")
    )


def layout_of_override(grid: Grid, kind: TableKind, override: HeaderOverride) -> Layout:
    """The layout that the user set: nothing in it is guessed."""
    first, last = override.first_row - 1, override.last_row - 1
    labels = {column: _parts(grid, first, last, column) for column in range(grid.width)}
    layout = Layout(kind, first, last, {}, labels)
    letters = {column_letter(column): column for column in range(grid.width)}
    for letter, name in override.columns.items():
        if letter in letters:
            layout.columns[name] = (*layout.columns.get(name, ()), letters[letter])
    layout.unit = unit_of(layout)
    return layout


def unit_of(layout: Layout) -> str | None:
    """The unit of money that the header of the investment column names."""
    column = layout.column("total_investment_wan")
    parts = layout.labels.get(column, ()) if column is not None else ()
    return next((unit for part in reversed(parts) if (unit := label_of(part).unit)), None)
