"""A reading as it is kept with its run, so that no page has to open the workbook again."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from common.name_matching import Suggestion
from imports.annex.results import (
    AnnexReading,
    CellProblem,
    HeaderColumn,
    HeaderMatch,
    ProjectRow,
    TaskRow,
    UnknownAgency,
)
from imports.choices import AnnexTable


def pack(reading: AnnexReading) -> dict[str, Any]:
    """A reading in the forms of JSON."""
    data = asdict(reading)
    for row in data["rows"]:
        if row.get("total_investment_wan") is not None:
            row["total_investment_wan"] = str(row["total_investment_wan"])
        row["cells"] = {name: list(cell) for name, cell in row["cells"].items()}
    data["resolved"] = dict(reading.resolved)
    return data


def unpack(data: Mapping[str, Any]) -> AnnexReading:
    """The reading that `pack` stored."""
    row_of = _task if data["table"] == AnnexTable.TASKS else _project
    header = data["header"]
    return AnnexReading(
        table=data["table"],
        sheet=data["sheet"],
        header=_header(header) if header else None,
        rows=tuple(row_of(row) for row in data["rows"]),
        problems=tuple(CellProblem(**problem) for problem in data["problems"]),
        unknown_agencies=tuple(_unknown(one) for one in data["unknown_agencies"]),
        resolved=data["resolved"],
        notes=tuple(data["notes"]),
    )


def _task(row: Mapping[str, Any]) -> TaskRow:
    lists = {name: tuple(row[name]) for name in ("leads", "responsible")}
    return TaskRow(**{**row, **lists, "cells": _cells(row)})


def _project(row: Mapping[str, Any]) -> ProjectRow:
    lists = {name: tuple(row[name]) for name in ("owners", "responsible")}
    total = row["total_investment_wan"]
    own = {"total_investment_wan": None if total is None else Decimal(total)}
    return ProjectRow(**{**row, **lists, **own, "cells": _cells(row)})


def _cells(row: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    return {name: (cell[0], cell[1]) for name, cell in row["cells"].items()}


def _header(data: Mapping[str, Any]) -> HeaderMatch:
    columns = tuple(HeaderColumn(**column) for column in data["columns"])
    return HeaderMatch(tuple(data["rows"]), columns, data["unit"])


def _unknown(data: Mapping[str, Any]) -> UnknownAgency:
    return UnknownAgency(
        data["spelling"],
        tuple((cell[0], cell[1]) for cell in data["cells"]),
        tuple(Suggestion(**suggestion) for suggestion in data["suggestions"]),
    )
