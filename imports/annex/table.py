"""Going down one table row by row, from its header to its last row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from common.name_matching import KnownNames
from common.quantities import money_unit
from common.workbooks.reading import column_letter
from imports.annex.cells.grid import Grid
from imports.annex.cells.text import declared_total, leading_mark
from imports.annex.checks import check_rows, mark_unreadable
from imports.annex.context import ReadingContext, TotalRow
from imports.annex.header.columns import apply_note, resolve_columns
from imports.annex.header.header import (
    Layout,
    header_at,
)
from imports.annex.problem_log import ProblemLog
from imports.annex.results import (
    AnnexReading,
    ProjectRow,
    TableKind,
    TaskRow,
    UnknownAgency,
)
from imports.annex.rows.agencies import AgencyReader
from imports.annex.rows.line_kinds import LineClassifier, LineKind, is_note
from imports.annex.rows.projects import continue_project, read_project
from imports.annex.rows.sections import Sections
from imports.annex.rows.tasks import continue_task, read_task

_NOTED_ROWS = 200
_NAMED_CELLS = 8
_ASKED_CELLS = 50


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A sheet with its grid and the header found in it."""

    grid: Grid
    layout: Layout


def two_tables(found: FoundTable, words: str) -> AnnexReading:
    log = ProblemLog(found.grid.sheet.name)
    log.add(
        "error",
        "two_tables",
        None,
        None,
        f"工作表“{log.sheet}”{words}，请分别放到两个工作表或两个文件后重新上传，这次没有读入任何内容。",
    )
    return AnnexReading(None, log.sheet, None, (), log.sorted())


class TableReader:
    """Goes down one table, row by row."""

    def __init__(
        self, found: FoundTable, known: KnownNames | None, table: TableKind | None = None
    ) -> None:
        self.found, self.known, self.asked = found, known, table
        self.grid = found.grid
        self.log = ProblemLog(self.grid.sheet.name)
        if not found.layout.columns:
            resolve_columns(self.grid, found.layout)
        above = list(self._texts_above(found.layout))
        unit = found.layout.unit or _unit_above(above)
        self.title = next((text for _row, text in above), None)
        self.title_count = next(
            (count for _row, text in above if (count := declared_total(text)) is not None), None
        )
        self.context = ReadingContext(
            grid=self.grid,
            layout=found.layout,
            log=self.log,
            sections=Sections(found.layout.kind),
            agencies=AgencyReader(known.by_key if known else None),
            known=known,
            notes=self._notes(),
            unit=unit or "万元",
            unit_is_printed=unit is not None,
        )
        self.lines = LineClassifier(self.grid, found.layout)
        self.rows: list[TaskRow | ProjectRow] = []
        self._headings: dict[int, str] = {}
        self._retitled = False

    def _texts_above(self, layout: Layout) -> Iterator[tuple[int, str]]:
        for row in range(layout.first):
            for _column, text in self.grid.filled(row):
                yield row, text

    def _notes(self) -> list[str]:
        """Notes above and below the table, for what their marks explain."""
        first = self.found.layout.last + 1
        rows = [*range(self.found.layout.first)]
        rows += range(max(first, self.grid.height - _NOTED_ROWS), self.grid.height)
        notes: list[str] = []
        following = False
        for row in rows:
            cells = self.grid.filled(row)
            if len(cells) == 1 and (following or is_note(cells[0][1])):
                notes.append(cells[0][1])
                following = True
            elif cells:
                following = False
        return notes

    def read(self) -> AnnexReading:
        context = self.context
        for note in context.notes:
            apply_note(context.layout, note)
        context.agencies.lead_sign = context.layout.lead_sign
        row = self._past_codes(context.layout.last + 1)
        while row < self.grid.height:
            kind = self.lines.kind(row)
            if kind is LineKind.HEADER:
                step = self._meet_header(row)
                if step is None:
                    return two_tables(self.found, f"里有两张表（另一张从第{row + 1}行开始）")
                if step == 0:
                    break
                row = self._past_codes(row + step)
                continue
            if self._retitled and kind in (LineKind.DATA, LineKind.CONTINUED):
                self._leave_rest(row)
                break
            self._take(row, kind)
            row += 1
        context.sections.close(len(self.rows))
        context.hint_carried(self._headings)
        self.rows = check_rows(context, self.rows, self.title_count)
        self._note_hidden()
        self._note_far_cells()
        if not self.rows:
            self.log.add(
                "error", "no_rows", None, None, "找到了表头，但表头下面没有一行内容，请检查文件。"
            )
        return self.finished(self.rows)

    def _leave_rest(self, row: int) -> None:
        """Below a further title without a header that is known, another table begins."""
        self.log.add(
            "hint",
            "other_table_below",
            row,
            None,
            f"第{row + 1}行起像是另一张表，没有读入。",
        )

    def _past_codes(self, row: int) -> int:
        return row + 1 if self.lines.is_code_row(row) else row

    def _take(self, row: int, kind: LineKind) -> None:
        if kind is LineKind.DATA:
            self._take_data(row)
        elif kind is LineKind.CONTINUED:
            self._continue(row)
        elif kind is LineKind.SECTION:
            self._take_section(row)
        elif kind is LineKind.TOTAL:
            text = "".join(text for _column, text in self.grid.own(row)[:3])
            self.context.totals.append(TotalRow(row, "小计" in text, len(self.rows)))
        elif kind is LineKind.TITLE:
            text = self.grid.own(row)[0][1]
            self._retitled = "续" not in text and text != self.title
        elif kind is LineKind.OTHER:
            self._skip(row)

    def _take_data(self, row: int) -> None:
        context, read = self.context, len(self.rows)
        is_task = context.layout.kind == "tasks"
        record = (read_task if is_task else read_project)(context, row, read)
        self.rows.append(record)
        if row in context.carried:
            self._headings[row] = record.category or ""

    def _continue(self, row: int) -> None:
        last = self.rows[-1] if self.rows else None
        if isinstance(last, TaskRow):
            self.rows[-1] = continue_task(self.context, row, last)
        elif isinstance(last, ProjectRow):
            self.rows[-1] = continue_project(self.context, row, last)

    def _take_section(self, row: int) -> None:
        last = max(self.lines.leading)
        own = [cell for cell in self.grid.own(row) if cell[0] <= last] or self.grid.own(row)
        column, text = own[0]
        if len(own) > 1 and own[1][1] != text and leading_mark(f"{text.strip('、.．')}、x"):
            number, words = text.strip("、.．"), own[1][1]
            bracketed = number.startswith(("（", "("))
            text = f"{number}{words}" if bracketed else f"{number}、{words}"
        self.context.sections.enter(row, column, text, len(self.rows))
        investment = self.context.column("total_investment_wan")
        if investment is not None and any(c == investment for c, _t in self.grid.own(row)):
            self.context.totals.append(TotalRow(row, True, len(self.rows)))

    def _skip(self, row: int) -> None:
        column, text = self.grid.own(row)[0]
        shown = text if len(text) <= 30 else f"{text[:30]}…"
        self.log.add("hint", "skipped_row", row, column, f"“{shown}”不像表里的一行，没有读入。")

    def _meet_header(self, row: int) -> int | None:
        """Rows to pass over for a header met again; None for another table, 0 to stop here."""
        layout = header_at(self.grid, row)
        if layout is None:
            return 1
        if layout.kind != self.context.layout.kind:
            return 0 if self.asked else None
        if self._retitled:
            return None
        resolve_columns(self.grid, layout)
        if layout.columns != self.context.layout.columns:
            self.context.use(layout)
            noted = self.lines.noted
            self.lines = LineClassifier(self.grid, layout)
            self.lines.noted = noted
        return layout.last - layout.first + 1

    def _note_hidden(self) -> None:
        hidden = [row.row for row in self.rows if row.row - 1 in self.grid.sheet.hidden_rows]
        if hidden:
            listed = "、".join(map(str, hidden[:_NAMED_CELLS]))
            more = "等" if len(hidden) > _NAMED_CELLS else ""
            self.log.add(
                "hint",
                "hidden_rows",
                hidden[0] - 1,
                None,
                f"第{listed}{more}行在表格里是隐藏的，也已读入，请确认。",
            )

    def _note_far_cells(self) -> None:
        count = self.grid.sheet.far_cells
        if count:
            self.log.add(
                "hint",
                "far_cells",
                None,
                None,
                f"工作表“{self.log.sheet}”在表格以外很远的地方还有{count}格内容，没有读入。",
            )

    def finished(
        self, rows: "list[TaskRow | ProjectRow] | tuple[TaskRow | ProjectRow, ...]"
    ) -> AnnexReading:
        unknown, resolved = self._settle_names()
        unreadable = self.log.unreadable
        return AnnexReading(
            table=self.context.layout.kind,
            sheet=self.log.sheet,
            header=self.found.layout.as_match(),
            rows=tuple(mark_unreadable(rows, unreadable.__contains__)),
            problems=self.log.sorted(),
            unknown_agencies=unknown,
            resolved=resolved,
            notes=tuple(self.context.notes),
        )

    def _settle_names(self) -> tuple[tuple[UnknownAgency, ...], Mapping[str, str]]:
        resolved = self.context.resolved
        unknown: list[UnknownAgency] = []
        if self.known is None:
            return (), resolved
        for spelling, places in self.context.unknown.items():
            cells = tuple((row + 1, column_letter(column)) for row, column in places)
            agency = UnknownAgency(spelling, cells, self.known.nearest(spelling))
            unknown.append(agency)
            self._ask_about(agency, *places[0])
        return tuple(unknown), resolved

    def _ask_about(self, agency: UnknownAgency, row: int, column: int) -> None:
        cells = "、".join(f"{letter}{line}" for line, letter in agency.cells[:_ASKED_CELLS])
        more = f"等{len(agency.cells)}处" if len(agency.cells) > _ASKED_CELLS else ""
        near = "、".join(f"{one.name}（{one.score}%）" for one in agency.suggestions)
        self.log.add(
            "question",
            "unknown_agency",
            row,
            column,
            f"没有“{agency.spelling}”这个单位，出现在{cells}{more}"
            + (f"，相近的有{near}。" if near else "，也没有相近的单位。"),
            field=self.context.layout.field_at(column),
            suggestion=agency.suggestions[0].name if agency.suggestions else None,
        )


def _unit_above(above: list[tuple[int, str]]) -> str | None:
    """The unit of money that a row above the header names: “单位：万元”."""
    for _row, text in reversed(above):
        if "单位" in text and (unit := money_unit(text.rpartition("单位")[2])):
            return unit
    return None
