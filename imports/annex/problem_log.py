"""Collecting what is to be decided or known about a table, cell by cell."""

from common.workbooks.reading import column_letter
from imports.annex.results import FIELD_LABELS, CellProblem, Severity


class ProblemLog:
    """Problems of one sheet in the order of their rows; rows and columns are given from 0."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self._problems: list[CellProblem] = []
        self.unreadable: set[int] = set()

    def add(
        self,
        severity: Severity,
        code: str,
        row: int | None,
        column: int | None,
        message: str,
        *,
        field: str | None = None,
        suggestion: str | None = None,
        applied: bool = False,
    ) -> None:
        letter = column_letter(column) if column is not None else None
        place = f"{letter}{row + 1}" if letter and row is not None else None
        label = FIELD_LABELS.get(field or "", "")
        where = f"{place}{f'（{label}）' if label else ''}：" if place else ""
        self._problems.append(
            CellProblem(
                sheet=self.sheet,
                row=row + 1 if row is not None else None,
                column=letter,
                code=code,
                severity=severity,
                message=f"{where}{message}",
                suggestion=suggestion,
                field=field,
                applied=applied,
            )
        )
        if severity == "error" and row is not None:
            self.unreadable.add(row)

    def sorted(self) -> tuple[CellProblem, ...]:
        return tuple(
            sorted(self._problems, key=lambda problem: (problem.row or 0, problem.column or ""))
        )
