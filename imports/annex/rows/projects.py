"""One row of the project table: who builds what, when, and for how much."""

import datetime
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from common.quantities import Amount, UnreadableError, decimal_of, is_missing, parse_amount
from common.workbooks.reading import CellValue
from common.year_ranges import NO_YEARS, YearRange, parse_years
from imports.annex.cells.grid import printed
from imports.annex.cells.text import leading_mark, paragraphs, without_full_stop
from imports.annex.context import ReadingContext, joined
from imports.annex.results import ProjectRow

_IMPLAUSIBLE_WAN = Decimal(5_000_000)
_YEAR_WORDS = {
    "dash": "按起止年份读入",
    "yi_as_dash": "中间的“一”应是横线，按起止年份读入",
    "months": "只取年份",
    "short": "结束年份按四位数读入",
    "listed": "按起止年份读入",
    "only_end": "只有结束年份",
    "only_start": "只有开始年份",
    "plan_period": "按规划期的起止年份读入",
    "long_term": "没有确定的年份，按空读入",
    "duration": "只有时长，没有起止年份，按空读入",
    "remark": "略去了括号里的说明",
    "missing_mark": "按没有数据读入",
}
_AMOUNT_WORDS = {
    "about": "是约数，按所写数字读入",
    "remark": "略去了括号里的说明",
    "unit_in_cell": "单元格里的单位与表头不同，以单元格为准",
    "missing_mark": "按没有数据读入，不计入合计",
}


def read_project(context: ReadingContext, row: int, read: int) -> ProjectRow:
    """The project of a row; its name is empty if none is written, which is an error."""
    place = context.place(row, read)
    is_complete = context.check_formulas(row)
    text = context.title(row, "name")
    mark = leading_mark(text, context.loose)
    name = without_full_stop(mark.rest if mark else text).strip()
    name = "" if is_missing(name) else name
    if not name and is_complete:
        context.log.add(
            "error",
            "missing_name",
            row,
            context.layout.item,
            "这一行没有项目名称，请补上；如果不是一个项目，请清空这一行。",
            field="name",
        )
    owners, responsible = context.parties(row, "owners"), context.parties(row, "responsible")
    years = _years(context, row)
    heading = place.heading
    return ProjectRow(
        row=row + 1,
        number=context.number(row, mark.number if mark else None),
        category=heading.text if heading else None,
        category_number=heading.number if heading else None,
        name=name,
        owners=(*owners.leads, *owners.others),
        responsible=(*responsible.leads, *responsible.others),
        content=_content(context, row),
        start_year=years.start,
        end_year=years.end,
        total_investment_wan=_investment(context, row),
        cells=context.cells(row),
    )


def _content(context: ReadingContext, row: int) -> str | None:
    column = context.column("content")
    if column is None:
        return None
    value = context.value(row, "content")
    text = paragraphs(value if isinstance(value, str) else printed(value))
    if not is_missing(text):
        context.hint_raised(row, column, "content", text)
        return text
    if context.is_unsaved(row, column):
        return None
    context.log.add(
        "hint",
        "missing_content",
        row,
        column,
        "建设内容为空，按空读入；如与上一行相同，请补写。"
        if not text
        else f"建设内容写的是“{text}”，按空读入。",
        field="content",
    )
    return None


def _years(context: ReadingContext, row: int) -> YearRange:
    """From one column of spans, or from one of beginnings and one of ends."""
    columns = context.layout.columns
    if "years" in columns:
        whole = _years_at(context, row, "years")
        if whole.start is not None or whole.end is not None:
            return whole
    if "start_year" not in columns and "end_year" not in columns:
        return NO_YEARS
    first, last = _years_at(context, row, "start_year"), _years_at(context, row, "end_year")
    start = first.start if first.start is not None else first.end
    end = last.end if last.end is not None else last.start
    if start is not None and end is not None and start > end:
        context.log.add(
            "error",
            "bad_years",
            row,
            context.column("end_year"),
            f"竣工年份{end}早于开工年份{start}，请核对。",
            field="end_year",
        )
        return NO_YEARS
    return YearRange(start, end)


def _years_at(context: ReadingContext, row: int, name: str) -> YearRange:
    column = context.column(name)
    if column is None:
        return NO_YEARS
    value = context.grid.rows[row][column]
    if value == "":
        if not context.is_unsaved(row, column):
            _hint_missing_years(context, row, column, name)
        return NO_YEARS
    try:
        years = parse_years(_date_like(value))
    except UnreadableError as error:
        context.log.add("error", "bad_years", row, column, f"{error}，请改正。", field=name)
        return NO_YEARS
    if years.notes:
        _hint_years(context, row, column, name, years)
    elif years is NO_YEARS:
        _hint_missing_years(context, row, column, name)
    return years


def _date_like(value: CellValue) -> str | float | datetime.date:
    """A bare time or a switch is no year, and is refused as the text it shows."""
    if isinstance(value, str | int | float | datetime.date) and not isinstance(value, bool):
        return value
    return printed(value)


def _hint_missing_years(context: ReadingContext, row: int, column: int, name: str) -> None:
    context.log.add("hint", "missing_years", row, column, "没有写年份，按空读入。", field=name)


def _hint_years(
    context: ReadingContext, row: int, column: int, name: str, years: YearRange
) -> None:
    words = "；".join(_YEAR_WORDS[note] for note in years.notes)
    span = [str(year) for year in (years.start, years.end) if year is not None]
    is_missing_mark = "missing_mark" in years.notes
    context.log.add(
        "hint",
        "missing_years" if is_missing_mark else "years_read",
        row,
        column,
        f"“{context.text(row, name)}”{words}。",
        field=name,
        suggestion="-".join(dict.fromkeys(span)) or None,
        applied=True,
    )


def _investment(context: ReadingContext, row: int) -> Decimal | None:
    column = context.column("total_investment_wan")
    if column is None:
        return None
    value = context.grid.rows[row][column]
    if isinstance(value, float) and _is_plain(context, row, column, value):
        return decimal_of(value)
    try:
        amount = amount_of(value, context.unit)
    except UnreadableError as error:
        context.log.add(
            "error",
            "bad_amount",
            row,
            column,
            f"{error}，请改成数字。",
            field="total_investment_wan",
        )
        return None
    _hint_amount(context, row, column, amount)
    return amount.value_wan


def _is_plain(context: ReadingContext, row: int, column: int, value: float) -> bool:
    """A number of 万元 that leaves nothing to say; most are."""
    is_usual = context.unit == "万元" and 1 <= value <= _IMPLAUSIBLE_WAN
    return is_usual and context.grid.merged_at(row, column) is None


def amount_of(value: CellValue, unit: str) -> Amount:
    """A sum from a cell of any type; raises UnreadableError."""
    if isinstance(value, str | int | float):
        return parse_amount(value, unit)
    raise UnreadableError(f"“{printed(value)}”是日期或时间，不是金额")


def _hint_amount(context: ReadingContext, row: int, column: int, amount: Amount) -> None:
    field = "total_investment_wan"
    if not amount.missing and not amount.notes:
        _check_amount(context, row, column, amount)
        return
    text = context.text(row, field)
    if amount.missing:
        if context.is_unsaved(row, column):
            return
        words = f"写的是“{text}”" if text else "为空"
        context.log.add(
            "hint",
            "missing_amount",
            row,
            column,
            f"总投资{words}，按没有数据读入，不计入合计。",
            field=field,
            applied=True,
        )
        return
    words = "；".join(_AMOUNT_WORDS[note] for note in dict.fromkeys(amount.notes))
    context.log.add(
        "hint",
        "amount_read",
        row,
        column,
        f"“{text}”{words}。",
        field=field,
        suggestion=f"{amount.value_wan:f}万元",
        applied=True,
    )
    _check_amount(context, row, column, amount)


def _check_amount(context: ReadingContext, row: int, column: int, amount: Amount) -> None:
    value, field = amount.value_wan, "total_investment_wan"
    if value is not None and (value > _IMPLAUSIBLE_WAN or 0 < value < 1 or value == 0):
        context.log.add(
            "question",
            "implausible_amount",
            row,
            column,
            f"总投资读出来是{value:f}万元，请核对数字和单位。",
            field=field,
        )
    merged = context.grid.merged_at(row, column)
    if merged is not None and merged.top < row and value is not None:
        context.log.add(
            "hint",
            "merged_amount",
            row,
            column,
            f"总投资是第{merged.top + 1}—{merged.bottom + 1}行的合并单元格，"
            f"各行都按{value:f}万元读入，请核对是否为几个项目的合计。",
            field=field,
        )


def continue_project(context: ReadingContext, row: int, project: ProjectRow) -> ProjectRow:
    """A further row under a merged name: it adds to the same project."""
    own = {column for column, _text in context.grid.own(row)}
    content, owners = project.content, project.owners
    column = context.column("content")
    if column in own:
        more = paragraphs(printed(context.value(row, "content")))
        content = f"{content}\n{more}" if content else more
    owners = _more_names(context, row, "owners", owners, own)
    responsible = _more_names(context, row, "responsible", project.responsible, own)
    for name in ("years", "start_year", "end_year", "total_investment_wan"):
        column = context.column(name)
        if column in own:
            context.log.add(
                "error",
                "several_values",
                project.row - 1,
                column,
                f"同一项目占了几行，第{row + 1}行又写了“{context.text(row, name)}”，请合成一行。",
                field=name,
            )
    return replace(project, content=content, owners=owners, responsible=responsible)


def _more_names(
    context: ReadingContext, row: int, name: str, names: Sequence[str], own: set[int]
) -> tuple[str, ...]:
    columns = [column for column in context.layout.columns.get(name, ()) if column in own]
    found = joined([context.parties_at(row, column, name) for column in columns])
    return tuple(dict.fromkeys((*names, *found.leads, *found.others)))
