"""Workbooks for the tests, and short forms of what was read from them."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl

from common.name_matching import KnownNames
from imports.annex import AnnexReading, read_annex

Rows = Sequence[Sequence[Any]]


def xlsx(rows: Rows, merged: Iterable[str] = (), name: str = "Sheet1", **more: Rows) -> bytes:
    """A workbook with these rows from A1; further keyword arguments are further sheets."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    fill(sheet, rows, merged)
    for title, others in more.items():
        fill(book.create_sheet(title), others)
    return saved(book)


def fill(sheet: Any, rows: Rows, merged: Iterable[str] = ()) -> None:
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def text(rows: Rows, delimiter: str = ",", encoding: str = "utf-8-sig") -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return stream.getvalue().encode(encoding)


def read(rows: Rows, merged: Iterable[str] = (), **options: Any) -> AnnexReading:
    return read_annex(xlsx(rows, merged), "表.xlsx", **options)


def known(*names: str, **aliases: str) -> KnownNames:
    return KnownNames.of([(name, name) for name in names] + list(aliases.items()))


def tasks(reading: AnnexReading) -> list[tuple[Any, ...]]:
    """kind, category, number, title, lead, responsible of each row."""
    assert reading.table == "tasks", [problem.message for problem in reading.problems]
    return [
        (row.kind, row.category, row.number, row.title, row.lead, row.responsible)
        for row in reading.rows
    ]


def projects(reading: AnnexReading) -> list[tuple[Any, ...]]:
    """number, category, name, owners, responsible, years, money in 万元 of each row."""
    assert reading.table == "projects", [problem.message for problem in reading.problems]
    return [
        (
            row.number,
            row.category,
            row.name,
            row.owners,
            row.responsible,
            (row.start_year, row.end_year),
            row.total_investment_wan
            if row.total_investment_wan is None
            else str(row.total_investment_wan),
        )
        for row in reading.rows
    ]


def codes(reading: AnnexReading, *severities: str) -> list[tuple[str, str | None]]:
    """Code and place of each problem, of these severities or of all."""
    return [
        (problem.code, f"{problem.column or ''}{problem.row or ''}")
        for problem in reading.problems
        if not severities or problem.severity in severities
    ]
