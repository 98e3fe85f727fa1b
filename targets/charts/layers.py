"""The layers of a trajectory: its lines, its points, and the areas behind them."""

from common import charts
from common.charts import Palette, Part
from targets import rules
from targets.charts import parts
from targets.charts.plot import Plot, limits_of
from targets.selectors.judging.facts import actual_of


def goal_lines(plot: Plot) -> list[Part]:
    """The required line and the milestones on it."""
    traces = []
    if len(plot.required) > 1:
        years, values = zip(*plot.required, strict=True)
        traces.append(parts.required_line(years, values))
    if plot.goals:
        traces.append(
            parts.milestones(
                [goal.year for goal in plot.goals],
                [goal.value for goal in plot.goals],
                hover=[f"{g.year}年 {rules.goal_value(plot.terms, g)}" for g in plot.goals],
            )
        )
    return traces


def pending_goals(plot: Plot) -> list[Part]:
    """An open grey mark where the city has not set the value yet."""
    years = [goal.year for goal in plot.pending]
    if not years:
        return []
    return [
        charts.points(
            years,
            [plot.top] * len(years),
            symbol="square",
            color=Palette.N,
            hollow=[True] * len(years),
            hover=[f"{year}年 目标待市下达" for year in years],
        )
    ]


def quarterly(plot: Plot) -> list[Part]:
    """Small points after the newest annual value; hollow where they wait for review."""
    if not plot.quarters:
        return []
    unit = rules.unit_of(plot.terms)
    return [
        charts.points(
            [charts.on_years(row.period.end) for row in plot.quarters],
            [row.value for row in plot.quarters],
            color=Palette.S_FORE,
            size=5,
            hollow=[row.version == 0 for row in plot.quarters],
            hover=[
                f"{row.period.label} {rules.actual_figure(plot.terms, actual_of(row))}{unit}"
                + ("（含待审核）" if row.version == 0 else "")
                for row in plot.quarters
            ],
        )
    ]


def actual(plot: Plot, *, wide: bool) -> list[Part]:
    """The line of the annual values with their numbers; on a phone those of its ends."""
    if not plot.annual_points:
        return []
    ends = {plot.annual_points[0].year, plot.annual_points[-1].year, plot.milestones.settled}
    return [
        parts.actual_line(
            [spot.year for spot in plot.annual_points],
            [spot.value for spot in plot.annual_points],
            [spot.grade for spot in plot.annual_points],
            labels=[s.label if wide or s.year in ends else "" for s in plot.annual_points],
            position=[spot.position for spot in plot.annual_points],
            hover=[spot.hover for spot in plot.annual_points],
        )
    ]


def window(plot: Plot) -> list[Part]:
    """The years that are left to peak in."""
    if plot.last_year_to_peak is None:
        return []
    today, end = charts.on_years(plot.detail.judged.today), plot.last_year_to_peak
    area = {"xref": "x", "yref": "paper", "x0": today, "x1": end, "y0": 0, "y1": 1}
    look = {"layer": "below", "line": {"width": 0}, "fillcolor": Palette.WASH_2}
    return [{"type": "rect"} | area | look]


def band(plot: Plot) -> list[Part]:
    """What 左右 allows."""
    return [charts.zone(*limits_of(goal, plot.terms)) for goal in plot.goals[:1] if goal.is_band]


def shortfall(plot: Plot) -> list[Part]:
    """From the value of the settled year to the goal that it missed."""
    return [parts.shortfall(plot.milestones.settled, *plot.open_gap)] if plot.open_gap else []
