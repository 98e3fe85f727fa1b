"""Assembles the figure of a trajectory from its layers, back to front, wide or for a phone."""

from common import charts
from common.charts import Part
from common.formats import zh_date
from targets.charts import layers, marks
from targets.charts.plot import HEIGHT, MARGIN, Plot
from targets.charts.text_labels import text_labels


def draw_trajectory(plot: Plot, *, wide: bool) -> Part:
    """The Plotly figure as plain data."""
    axis, bold_years = _years(plot, wide=wide)
    today, today_words = _today(plot, wide=wide)
    suffix = "%" if plot.terms.unit == "%" else ""
    return charts.figure(
        [
            *(plot.forecast.traces() if plot.forecast else ()),
            *layers.goal_lines(plot),
            *marks.direction_line(plot.detail),
            *layers.pending_goals(plot),
            *layers.quarterly(plot),
            *marks.crosses(plot.detail),
            *marks.other_basis(plot.terms),
            *marks.ring(plot.terms),
            *layers.actual(plot, wide=wide),
        ],
        height=HEIGHT[wide],
        margin=MARGIN[wide],
        xaxis=axis,
        yaxis=charts.axis(plot.span, grid=True, ticksuffix=suffix, showticksuffix="last"),
        shapes=[
            *layers.window(plot),
            *layers.band(plot),
            *marks.ticks(plot.detail),
            today,
            *layers.shortfall(plot),
        ],
        annotations=[today_words, *bold_years, *text_labels(plot, wide=wide)],
    )


def _years(plot: Plot, *, wide: bool) -> tuple[Part, list[Part]]:
    """The axis, and the names of the milestone years."""
    years = plot.years
    bold = [year for year in plot.milestones.years if year in years]
    return charts.year_axis(years[0], years[-1], bold=bold, named=None if wide else (years[0],))


def _today(plot: Plot, *, wide: bool) -> tuple[Part, Part]:
    day = plot.detail.judged.today
    word = "截至" if plot.detail.judged.is_past else "今天"
    return charts.today_line(charts.on_years(day), f"{word} {zh_date(day)}" if wide else word)
