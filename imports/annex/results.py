"""What comes out of reading an annex table: rows, problems and how the header was understood."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from common.name_matching import Suggestion
from common.workbooks.reading import CellValue
from imports.annex.cells.grid import printed

TableKind = Literal["tasks", "projects"]
RowKind = Literal["goal", "task"]
Severity = Literal["error", "question", "hint"]
Cells = Mapping[str, tuple[str, str]]
"""Field → (column letter, text as printed)."""
Where = Mapping[str, tuple[int, str]]
"""Field → (column from 0, column letter)."""

TABLE_NAMES: Mapping[TableKind, str] = {"tasks": "重点任务表", "projects": "重点项目表"}

FIELD_LABELS: Mapping[str, str] = {
    "number": "序号",
    "category": "类别",
    "title": "任务",
    "name": "项目名称",
    "lead": "牵头单位",
    "responsible": "责任单位",
    "owners": "项目单位",
    "content": "建设内容",
    "years": "起止年限",
    "start_year": "开工年份",
    "end_year": "竣工年份",
    "total_investment_wan": "总投资",
}


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One thing to decide or to know, at one cell.

    error: the row cannot be used as it is. question: the user must answer. hint: it was read, and
    `suggestion` is what was read instead of what is printed (`applied`) or could be (not applied).
    """

    sheet: str
    row: int | None
    column: str | None
    code: str
    severity: Severity
    message: str
    suggestion: str | None = None
    field: str | None = None
    applied: bool = False


class PrintedCells(Mapping[str, tuple[str, str]]):
    """The cells of one row; they are printed only when asked for, which is seldom."""

    __slots__ = ("_values", "_where")

    def __init__(self, where: Where, values: Sequence[CellValue]) -> None:
        self._where, self._values = where, values

    def __getitem__(self, name: str) -> tuple[str, str]:
        column, letter = self._where[name]
        return letter, printed(self._values[column])

    def __iter__(self) -> Iterator[str]:
        return iter(self._where)

    def __len__(self) -> int:
        return len(self._where)

    def __deepcopy__(self, memo: object) -> "PrintedCells":
        return self


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A goal or a task; names are as printed, see AnnexReading.resolved.

    The title is empty if none is printed; such a row is unreadable.
    """

    row: int
    kind: RowKind
    category: str | None
    category_number: int | None
    number: int | str | None
    title: str
    leads: tuple[str, ...]
    responsible: tuple[str, ...]
    cells: Cells
    unreadable: bool = False

    @property
    def is_task(self) -> bool:
        return self.kind == "task"

    @property
    def lead(self) -> str | None:
        return "、".join(self.leads) or None


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project; names are as printed, see AnnexReading.resolved. Money in 万元.

    The name is empty if none is printed; such a row is unreadable.
    """

    row: int
    number: int | str | None
    category: str | None
    category_number: int | None
    name: str
    owners: tuple[str, ...]
    responsible: tuple[str, ...]
    content: str | None
    start_year: int | None
    end_year: int | None
    total_investment_wan: Decimal | None
    cells: Cells
    unreadable: bool = False


@dataclass(frozen=True, slots=True)
class HeaderColumn:
    """One column of the table: its letter, its header as printed, the field it was taken for."""

    letter: str
    label: str
    field: str | None


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """The header of the table that was read: its Excel rows, its columns, its unit of money."""

    rows: tuple[int, ...]
    columns: tuple[HeaderColumn, ...]
    unit: str | None = None

    def letters(self, name: str) -> tuple[str, ...]:
        return tuple(column.letter for column in self.columns if column.field == name)


@dataclass(frozen=True, slots=True)
class HeaderOverride:
    """A header as corrected by the user: its first and last Excel row, column letter → field."""

    first_row: int
    last_row: int
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class UnknownAgency:
    """A spelling that is not known, every cell that holds it, and the names it resembles."""

    spelling: str
    cells: tuple[tuple[int, str], ...]
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class AnnexReading:
    """All that was read of one table; `table` is None if none was found."""

    table: TableKind | None
    sheet: str | None
    header: HeaderMatch | None
    rows: tuple[TaskRow | ProjectRow, ...]
    problems: tuple[CellProblem, ...]
    unknown_agencies: tuple[UnknownAgency, ...] = ()
    resolved: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def has_errors(self) -> bool:
        return any(problem.severity == "error" for problem in self.problems)
