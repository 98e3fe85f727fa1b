"""Registers as a test uses them: out into a workbook, changed there, and back."""

import tablib

from common.registers.tables import CsvFormat, ExcelFormat, read_table


def table_of(register, kind="xlsx"):
    """What a person would see who exports, as (headers, rows)."""
    file = {"xlsx": ExcelFormat, "csv": CsvFormat}[kind]().export_data(register().export())
    table = read_table(file, f"a.{kind}", register().labels)
    return list(table.headers), [dict(zip(table.headers, row, strict=True)) for row in table.rows]


def bring_in(register, rows, *, by, dry_run=False, sure=False):
    """Import rows given as {label: text}; every row has the labels of the first."""
    headers = list(rows[0])
    dataset = tablib.Dataset(*[[row[label] for label in headers] for row in rows], headers=headers)
    made = register()
    result = made.import_data(dataset, dry_run=dry_run, user=by, sure=sure)
    result.secrets = made.secrets
    return result


def refused(register, rows, *, by):
    """The problems of rows that must change nothing."""
    result = bring_in(register, rows, by=by)
    assert not result.can_confirm
    return result.problems + [str(error.error) for error in result.base_errors]
