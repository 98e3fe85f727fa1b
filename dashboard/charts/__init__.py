"""Charts of the overview."""

from dashboard.charts.outlook import outlook_chart, outlook_table
from dashboard.charts.paths import PRINT, WALL, paths_chart, row_pictures
from dashboard.charts.settled import milestone_chart

__all__ = [
    "PRINT",
    "WALL",
    "milestone_chart",
    "outlook_chart",
    "outlook_table",
    "paths_chart",
    "row_pictures",
]
