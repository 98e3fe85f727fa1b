"""Charts of the overview."""

from dashboard.charts.ahead import ahead_chart
from dashboard.charts.settled import milestone_chart

__all__ = ["ahead_chart", "milestone_chart"]
