"""Tasks as pages and charts read them: plan and reported progress together."""

from tasks.selectors.detail import (
    QUARTERS_SHOWN,
    TaskDetail,
    month_words,
    quantity_words,
    task_detail,
)
from tasks.selectors.heat import HeatCell, HeatMap, HeatRow, heat_map
from tasks.selectors.history import TaskHistory, heat_of, task_histories
from tasks.selectors.newest_reports import tasks_on
from tasks.selectors.rows import (
    IS_SHARED,
    NO_LEAD,
    NOTHING_OPENED,
    OpenedQuarters,
    QuarterReports,
    StatusCounts,
    TaskFilters,
    TaskRow,
    agencies_of_tasks,
    rows_of,
    share_filter,
    status_counts,
    task_categories,
    task_queryset,
    task_rows,
)

__all__ = [
    "IS_SHARED",
    "NOTHING_OPENED",
    "NO_LEAD",
    "QUARTERS_SHOWN",
    "HeatCell",
    "HeatMap",
    "HeatRow",
    "OpenedQuarters",
    "QuarterReports",
    "StatusCounts",
    "TaskDetail",
    "TaskFilters",
    "TaskHistory",
    "TaskRow",
    "agencies_of_tasks",
    "heat_map",
    "heat_of",
    "month_words",
    "quantity_words",
    "rows_of",
    "share_filter",
    "status_counts",
    "task_categories",
    "task_detail",
    "task_histories",
    "task_queryset",
    "task_rows",
    "tasks_on",
]
