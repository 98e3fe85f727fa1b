"""The first and the last sheet: how to fill the workbook, and the sheet for the stamp."""

from collections.abc import Mapping
from decimal import Decimal

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from common.formats import zh_datetime
from reporting.workbooks.rules.book import Book, Row
from reporting.workbooks.rules.hints import number_of
from reporting.workbooks.rules.layout import (
    CODE,
    CONTRIBUTIONS,
    NAME,
    PROJECTS,
    TARGETS,
    TASKS,
    Sheet,
)
from reporting.workbooks.sheets.styles import DONE, EDGE, INK2, INK3, WRITABLE, Styles
from reporting.workbooks.sheets.table import FIRST, LINE_HEIGHT, PADDING, lines_of

UNSEALED = "编号、校验码在网页报送以后产生；正式件从网页打印"
_QUOTED: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    TARGETS: ("last", "value", ("source", "note")),
    TASKS: ("last_status", "status", ("narrative", "problems", "next_steps")),
    CONTRIBUTIONS: ("", "", ("text",)),
    PROJECTS: ("last_status", "status", ("works_note", "problems")),
}
"""Sheet → the columns quoted as 上季度, 本季度, and what is told of it."""
_GUIDE = 110
_STAMP = (("编号", 7), ("事项", 30), ("上季度", 13), ("本季度", 13), ("来源、说明或进展", 52))


def write_guide(page: Worksheet, book: Book, styles: Styles) -> None:
    """What has to be filled in, how, until when, and whom to ask."""
    page.set_column(0, 0, 17)
    page.set_column(1, 1, _GUIDE)
    page.set_row(0, 30)
    page.write_string(0, 0, f"{book.period}碳达峰实施方案进展填报表", styles.title)
    told = (book.agency_full, book.due, f"下载于{zh_datetime(book.at)}", book.by)
    page.write_string(1, 0, "　　".join(told), styles.line)
    line = 3
    for head, text in book.guide:
        page.set_row(line, lines_of(text, _GUIDE) * LINE_HEIGHT + 10)
        page.write_string(line, 0, head, styles.of(bold=True))
        page.write_string(line, 1, text, styles.of(text_wrap=True))
        line += 1
    for ground, head, text in (
        (WRITABLE, "可以填", "黄色：本季度要填的"),
        (DONE, "已报送、已通过", "灰色：锁定，供对照"),
    ):
        line += 1
        page.write_string(line, 0, head, styles.of(bg_color=ground, border=1, border_color=EDGE))
        page.write_string(line, 1, text, styles.of())
    page.hide_gridlines(2)
    page.protect()
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def write_stamp(page: Worksheet, book: Book, styles: Styles) -> None:
    """The sheet for the stamp: formulas that quote the other sheets."""
    for place, (_, width) in enumerate(_STAMP):
        page.set_column(place, place, width)
    last = len(_STAMP) - 1
    page.set_row(0, 32.25)
    title = styles.of(bold=True, font_size=15, align="center", valign="vcenter")
    page.merge_range(0, 0, 0, last, f"碳达峰实施方案进展报送件（{book.period}）", title)
    page.set_row(1, 24)
    page.merge_range(1, 0, 1, last, f"报送单位：{book.agency_full}　　　　{UNSEALED}", styles.line)
    for place, (head, _) in enumerate(_STAMP):
        style = styles.head(is_written=False, is_number=place in {2, 3})
        page.write_string(2, place, head, style)
    line = FIRST
    for sheet, rows in book.own_sheets:
        for number, row in enumerate(rows, start=FIRST):
            page.set_row(line, _height(sheet, row))
            _quote(page, line, sheet, row, number, styles)
            line += 1
    _signatures(page, line + 1, book, styles)
    page.hide_gridlines(2)
    page.protect()
    page.set_portrait()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(2)
    page.set_margins(left=0.6, right=0.6, top=0.5, bottom=0.5)


def _height(sheet: Sheet, row: Row) -> float:
    """Room for what is quoted now, and for some more once it is filled in."""
    told = [row.cells.get(name, "") for name in _QUOTED[sheet.name][2]]
    lines = sum(lines_of(text, _STAMP[-1][1]) for text in told if text)
    lines = max(lines, lines_of(str(row.reference[NAME]), _STAMP[1][1]))
    return max(45.75 if sheet.name == TASKS else 27.0, lines * LINE_HEIGHT + PADDING)


def _quote(page: Worksheet, line: int, sheet: Sheet, row: Row, number: int, styles: Styles) -> None:
    before, now, told = _QUOTED[sheet.name]
    plain = styles.of(text_wrap=True, bottom=1, bottom_color=EDGE)
    figures = styles.of(
        font_color=INK2, align="right", indent=1, text_wrap=True, bottom=1, bottom_color=EDGE
    )
    quoted = _Quoted(sheet, row, number)
    faint = styles.of(font_color=INK3, bottom=1, bottom_color=EDGE)
    page.write_formula(line, 0, *quoted.text(CODE, style=faint))
    page.write_formula(line, 1, *quoted.text(NAME, style=plain))
    for place, name in ((2, before), (3, now)):
        if name:
            page.write_formula(line, place, *quoted.figure(name, style=figures))
        else:
            page.write_blank(line, place, None, figures)
    page.write_formula(line, 4, *quoted.joined(told, style=plain))


class _Quoted:
    """Formulas over the cells of one row of another sheet, with what they yield now."""

    def __init__(self, sheet: Sheet, row: Row, number: int) -> None:
        self._sheet, self._row, self._number = sheet, row, number

    def text(self, name: str, *, style: object) -> tuple[str, object, str]:
        return f'={self._at(name)}&""', style, self._now(name)

    def figure(self, name: str, *, style: object) -> tuple[str, object, str]:
        """A number with its decimals and unit; any other answer as it is."""
        row, at = self._row, self._at(name)
        known = row.reference.get(name, row.cells.get(name, ""))
        value = known if isinstance(known, Decimal) else number_of(known)
        if row.decimals is None:
            return f'={at}&""', style, self._now(name)
        unit = str(row.reference.get("unit", ""))
        places = f"0.{'0' * row.decimals}" if row.decimals else "0"
        formula = f'=IF(ISNUMBER({at}),TEXT({at},"{places}")&"{unit}",{at}&"")'
        now = str(known) if value is None else f"{value:.{row.decimals}f}{unit}"
        return formula, style, now

    def joined(self, names: tuple[str, ...], *, style: object) -> tuple[str, object, str]:
        """Texts one below the other."""
        first, *others = names
        formula = f'={self._at(first)}&""'
        for name in others:
            formula += f'&IF({self._at(name)}="","",CHAR(10)&{self._at(name)})'
        texts = [self._now(name) for name in names]
        return formula, style, texts[0] + "".join(f"\n{text}" for text in texts[1:] if text)

    def _at(self, name: str) -> str:
        return f"'{self._sheet.name}'!{xl_rowcol_to_cell(self._number, self._sheet.place(name))}"

    def _now(self, name: str) -> str:
        return str(self._row.reference.get(name, self._row.cells.get(name, "")))


def _signatures(page: Worksheet, line: int, book: Book, styles: Styles) -> None:
    signed = styles.of(bottom=1, valign="bottom")
    page.set_row(line, 30)
    page.set_row(line + 1, 33.75)
    plain = styles.of(valign="bottom")
    page.write_string(line, 0, "填报人", plain)
    page.write_string(line, 1, book.by, signed)
    page.write_string(line, 3, "单位审核人", plain)
    page.write_blank(line, 4, None, signed)
    page.write_string(line + 1, 0, "负责人", plain)
    page.write_blank(line + 1, 1, None, signed)
    page.write_string(line + 1, 3, "（盖章）", plain)
    page.write_string(line + 1, 4, "　　　　年　　月　　日", signed)
