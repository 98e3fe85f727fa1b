"""Which column is which: the header's words, and where they leave it open the data below."""

import re
from dataclasses import dataclass

from imports.annex.cells.grid import Grid, printed
from imports.annex.cells.text import heading_of, leading_mark, one_line
from imports.annex.header.header import Layout, unit_of
from imports.annex.header.labels import FieldMatch, label_of

_SAMPLED_ROWS = 200
_NUMBER = re.compile(r"[（(]?\s*\d{1,4}(?:[.．\-－—]\d{1,2})*\s*[)）]?[.．、]?|[①-⑳]")
_SIGN_LEADS = re.compile(r"([★☆▲△*※●◆])[”\"’）)]?.{0,8}(?:牵头|主责|主办)")
_FIRST_LEADS = re.compile(
    r"(?:第一|首|排第?一|第1)(?:个|位|家|列|名)?[^不非]{0,8}(?:牵头|主责|主办)"
)


@dataclass(frozen=True, slots=True)
class ColumnShape:
    """How a column's cells look in the rows that carry data."""

    rows: int
    filled: int
    distinct: int
    numbers: int

    @property
    def is_numbers(self) -> bool:
        return self.filled > 0 and self.numbers >= 0.8 * self.filled

    @property
    def is_one_per_row(self) -> bool:
        """Whether each row has its own value, as titles do and categories do not."""
        return self.distinct >= 0.8 * self.rows

    @property
    def groups(self) -> bool:
        return self.distinct > 0 and self.distinct <= 0.7 * self.rows


def resolve_columns(grid: Grid, layout: Layout) -> None:
    """Fill `layout.columns`, each single field once, from the matches and the data."""
    shapes = _shapes(grid, layout)
    if layout.kind == "tasks":
        _resolve_chief(layout, shapes, "item", "title")
        _promote_lead(layout)
    else:
        _resolve_chief(layout, shapes, "name", "name")
    for name in {match.field for match in layout.matches.values()} - {"item", "name"}:
        if name == "responsible":
            layout.columns[name] = _ordered(layout, name)
        elif name not in layout.columns:
            layout.columns[name] = _best(layout, name)
    _find_unlabelled(layout, shapes)
    _settle_number(grid, layout)
    layout.unit = unit_of(layout)
    for parts in layout.labels.values():
        for part in parts:
            apply_note(layout, label_of(part).remark + part)


def apply_note(layout: Layout, note: str) -> None:
    """A note may say that the first of the responsible agencies leads, or the one with a sign."""
    if _FIRST_LEADS.search(note):
        layout.first_is_lead = True
    if signed := _SIGN_LEADS.search(note):
        layout.lead_sign = signed[1]


def _shapes(grid: Grid, layout: Layout) -> dict[int, ColumnShape]:
    sampled = []
    for row in range(layout.last + 1, min(grid.height, layout.last + 1 + _SAMPLED_ROWS)):
        cells = grid.filled(row)
        if len(cells) >= 3 or (len(cells) == 2 and len(layout.matches) <= 3):
            sampled.append(row)
    return {column: _shape(grid, sampled, column) for column in range(grid.width)}


def _shape(grid: Grid, rows: list[int], column: int) -> ColumnShape:
    texts = [
        text
        for row in rows
        if not grid.is_from_above(row, column)
        and (text := one_line(printed(grid.rows[row][column])))
    ]
    numbers = sum(_NUMBER.fullmatch(text) is not None for text in texts)
    return ColumnShape(len(rows), len(texts), len(set(texts)), numbers)


def _candidates(layout: Layout, shapes: dict[int, ColumnShape], name: str) -> list[int]:
    """Columns whose header fits, and those that share its cell without words of their own."""
    columns = sorted(column for column, match in layout.matches.items() if match.field == name)
    spanned = []
    for column in columns:
        right = column + 1
        while not layout.labels.get(right) and shapes.get(right) and shapes[right].filled:
            spanned.append(right)
            layout.labels[right] = layout.labels[column]
            layout.matches[right] = layout.matches[column]
            right += 1
    return sorted({*columns, *spanned})


def _resolve_chief(layout: Layout, shapes: dict[int, ColumnShape], name: str, field: str) -> None:
    """Choose the column of titles or names, and of the categories where they share a header."""
    columns = _candidates(layout, shapes, name)
    if len(columns) > 1:
        numbers = [column for column in columns if shapes[column].is_numbers]
        if numbers and not _has(layout, "number"):
            layout.columns["number"] = (numbers[0],)
        columns = [column for column in columns if column not in numbers] or columns
    chief = _chief(layout, shapes, columns)
    layout.columns[field] = (chief,)
    others = [column for column in columns if column != chief]
    if others and not _has(layout, "category"):
        category = _category(layout, shapes, others, chief)
        if category is not None:
            layout.columns["category"] = (category,)


def _has(layout: Layout, name: str) -> bool:
    return name in layout.columns or any(match.field == name for match in layout.matches.values())


def _chief(layout: Layout, shapes: dict[int, ColumnShape], columns: list[int]) -> int:
    best = max(layout.matches[column].rank for column in columns)
    same = [column for column in columns if layout.labels[column] == layout.labels[columns[-1]]]
    if len(same) == len(columns):
        return columns[-1]
    own = [column for column in columns if shapes[column].is_one_per_row]
    pool = own or [column for column in columns if layout.matches[column].rank == best]
    return max(pool, key=lambda column: (layout.matches[column].rank, -column))


def _category(
    layout: Layout, shapes: dict[int, ColumnShape], others: list[int], chief: int
) -> int | None:
    under_one = [c for c in others if layout.labels[c] == layout.labels[chief] and c < chief]
    if under_one:
        return under_one[0]
    grouping = [column for column in others if shapes[column].groups and column < chief]
    if not grouping:
        return None
    return max(grouping, key=lambda column: (layout.matches[column].rank, -column))


def _promote_lead(layout: Layout) -> None:
    """责任单位 beside 配合单位, and nobody called 牵头: then the responsible one leads."""
    if _has(layout, "lead"):
        return
    sharing = {c: m for c, m in layout.matches.items() if m.field == "responsible"}
    first = [column for column, match in sharing.items() if match.order == 1]
    if len(first) == 1 and any(match.order == 2 for match in sharing.values()):
        layout.matches[first[0]] = FieldMatch("lead", 80)


def _ordered(layout: Layout, name: str) -> tuple[int, ...]:
    """All columns of a field, by the part that their headers give, then by place."""
    columns = [column for column, match in layout.matches.items() if match.field == name]
    best = max(layout.matches[column].rank for column in columns)
    columns = [c for c in columns if layout.matches[c].rank >= 60 or best < 60]
    return tuple(sorted(columns, key=lambda c: (layout.matches[c].order, c)))


def _best(layout: Layout, name: str) -> tuple[int, ...]:
    columns = [column for column, match in layout.matches.items() if match.field == name]
    return (max(columns, key=lambda column: (layout.matches[column].rank, -column)),)


def _find_unlabelled(layout: Layout, shapes: dict[int, ColumnShape]) -> None:
    """A column without a header left of the titles may hold numbers or categories."""
    taken = {column for columns in layout.columns.values() for column in columns}
    for column in range(layout.item - 1, -1, -1):
        shape = shapes[column]
        if column in taken or layout.labels[column] or not shape.filled:
            continue
        if shape.is_numbers and "number" not in layout.columns:
            layout.columns["number"] = (column,)
        elif not shape.is_numbers and shape.groups and "category" not in layout.columns:
            layout.columns["category"] = (column,)


def _settle_number(grid: Grid, layout: Layout) -> None:
    """A number that stands once for several rows numbers their category, not each row."""
    number, category = layout.column("number"), layout.column("category")
    if number is None or category is None:
        return
    shared = shown = both = 0
    for row in range(layout.last + 1, min(grid.height, layout.last + 1 + _SAMPLED_ROWS)):
        item = grid.text(row, layout.item)
        if not item or len(grid.filled(row)) < 3 or grid.is_from_above(row, layout.item):
            continue
        has_number = bool(grid.text(row, number)) and not grid.is_from_above(row, number)
        has_category = bool(grid.text(row, category)) and not grid.is_from_above(row, category)
        shown += has_number
        both += has_number and has_category
        shared += not has_number and not has_category
    layout.number_is_category = shared > 0 and shown == both and shown > 0


def loose_marks(grid: Grid, layout: Layout) -> bool:
    """Whether most titles begin with digits glued to the words: then these are numbers."""
    titles = [
        text
        for row in range(layout.last + 1, min(grid.height, layout.last + 1 + _SAMPLED_ROWS))
        if (text := grid.text(row, layout.item)) and len(grid.filled(row)) >= 2
    ]
    strict = sum(leading_mark(text) is not None for text in titles)
    loose = sum(leading_mark(text, loose=True) is not None for text in titles)
    return loose > strict and loose >= 2 and loose >= 0.8 * len(titles)


def usual_style(grid: Grid, layout: Layout) -> str:
    """The style of mark that the titles of full rows have most often; empty for none."""
    styles: dict[str, int] = {}
    for row in range(layout.last + 1, min(grid.height, layout.last + 1 + _SAMPLED_ROWS)):
        text = grid.text(row, layout.item)
        if text and len(grid.own(row)) >= 2 and row not in grid.wide_rows:
            style = heading_of(text).style
            styles[style] = styles.get(style, 0) + 1
    return max(styles, key=lambda style: styles[style], default="")
