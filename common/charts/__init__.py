"""Charts: one dictionary of a Plotly figure, drawn by plotly.js and by plotly_svg.

An app's charts.py puts the pieces together with `figure()` and hands a `Chart` to
components/chart.html.
"""

from common.charts.figures import NARROW, WIDE, Chart, ChartTable, chart_json, figure, height_of
from common.charts.parts import (
    DASHED,
    DOTTED,
    Palette,
    Part,
    Value,
    axis,
    band,
    bars,
    label,
    level,
    line,
    on_years,
    points,
    safe_text,
    today_line,
    upright,
    year_axis,
    zone,
)

__all__ = [
    "DASHED",
    "DOTTED",
    "NARROW",
    "WIDE",
    "Chart",
    "ChartTable",
    "Palette",
    "Part",
    "Value",
    "axis",
    "band",
    "bars",
    "chart_json",
    "figure",
    "height_of",
    "label",
    "level",
    "line",
    "on_years",
    "points",
    "safe_text",
    "today_line",
    "upright",
    "year_axis",
    "zone",
]
