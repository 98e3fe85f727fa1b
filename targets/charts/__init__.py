"""Charts of targets."""

from targets.charts.trajectory import few_table, finding, trajectory_chart, trajectory_table
from targets.charts.vintage_chart import vintage_chart

__all__ = ["few_table", "finding", "trajectory_chart", "trajectory_table", "vintage_chart"]
