"""Writes to projects: the register, their progress."""

from projects.services.progress import record_progress_many, retract_progress
from projects.services.register import (
    add_project,
    assign_owners_that_report,
    assign_reporting_agency,
    link_clauses,
    save_project,
)

__all__ = [
    "add_project",
    "assign_owners_that_report",
    "assign_reporting_agency",
    "link_clauses",
    "record_progress_many",
    "retract_progress",
    "save_project",
]
