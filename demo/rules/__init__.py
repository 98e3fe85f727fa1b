"""What the demonstration set says of quarters and years that it does not name. Pure."""

from demo.rules.later_quarters import DemoValue, annual_values, later_states, quarterly_values
from demo.rules.publication_days import FINAL_REASON, came_on, newest_year
from demo.rules.reports import (
    ProjectQuarter,
    TaskWords,
    filled_in,
    later_project_quarters,
    project_quarters,
    task_words,
)

__all__ = [
    "FINAL_REASON",
    "DemoValue",
    "ProjectQuarter",
    "TaskWords",
    "annual_values",
    "came_on",
    "filled_in",
    "later_project_quarters",
    "later_states",
    "newest_year",
    "project_quarters",
    "quarterly_values",
    "task_words",
]
