"""Checks over all rows of a table: numbers, declared counts, printed totals, the unit."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from common.quantities import UnreadableError, money_unit
from imports.annex.context import ReadingContext, TotalRow
from imports.annex.results import ProjectRow, TaskRow
from imports.annex.rows.projects import amount_of

Row = TaskRow | ProjectRow


def check_rows(context: ReadingContext, rows: list[Row], title_count: int | None) -> list[Row]:
    """The rows, numbered by their place where no number is printed, after all checks."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.kind if isinstance(row, TaskRow) else "project", []).append(row)
    groups = {kind: _numbered(context, group) for kind, group in groups.items()}
    for group in groups.values():
        _check_duplicates(context, group)
    rows = [row for group in groups.values() for row in group]
    if len(groups) > 1:
        rows.sort(key=lambda row: row.row)
    _check_declared(context, rows, title_count)
    _check_totals(context, rows)
    _hint_unit(context, rows)
    _hint_formulas(context)
    return rows


def _numbered(context: ReadingContext, rows: list[Row]) -> list[Row]:
    column = context.column("number")
    missing = [row for row in rows if row.number is None]
    if len(missing) == len(rows) and rows:
        context.log.add(
            "hint",
            "numbered_by_place",
            rows[0].row - 1,
            column if column is not None else context.layout.item,
            "表里没有编号，已按先后顺序编号。",
            field="number",
            applied=True,
        )
        return _numbered_by_place(rows)
    for row in missing:
        if column is not None and context.is_unsaved(row.row - 1, column):
            continue
        context.log.add(
            "hint",
            "missing_number",
            row.row - 1,
            column if column is not None else context.layout.item,
            "这一行没有编号，按没有编号读入。",
            field="number",
        )
    return rows


def _numbered_by_place(rows: Sequence[Row]) -> list[Row]:
    restart = isinstance(rows[0], TaskRow) and rows[0].is_task
    numbered: list[Row] = []
    number, category = 0, rows[0].category
    for row in rows:
        if restart and row.category != category:
            number, category = 0, row.category
        number += 1
        numbered.append(replace(row, number=number))
    return numbered


def _check_duplicates(context: ReadingContext, rows: Sequence[Row]) -> None:
    key = _by_category if _restarts(rows) else _by_number
    column = context.column("number")
    seen: dict[object, Row] = {}
    for row in rows:
        if row.number is None:
            continue
        first = seen.setdefault(key(row), row)
        if first is not row:
            context.log.add(
                "error",
                "duplicate_number",
                row.row - 1,
                column if column is not None else context.layout.item,
                f"编号{row.number}与第{first.row}行重复，请改正其中一个。",
                field="number",
            )
    _hint_same_names(context, rows)


def _by_category(row: Row) -> object:
    return row.category, str(row.number)


def _by_number(row: Row) -> object:
    return str(row.number)


def _restarts(rows: Sequence[Row]) -> bool:
    """Whether numbers begin anew in each category, by what most rows after the first one say."""
    anew = throughout = place = 0
    last: object = None
    category = rows[0].category if rows else None
    for position, row in enumerate(rows, start=1):
        is_first = row.category != category
        place = 1 if is_first else place + 1
        category = row.category
        follows = isinstance(last, int) and row.number == last + 1
        last = row.number
        if place == position:
            continue
        if row.number == position or (is_first and follows):
            throughout += 1
        elif row.number == place:
            anew += 1
    return anew > throughout


def _hint_same_names(context: ReadingContext, rows: Sequence[Row]) -> None:
    seen: dict[tuple[str | None, str], Row] = {}
    for row in rows:
        name = row.title if isinstance(row, TaskRow) else row.name
        if not name:
            continue
        first = seen.setdefault((row.category, name), row)
        if first is not row:
            context.log.add(
                "hint",
                "same_name",
                row.row - 1,
                context.layout.item,
                f"名称与第{first.row}行完全相同，请核对是否重复。",
                field="title" if isinstance(row, TaskRow) else "name",
            )


def _check_declared(context: ReadingContext, rows: Sequence[Row], title_count: int | None) -> None:
    for declared in context.sections.declared:
        read = len(rows[declared.start : declared.stop])
        if read != declared.count:
            context.log.add(
                "hint",
                "count_mismatch",
                declared.row,
                declared.column,
                f"“{declared.text}”写明{declared.count}个，实际读到{read}个。",
                field="category",
            )
    counted = [row for row in rows if not isinstance(row, TaskRow) or row.is_task]
    if title_count is not None and title_count != len(counted):
        context.log.add(
            "hint",
            "count_mismatch",
            None,
            None,
            f"表的标题写明{title_count}个，实际读到{len(counted)}个。",
        )


def _check_totals(context: ReadingContext, rows: Sequence[Row]) -> None:
    """Compare each printed sum with the rows it may stand for; totals stand above or below."""
    column = context.column("total_investment_wan")
    if column is None or any(row.row - 1 in context.log.unreadable for row in rows):
        return
    values = [row.total_investment_wan for row in rows if isinstance(row, ProjectRow)]
    edges = sorted({0, len(rows), *(total.read for total in context.totals if total.is_part)})
    for total in context.totals:
        try:
            printed = amount_of(context.grid.rows[total.row][column], context.unit).value_wan
        except UnreadableError:
            continue
        if printed is None:
            continue
        sums = _possible_sums(total, values, edges, rows)
        if printed not in sums:
            context.log.add(
                "hint",
                "total_mismatch",
                total.row,
                column,
                f"表中合计为{printed:f}万元，各行相加为{sums[0]:f}万元，请核对。",
                field="total_investment_wan",
            )


def _possible_sums(
    total: TotalRow, values: Sequence[Decimal | None], edges: Sequence[int], rows: Sequence[Row]
) -> list[Decimal]:
    if not total.is_part:
        return [_sum(values)]
    before = max((edge for edge in edges if edge < total.read), default=0)
    after = min((edge for edge in edges if edge > total.read), default=len(values))
    sums = []
    for neighbour in (total.read - 1, total.read):
        if 0 <= neighbour < len(rows):
            category = rows[neighbour].category
            sums.append(
                _sum(
                    value
                    for row, value in zip(rows, values, strict=True)
                    if row.category == category
                )
            )
    return [*sums, _sum(values[before : total.read]), _sum(values[total.read : after])]


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal(0))


def _hint_unit(context: ReadingContext, rows: Sequence[Row]) -> None:
    column = context.column("total_investment_wan")
    if column is None or context.unit_is_printed or not any(_is_bare(row) for row in rows):
        return
    context.log.add(
        "question",
        "assumed_unit",
        context.layout.last,
        column,
        "表头和表内都没有写总投资的单位，按万元读入，请确认。",
        field="total_investment_wan",
    )


def _is_bare(row: Row) -> bool:
    """Whether a sum is printed without a unit of its own."""
    if not isinstance(row, ProjectRow) or row.total_investment_wan is None:
        return False
    return money_unit(row.cells["total_investment_wan"][1]) is None


def _hint_formulas(context: ReadingContext) -> None:
    if not context.formulas:
        return
    row, column = context.formulas[0]
    count = len(context.formulas)
    context.log.add(
        "hint",
        "formula_value",
        row,
        column,
        f"{f'这里等{count}处' if count > 1 else ''}是公式，按文件里保存的计算结果读入。",
    )


def mark_unreadable(rows: Iterable[Row], is_unreadable: Callable[[int], bool]) -> list[Row]:
    """The rows with their `unreadable` set by the errors that were found."""
    return [replace(row, unreadable=True) if is_unreadable(row.row - 1) else row for row in rows]
