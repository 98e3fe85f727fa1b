"""One sheet of items: heads, references, answers, hints, lists and messages."""

import math
from collections.abc import Mapping
from decimal import Decimal

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from reporting.answers.rules.options import OPTIONS
from reporting.rules.fields import CHOICE, NUMBER, Field
from reporting.workbooks.rules.book import Book, Row
from reporting.workbooks.rules.hints import hint_formula, hint_words, number_of
from reporting.workbooks.rules.layout import (
    BACKFILL,
    BACKFILL_DUE,
    CONTRIBUTIONS,
    HINT,
    KEY,
    PROJECT,
    QUALITATIVE,
    TARGET,
    TASKS,
    Column,
    Sheet,
    kind_of,
    words_of,
)
from reporting.workbooks.sheets.styles import INK3, TEXT_FORMAT, Styles

HEAD, FIRST = 2, 3
"""The line of the heads and that of the first item, from 0."""
LINE_HEIGHT, PADDING = 14.5, 4.0
_LEAST, _MOST = 33.75, 400.0
_LEAST_OF: Mapping[str, float] = {TASKS: 60.0, CONTRIBUTIONS: 39.75}
_PROMPT_MOST, _TITLE_MOST = 255, 32
PROTECTION = {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True}
_NUMBERS = frozenset({"last", "required", "total"})
_WITH_FIGURES = frozenset({TARGET, QUALITATIVE, PROJECT})
_FOOT: Mapping[str, str] = {
    "指标": "本季度值可以写数字，也可以写：与上季度相同、不适用（当期没有新增）、"
    "尚未取得（在说明里写原因）。百分数写78.6，不写0.786。佐证材料传回以后在网页上传。",
    "任务": "格里换行按Alt+Enter。没有新进展的，状态照填，进展写“没有新进展”和原因，"
    "不要照抄上季度的文字。",
    "配合": "没有配合事项的写“无配合事项”。",
    "项目": "金额按万元填。上季度已竣工、没有变化的，状态选“本季度无变化”，其余不用填。",
    "补录": "白色格这一类事项不填；任务、项目在“数值或状态”里选状态。",
}


def list_name(item: Field, kind: str) -> str:
    """The defined name of the list of a choice: 列表_DataGrade, 列表_ProjectStatus_project."""
    own = f"_{kind}" if words_of(kind, item.name) else ""
    return f"列表_{item.choices}{own}"


def list_values(item: Field, kind: str) -> tuple[str, ...]:
    """The labels of a choice and the words that may stand instead."""
    return (*OPTIONS[item.choices].values(), *words_of(kind, item.name))


def write_table(page: Worksheet, sheet: Sheet, rows: list[Row], book: Book, styles: Styles) -> None:
    """Write a sheet of items."""
    due = BACKFILL_DUE if sheet.name == BACKFILL else book.due
    line = f"本单位：{book.agency}　　{book.period}　　{due}　　只填黄色格，其余锁定"
    page.set_row(0, 26.25)
    page.set_row(1, 20.25)
    page.write_string(0, 0, sheet.title, styles.title)
    page.write_string(1, 0, line, styles.line)
    _heads(page, sheet, rows, book, styles)
    for number, row in enumerate(rows, start=FIRST):
        page.set_row(number, _height(sheet, row))
        _row(page, sheet, row, number, book, styles)
    last = FIRST + len(rows)
    page.set_row(last, 33.75)
    page.merge_range(last, 0, last, len(sheet.columns) - 2, _FOOT[sheet.name],
                     styles.of(font_size=9, font_color=INK3, text_wrap=True))  # fmt: skip
    _furnish(page, book)


def _heads(page: Worksheet, sheet: Sheet, rows: list[Row], book: Book, styles: Styles) -> None:
    page.set_row(HEAD, 30)
    for place, column in enumerate(sheet.columns):
        hidden = {"hidden": True} if column.name == KEY else {}
        page.set_column(place, place, column.width or 8, None, hidden)
        is_number = column.name in _NUMBERS and any(
            isinstance(row.reference.get(column.name), Decimal) for row in rows
        )
        items = [item for row in rows if (item := column.field(row.form))]
        is_number = is_number or any(item.type == NUMBER for item in items)
        style = styles.head(is_written=bool(column.fields), is_number=is_number)
        page.write_string(HEAD, place, _heading(sheet, column, book), style)


def _heading(sheet: Sheet, column: Column, book: Book) -> str:
    """A heading with what has to be known while writing, in brackets."""
    least, most = book.narrative
    notes = {
        ("任务", "narrative"): f"（{least}—{most}字）",
        ("任务", "problems"): "（滞后必填）",
        ("配合", "text"): "（300字以内；没有的写“无配合事项”）",
        ("指标", "note"): "（原因、下一步措施）",
        ("项目", "total"): "\n（万元）",
        ("项目", "last"): "\n（万元）",
        ("项目", "invested_quarter_wan"): "\n（万元）",
        ("项目", "invested_wan"): "\n（万元）",
        ("项目", "works_percent"): "\n（%）",
        ("补录", "invested_wan"): "\n（万元）",
        ("补录", "works_percent"): "\n（%）",
    }
    return column.heading + notes.get((sheet.name, column.name), "")


def _row(page: Worksheet, sheet: Sheet, row: Row, line: int, book: Book, styles: Styles) -> None:
    where = {
        column.name: xl_rowcol_to_cell(line, place) for place, column in enumerate(sheet.columns)
    }
    for place, column in enumerate(sheet.columns):
        item = column.field(row.form)
        if column.name == KEY:
            page.write_string(line, place, row.key)
        elif column.name == HINT:
            _hint(page, sheet, row, (line, place), where, book, styles)
        elif item is None:
            _reference(page, row, column, (line, place), styles)
        else:
            _answer(page, row, column, item, (line, place), styles)


def _hint(
    page: Worksheet, sheet: Sheet, row: Row, at: tuple[int, int], where: Mapping[str, str],
    book: Book, styles: Styles,
) -> None:  # fmt: skip
    style = styles.reference(HINT)
    if row.locked:
        page.write_string(*at, row.locked, style)
        return
    formula = hint_formula(sheet, row, where, book.narrative)
    page.write_formula(*at, formula, style, hint_words(sheet, row, book.narrative))


def _reference(
    page: Worksheet, row: Row, column: Column, at: tuple[int, int], styles: Styles
) -> None:
    known = row.reference.get(column.name, "")
    if isinstance(known, Decimal):
        places = max(0, -int(known.as_tuple().exponent))
        style = f"#,##0.{'0' * places}" if places else "#,##0"
        page.write_number(*at, float(known), styles.reference(column.name, style))
    else:
        # A short word instead of a number stands where the number would.
        is_figure = row.form in _WITH_FIGURES and column.name in _NUMBERS and len(known) < 10
        style = TEXT_FORMAT if is_figure else ""
        page.write_string(*at, known, styles.reference(column.name, style))


def _answer(
    page: Worksheet, row: Row, column: Column, item: Field, at: tuple[int, int], styles: Styles
) -> None:
    text, style = row.cells.get(column.name, ""), styles.answer(row, column)
    value = number_of(text) if item.type == NUMBER else None
    if value is not None:
        page.write_number(*at, float(value), style)
    elif text:
        page.write_string(*at, text, style)
    else:
        page.write_blank(*at, None, style)
    if words := row.marks.get(column.name):
        page.write_comment(*at, words, {"visible": False, "x_scale": 2, "y_scale": 0.8})
    if not row.locked:
        _validate(page, row, column, item, at)


def _validate(page: Worksheet, row: Row, column: Column, item: Field, at: tuple[int, int]) -> None:
    """A list for a choice, a message beside the cell; nothing of it is relied on."""
    rule: dict[str, object] = {"validate": "any"}
    kind = kind_of(row.form)
    if item.type == CHOICE:
        words = "、".join(list_values(item, kind))
        rule = {
            "validate": "list", "source": f"={list_name(item, kind)}",
            "error_title": column.heading, "error_message": f"从列表里选：{words}"[:_PROMPT_MOST],
        }  # fmt: skip
    if said := row.prompts.get(column.name):
        rule |= {"input_title": row.title[:_TITLE_MOST], "input_message": said[:_PROMPT_MOST]}
    if len(rule) > 1:
        page.data_validation(*at, *at, rule)


def _height(sheet: Sheet, row: Row) -> float:
    """High enough for the longest text: office programs do not fit rows of a file by themselves."""
    least = _LEAST_OF.get(sheet.name, _LEAST)
    texts = {**{name: str(value) for name, value in row.reference.items()}, **row.cells}
    lines = (
        lines_of(texts.get(column.name, ""), column.width)
        for column in sheet.columns
        if column.width
    )
    return min(max(least, max(lines) * LINE_HEIGHT + PADDING), _MOST)


def lines_of(text: str, width: int) -> int:
    """How many lines a text takes in a column of so many characters, with its indent."""
    return sum(
        max(1, math.ceil(sum(2 if ord(sign) > 0x2E80 else 1 for sign in part) / (width - 1)))
        for part in text.split("\n")
    )


def _furnish(page: Worksheet, book: Book) -> None:
    page.hide_gridlines(2)
    page.freeze_panes(FIRST, 2)
    page.protect("", PROTECTION)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEAD)
    page.set_margins(left=0.45, right=0.45, top=0.5, bottom=0.55)
    page.set_footer(f"&L&9 {book.period} {book.agency} 填报表&R&9第&P页，共&N页")
