"""Charts of targets."""

from targets.charts.trajectory import finding, trajectory_chart, trajectory_table

__all__ = ["finding", "trajectory_chart", "trajectory_table"]
