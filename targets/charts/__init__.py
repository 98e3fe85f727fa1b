"""Charts of targets."""

from targets.charts.trajectory import few_table, finding, trajectory_chart, trajectory_table

__all__ = ["few_table", "finding", "trajectory_chart", "trajectory_table"]
