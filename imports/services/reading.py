"""Reading the workbook of a run: what was found is kept with it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from common.workbooks.reading import Workbook, WorkbookError, column_letter, read_workbook
from imports.annex.cells.grid import printed
from imports.annex.reading import read_annex_of
from imports.annex.results import AnnexReading, HeaderOverride, TableKind
from imports.choices import ImportState
from imports.models import ImportRun
from imports.selectors.plan_registers import known_agencies
from imports.selectors.reading_storage import pack
from imports.selectors.remembered_answers import remembered

SAMPLE_ROWS, SAMPLE_COLUMNS = 8, 16
_LONGEST = 40


def read(*, workbook: Workbook, choices: Mapping[str, Any]) -> AnnexReading:
    """Read a workbook's table with the choices that were made about its sheet and header."""
    override = choices.get("override")
    if override:
        _check_rows(workbook, choices)
    table: TableKind | None = choices.get("table") or None
    return read_annex_of(
        workbook,
        known_agencies().names,
        choices.get("sheet") or None,
        table,
        HeaderOverride(override["first_row"], override["last_row"], override["columns"])
        if override
        else None,
    )


def _check_rows(workbook: Workbook, choices: Mapping[str, Any]) -> None:
    name, last = choices.get("sheet"), choices["override"]["last_row"]
    height = next((len(sheet.rows) for sheet in workbook.sheets if sheet.name == name), 0)
    if last > height:
        raise WorkbookError(
            "header_outside", f"工作表“{name}”只有{height}行，表头不会在第{last}行，请改正。"
        )


def store_reading(*, run: ImportRun, workbook: Workbook) -> None:
    """Set what was read on a run; does not save it."""
    reading = read(workbook=workbook, choices=run.header_choices)
    run.reading = pack(reading)
    if not run.answers.get("cells"):
        run.answers["cells"] = remembered(reading)
    run.table, run.sheet = reading.table or "", (reading.sheet or "")[:80]
    run.header_choices = {
        **run.header_choices,
        "sheets": [sheet.name for sheet in workbook.sheets if sheet.rows],
        "sample": sample(workbook=workbook, reading=reading),
    }
    run.state, run.message = ImportState.CHECKING, ""


def sample(*, workbook: Workbook, reading: AnnexReading) -> dict[str, Any]:
    """The rows around the header as printed, so that people can check and correct it."""
    sheet = next((s for s in workbook.sheets if s.name == reading.sheet), workbook.sheets[0])
    first = reading.header.rows[0] if reading.header else 1
    rows = sheet.rows[first - 1 : first - 1 + SAMPLE_ROWS]
    width = min(max((len(row) for row in rows), default=0), SAMPLE_COLUMNS)
    return {
        "first": first,
        "letters": [column_letter(index) for index in range(width)],
        "rows": [[printed(cell)[:_LONGEST].strip() for cell in row[:width]] for row in rows],
    }


def read_run(*, pk: int) -> None:
    """Read the workbook of a large upload; the job's whole work.

    Does nothing a second time, nor where the run was given up while it was read.
    """
    run = ImportRun.objects.get(pk=pk)
    if run.state != ImportState.READING:
        return
    try:
        store_reading(run=run, workbook=read_workbook(bytes(run.content), run.file_name))
    except WorkbookError as error:
        run.state, run.message = ImportState.FAILED, error.message
    with transaction.atomic():
        held = ImportRun.objects.select_for_update().filter(pk=pk, state=ImportState.READING)
        if not held.values_list("pk"):
            return
        run.version += 1
        run.save(
            update_fields=[
                "state", "message", "reading", "answers", "table", "sheet", "header_choices",
                "version",
            ]
        )  # fmt: skip
