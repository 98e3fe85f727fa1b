"""Charts of the overview."""

from dashboard.charts.outlook import outlook_chart, outlook_table
from dashboard.charts.paths import paths_chart, row_picture
from dashboard.charts.settled import milestone_chart

__all__ = ["milestone_chart", "outlook_chart", "outlook_table", "paths_chart", "row_picture"]
