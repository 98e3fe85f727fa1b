"""Writes to tasks: the register, their progress, what others contributed."""

from tasks.services.contributions import record_contributions, retract_contributions
from tasks.services.progress import record_progress_many, retract_progress
from tasks.services.register import (
    assign_convenor,
    link_clauses,
    save_task,
)

__all__ = [
    "assign_convenor",
    "link_clauses",
    "record_contributions",
    "record_progress_many",
    "retract_contributions",
    "retract_progress",
    "save_task",
]
