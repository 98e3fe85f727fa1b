"""What the readers of single rows share: the grid, the layout, the problems, the names met."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from common.name_matching import KnownNames
from common.quantities import is_missing
from common.workbooks.reading import CellValue, MergedRange, column_letter
from imports.annex.cells.footnotes import footnote_in, raised
from imports.annex.cells.grid import Grid, printed
from imports.annex.cells.text import heading_of, mark_number, one_line
from imports.annex.header.columns import loose_marks
from imports.annex.header.header import Layout
from imports.annex.problem_log import ProblemLog
from imports.annex.results import Cells, PrintedCells
from imports.annex.rows.agencies import NOBODY, AgencyReader, Parties
from imports.annex.rows.sections import CategoryPlace, Sections

_DITTO = frozenset(("同上", "同上行", "〃", "″", "″″", '"', "''"))


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A 合计 or 小计 row, or a section row with a sum; `read` counts the rows read before it."""

    row: int
    is_part: bool
    read: int


@dataclass
class ReadingContext:
    """The state of reading one table, from its header to its last row."""

    grid: Grid
    layout: Layout
    log: ProblemLog
    sections: Sections
    agencies: AgencyReader
    known: KnownNames | None
    notes: list[str]
    unit: str
    unit_is_printed: bool = True
    resolved: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    formulas: list[tuple[int, int]] = field(default_factory=list)
    carried: dict[int, list[int]] = field(default_factory=dict)
    merged: dict[MergedRange, str] = field(default_factory=dict)
    totals: list[TotalRow] = field(default_factory=list)
    loose: bool = False

    def __post_init__(self) -> None:
        self.use(self.layout)
        self._run: list[int] | None = None

    def use(self, layout: Layout) -> None:
        """Read the following rows by this layout."""
        self.layout = layout
        self.loose = loose_marks(self.grid, layout)
        self._where = {
            name: (columns[0], column_letter(columns[0]))
            for name, columns in layout.columns.items()
            if columns
        }
        sheet = self.grid.sheet
        self._has_formulas = bool(sheet.formulas)

    def column(self, name: str) -> int | None:
        """The first column of a field."""
        where = self._where.get(name)
        return None if where is None else where[0]

    def value(self, row: int, name: str) -> CellValue:
        where = self._where.get(name)
        return "" if where is None else self.grid.rows[row][where[0]]

    def text(self, row: int, name: str) -> str:
        value = self.value(row, name)
        return one_line(value if isinstance(value, str) else printed(value))

    def cells(self, row: int) -> Cells:
        """Every field's first cell as printed."""
        return PrintedCells(self._where, self.grid.rows[row])

    def place(self, row: int, read: int) -> CategoryPlace:
        """The category of a row, with a hint where it was carried down."""
        column = self.column("category")
        if column is None:
            return self.sections.place("", False, row, 0, read)
        text = _category(self.text(row, "category"))
        merged = self.grid.merged_at(row, column)
        is_over_item = merged is not None and merged.left <= self.layout.item <= merged.right
        if not text or is_over_item:
            return self._carried_place(row, read)
        is_merged = merged is not None and merged.top < row
        place = self.sections.place(text, is_merged, row, column, read)
        if is_merged and merged is not None:
            self.merged.setdefault(merged, place.heading.text if place.heading else "")
        self._run = None
        return place

    def _carried_place(self, row: int, read: int) -> CategoryPlace:
        """The place of a row whose category cell is empty; runs of such rows make one hint."""
        place = self.sections.place("", False, row, 0, read)
        if place.source == "carried":
            if self._run is None:
                self._run = self.carried[row] = []
            self._run.append(row)
        return place

    def hint_carried(self, headings: dict[int, str]) -> None:
        """One hint for each run of rows whose category stands in a cell above them."""
        column = self.column("category")
        for merged, heading in self.merged.items():
            self.log.add(
                "hint",
                "merged_category",
                merged.top,
                merged.left,
                f"第{merged.top + 1}—{merged.bottom + 1}行类别是合并单元格，都按“{heading}”读入。",
                field="category",
                suggestion=heading,
                applied=True,
            )
        for first, run in self.carried.items():
            where = f"第{first + 1}行" if len(run) == 1 else f"第{first + 1}—{run[-1] + 1}行"
            self.log.add(
                "hint",
                "carried_category",
                first,
                column,
                f"{where}类别为空，按上一行的“{headings[first]}”读入。",
                field="category",
                suggestion=headings[first],
                applied=True,
            )

    def number(self, row: int, fallback: int | str | None = None) -> int | str | None:
        """The row's number from its column, or from the mark in its title."""
        column = self.column("number")
        if column is None or self.layout.number_is_category:
            return fallback
        value = self.grid.rows[row][column]
        if isinstance(value, float):
            return int(value) if value.is_integer() else self._decimal_number(row, column, value)
        if not isinstance(value, str | int | float) or isinstance(value, bool):
            self.log.add(
                "hint",
                "number_is_date",
                row,
                column,
                f"“{printed(value)}”不是编号，可能是表格软件把编号自动变成了日期，按没有编号读入。",
                field="number",
            )
            return fallback
        text = one_line(printed(value))
        if is_missing(text):
            return fallback
        if text.endswith(".0") and text[:-2].isdecimal():
            return int(text[:-2])
        heading = heading_of(f"{text}、x" if not text.endswith(("、", ".", "．")) else f"{text}x")
        return (
            heading.number if heading.number is not None else mark_number(text.strip("第项个条号"))
        )

    def _decimal_number(self, row: int, column: int, value: float) -> str:
        """A number cell cannot hold 1.10: what it shows may have lost a zero."""
        number = printed(value)
        self.log.add(
            "hint",
            "decimal_number",
            row,
            column,
            f"编号是小数{number}，如果原来是{number}0，请在表里改成文本格式。",
            field="number",
        )
        return number

    def title(self, row: int, name: str) -> str:
        """A title or name, its footnote marks taken off with a hint."""
        column = self.layout.item
        text = self.text(row, name)
        footnote = footnote_in(text, self.notes)
        if footnote is not None:
            self.log.add(
                "hint",
                "footnote_mark",
                row,
                column,
                f"“{footnote.mark}”像是脚注号，"
                + ("已去掉。" if footnote.certain else "请确认是否去掉。"),
                field=name,
                suggestion=footnote.text,
                applied=footnote.certain,
            )
            text = footnote.text if footnote.certain else text
        self.hint_raised(row, column, name, text)
        return text

    def hint_raised(self, row: int, column: int, name: str, text: str) -> None:
        better = raised(text)
        if better is not None:
            self.log.add(
                "hint",
                "lost_superscript",
                row,
                column,
                "像是丢了上标或下标，可以改成建议的写法。",
                field=name,
                suggestion=better,
            )

    def parties(self, row: int, name: str) -> Parties:
        """Everybody named in the columns of a field, in the order of the columns."""
        columns = self.layout.columns.get(name)
        if not columns:
            return NOBODY
        if len(columns) == 1:
            return self.parties_at(row, columns[0], name)
        return joined([self.parties_at(row, column, name) for column in columns])

    def parties_at(self, row: int, column: int, name: str) -> Parties:
        value = self.grid.rows[row][column]
        if value == "":
            return NOBODY
        text = value if isinstance(value, str) else printed(value)
        if len(text) < 5 and text.strip() in _DITTO:
            return self._ditto(row, column, name)
        parties = self.agencies.read(text)
        for note in parties.notes:
            self._hint_names(row, column, name, note, parties)
        if self.known is not None:
            self._note_names(parties, row, column)
        return parties

    def _note_names(self, parties: Parties, row: int, column: int) -> None:
        """Keep where each unknown spelling stands; the known ones need no place."""
        for spelling in (*parties.leads, *parties.others):
            if spelling in self.resolved:
                continue
            places = self.unknown.get(spelling)
            if places is not None:
                places.append((row, column))
            elif self.known is not None and (canonical := self.known.canonical(spelling)):
                self.resolved[spelling] = canonical
            else:
                self.unknown[spelling] = [(row, column)]

    def _ditto(self, row: int, column: int, name: str) -> Parties:
        above = row - 1
        while above > self.layout.last and self.grid.is_blank(above):
            above -= 1
        if above <= self.layout.last:
            return NOBODY
        parties = self.parties_at(above, column, name)
        self.log.add(
            "hint",
            "ditto",
            row,
            column,
            "写的是“同上”，按上一行的单位读入。",
            field=name,
            suggestion="、".join((*parties.leads, *parties.others)),
            applied=True,
        )
        return parties

    def _hint_names(self, row: int, column: int, name: str, note: str, parties: Parties) -> None:
        read = "、".join((*parties.leads, *parties.others))
        words = {
            "glued": "几个单位之间没有顿号，已分开读入。",
            "mark": "单位名称后面带有脚注号，已去掉。",
            "repeated": "同一单位写了两次，只计一次。",
        }
        self.log.add(
            "hint",
            {"glued": "glued_names", "mark": "footnote_mark", "repeated": "repeated_agency"}[note],
            row,
            column,
            words[note],
            field=name,
            suggestion=read,
            applied=True,
        )

    def is_unsaved(self, row: int, column: int) -> bool:
        """Whether a cell is a formula without a saved value, which is an error of its own."""
        return (row, column) in self.grid.sheet.unsaved_formulas

    def check_formulas(self, row: int) -> bool:
        """Note formulas in the row; False if one has no saved value, which is an error."""
        if not self._has_formulas:
            return True
        sheet, is_complete = self.grid.sheet, True
        for name, columns in self.layout.columns.items():
            for column in columns:
                if self.is_unsaved(row, column):
                    is_complete = False
                    self.log.add(
                        "error",
                        "formula_without_value",
                        row,
                        column,
                        "是公式，但文件里没有保存计算结果，请在WPS或Excel中打开、保存后重新上传。",
                        field=name,
                    )
                elif (row, column) in sheet.formulas:
                    self.formulas.append((row, column))
        return is_complete


@lru_cache(maxsize=1024)
def _category(text: str) -> str:
    """The words of a category cell; empty if it only says “the same”, or nothing."""
    if is_missing(text) or text in _DITTO:
        return ""
    footnote = footnote_in(text, ())
    return footnote.text if footnote else text


def joined(parties: Sequence[Parties]) -> Parties:
    """Several cells as one list, each name once."""
    leads = dict.fromkeys(name for one in parties for name in one.leads)
    others = dict.fromkeys(name for one in parties for name in one.others)
    return Parties(tuple(leads), tuple(others))
