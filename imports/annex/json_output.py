"""A reading as plain data for JSON."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from imports.annex.results import AnnexReading, CellProblem, ProjectRow, TaskRow


def to_json(reading: AnnexReading, counts: Mapping[str, int]) -> dict[str, Any]:
    """Everything that was read, with names as printed; `counts` come from the comparison."""
    return {
        "table": reading.table,
        "counts": dict(counts),
        "rows": [_task(row) if isinstance(row, TaskRow) else _project(row) for row in reading.rows],
        "problems": [_problem(problem) for problem in reading.problems],
    }


def _task(row: TaskRow) -> dict[str, Any]:
    return {
        "row": row.row,
        "kind": row.kind,
        "number": row.number,
        "category": row.category,
        "title": row.title or None,
        "lead": row.lead,
        "leads": list(row.leads),
        "responsible": list(row.responsible),
    }


def _project(row: ProjectRow) -> dict[str, Any]:
    return {
        "row": row.row,
        "number": row.number,
        "category": row.category,
        "name": row.name or None,
        "owners": list(row.owners),
        "responsible": list(row.responsible),
        "content": row.content,
        "start_year": row.start_year,
        "end_year": row.end_year,
        "total_investment_wan": _number(row.total_investment_wan),
    }


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _problem(problem: CellProblem) -> dict[str, Any]:
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "suggestion": problem.suggestion,
    }
