"""Reading an annex table as printed: a workbook's bytes in, rows and problems out."""

from collections.abc import Iterator

from common.name_matching import KnownNames
from common.workbooks.reading import Sheet, Workbook, read_workbook
from imports.annex.cells.grid import Grid
from imports.annex.header.header import (
    find_header,
    is_twofold,
    layout_of_override,
)
from imports.annex.problem_log import ProblemLog
from imports.annex.results import (
    FIELD_LABELS,
    TABLE_NAMES,
    AnnexReading,
    HeaderOverride,
    TableKind,
)
from imports.annex.table import FoundTable, TableReader, two_tables


def read_annex(
    data: bytes,
    filename: str,
    known: KnownNames | None = None,
    sheet: str | None = None,
    table: TableKind | None = None,
    header: HeaderOverride | None = None,
) -> AnnexReading:
    """Read the task or project table of a file.

    `known` are the spellings known so far; without it no spelling is questioned. `sheet` and
    `table` say what to read where a file holds more than one. Raises WorkbookError for a file that
    cannot be opened; a file without such a table is a reading with one problem and no rows.
    """
    return read_annex_of(read_workbook(data, filename), known, sheet, table, header)


def read_annex_of(
    workbook: Workbook,
    known: KnownNames | None = None,
    sheet: str | None = None,
    table: TableKind | None = None,
    header: HeaderOverride | None = None,
) -> AnnexReading:
    """The same from a workbook that has been read already."""
    sheets = [one for one in workbook.sheets if sheet is None or one.name == sheet]
    if header is not None and table is not None and sheets:
        return _read_with_header(sheets[0], known, table, header)
    found = list(_found_tables(sheets, table))
    if not found:
        return _nothing_found(workbook, sheet, table)
    chosen = found[0]
    if is_twofold(chosen.layout):
        return two_tables(chosen, "并排放着两张表")
    reader = TableReader(chosen, known, table)
    reading = reader.read()
    if len(found) > 1 and reading.table is not None:
        _ask_about_others(reader.log, chosen, found[1:])
        return reader.finished(reading.rows)
    return reading


def _read_with_header(
    sheet: Sheet, known: KnownNames | None, table: TableKind, header: HeaderOverride
) -> AnnexReading:
    """Read by the header that the user set."""
    grid = Grid(sheet)
    layout = layout_of_override(grid, table, header)
    chief = "title" if table == "tasks" else "name"
    if chief in layout.columns:
        return TableReader(FoundTable(grid, layout), known).read()
    log = ProblemLog(sheet.name)
    log.add(
        "error", "no_chief_column", None, None, f"没有指定哪一列是{FIELD_LABELS[chief]}，请先指定。"
    )
    return AnnexReading(None, sheet.name, None, (), log.sorted())


def _found_tables(sheets: list[Sheet], table: TableKind | None) -> Iterator[FoundTable]:
    """Sheets with a table, visible ones first."""
    for one in sorted(sheets, key=lambda one: one.hidden):
        if one.rows:
            grid = Grid(one)
            layout = find_header(grid, table)
            if layout is not None:
                yield FoundTable(grid, layout)


def _nothing_found(workbook: Workbook, sheet: str | None, table: TableKind | None) -> AnnexReading:
    name = sheet or (workbook.sheets[0].name if workbook.sheets else "")
    log = ProblemLog(name)
    elsewhere = next(_found_tables(list(workbook.sheets), None), None)
    if sheet is not None and all(one.name != sheet for one in workbook.sheets):
        names = "、".join(f"“{one.name}”" for one in workbook.sheets)
        message, code = f"工作簿里没有工作表“{sheet}”，只有{names}。", "no_sheet"
    elif elsewhere is not None:
        kind = TABLE_NAMES[elsewhere.layout.kind]
        wanted = f"没有找到{TABLE_NAMES[table]}" if table else f"工作表“{name}”里没有要导入的表"
        message = f"{wanted}，工作表“{elsewhere.grid.sheet.name}”里是{kind}，请确认要导入哪一张表。"
        code = "wrong_sheet"
    else:
        message = (
            "没有找到重点任务表或重点项目表：任务表的表头要有“目标任务（重点任务）”和“牵头单位、责任单位”，"
            "项目表的表头要有“项目名称”和“建设内容、起止年限、总投资”等，请检查是否传错了文件。"
        )
        code = "no_table"
    log.add("error", code, None, None, message)
    return AnnexReading(None, name or None, None, (), log.sorted())


def _ask_about_others(log: ProblemLog, chosen: FoundTable, others: list[FoundTable]) -> None:
    names = "、".join(
        f"“{one.grid.sheet.name}”（{TABLE_NAMES[one.layout.kind]}）" for one in others
    )
    log.add(
        "question",
        "other_sheets",
        None,
        None,
        f"这次只读工作表“{chosen.grid.sheet.name}”（{TABLE_NAMES[chosen.layout.kind]}），"
        f"另有工作表{names}没有读，需要时请另行导入。",
    )
