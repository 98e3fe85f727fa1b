"""Projects as pages and charts read them: plan and newest report together."""

from projects.selectors.detail import ProjectDetail, project_detail
from projects.selectors.node_line import NodeLine
from projects.selectors.rows import (
    Overview,
    ProjectRow,
    investment,
    overview,
    plan_of,
    project_rows,
    report_of,
    rows_on,
    timeline,
)

__all__ = [
    "NodeLine",
    "Overview",
    "ProjectDetail",
    "ProjectRow",
    "investment",
    "overview",
    "plan_of",
    "project_detail",
    "project_rows",
    "report_of",
    "rows_on",
    "timeline",
]
