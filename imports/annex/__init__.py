"""Reading annex tables as printed: `read_annex` takes a workbook's bytes, `to_json` prints them.

Pure: it knows no model and no database. What is known of agencies is handed in as KnownNames.
"""

from imports.annex.json_output import to_json
from imports.annex.reading import read_annex, read_annex_of
from imports.annex.results import (
    FIELD_LABELS,
    TABLE_NAMES,
    AnnexReading,
    CellProblem,
    HeaderColumn,
    HeaderMatch,
    HeaderOverride,
    ProjectRow,
    TableKind,
    TaskRow,
    UnknownAgency,
)

__all__ = [
    "FIELD_LABELS",
    "TABLE_NAMES",
    "AnnexReading",
    "CellProblem",
    "HeaderColumn",
    "HeaderMatch",
    "HeaderOverride",
    "ProjectRow",
    "TableKind",
    "TaskRow",
    "UnknownAgency",
    "read_annex",
    "read_annex_of",
    "to_json",
]
