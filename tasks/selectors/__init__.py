"""Tasks as pages and charts read them: plan and reported progress together."""

from tasks.selectors.detail import (
    QUARTERS_SHOWN,
    TaskDetail,
    month_words,
    quantity_words,
    task_detail,
)
from tasks.selectors.heat import Cell, HeatMap, HeatRow, heat_map
from tasks.selectors.rows import (
    NO_LEAD,
    NOBODY_ASKED,
    Asked,
    Counts,
    Reports,
    TaskFilters,
    TaskRow,
    agencies_of_tasks,
    counts,
    rows_of,
    share_filter,
    task_categories,
    task_queryset,
    task_rows,
)
from tasks.selectors.then import tasks_on
from tasks.selectors.told import Told, heat_of, told_tasks

__all__ = [
    "NOBODY_ASKED",
    "NO_LEAD",
    "QUARTERS_SHOWN",
    "Asked",
    "Cell",
    "Counts",
    "HeatMap",
    "HeatRow",
    "Reports",
    "TaskDetail",
    "TaskFilters",
    "TaskRow",
    "Told",
    "agencies_of_tasks",
    "counts",
    "heat_map",
    "heat_of",
    "month_words",
    "quantity_words",
    "rows_of",
    "share_filter",
    "task_categories",
    "task_detail",
    "task_queryset",
    "task_rows",
    "tasks_on",
    "told_tasks",
]
