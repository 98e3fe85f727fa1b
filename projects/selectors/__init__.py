"""Projects as pages and charts read them: plan and newest report together."""

from projects.selectors.detail import ProjectDetail, project_detail
from projects.selectors.node_line import NodeLine
from projects.selectors.rows import (
    ProjectRow,
    ProjectsOverview,
    investment_rows,
    plan_of,
    project_rows,
    projects_overview,
    report_of,
    rows_on,
    timeline_rows,
)

__all__ = [
    "NodeLine",
    "ProjectDetail",
    "ProjectRow",
    "ProjectsOverview",
    "investment_rows",
    "plan_of",
    "project_detail",
    "project_rows",
    "projects_overview",
    "report_of",
    "rows_on",
    "timeline_rows",
]
