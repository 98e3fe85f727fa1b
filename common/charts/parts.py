"""Pieces of charts in the look's colours: traces, shapes, annotations, axes as plain data.

common.charts hands them on; here nothing of plotly is imported.
"""

import datetime
from calendar import isleap
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from plotly_svg.axes import nice_step

Part = dict[str, Any]
Value = Decimal | float | int | str | datetime.date | None


class Palette:
    """The colours of static/css/tokens.css that charts use; a test compares the two."""

    INK = "#16212c"
    INK_2 = "#46525e"
    LINE = "#e1e5ea"
    LINE_2 = "#c2cad3"
    PAPER = "#fff"
    WASH_2 = "#eaeef2"
    S_ACTUAL = "#1d4e89"
    S_FORE = "#4a7fb5"
    S_REQ = "#6b7280"
    S_BAND = "#dde3ea"
    S_BAND_EDGE = "#7a828e"
    S_GRID = "#eef1f4"
    S_WAIT = "#9db9d9"
    EDGE = "#7d8894"
    G = "#15936b"
    O = "#d9730d"  # noqa: E741
    O_T = "#7a3e00"
    R = "#b3122b"
    N = "#4b5563"


DOTTED, DASHED = "1.5px,4px", "6px,4px"


def axis(
    span: tuple[Value, Value] | None = None, *, ticks: Mapping[Any, str] | None = None,
    line: bool = False, grid: bool = False, **more: Any,
) -> Part:  # fmt: skip
    """An axis: range, ticks as value → text (else even ones), a line, a grid."""
    spec: Part = {
        "automargin": False, "zeroline": False, "fixedrange": False,
        "showgrid": grid, "gridcolor": Palette.S_GRID,
        "showline": line, "linecolor": Palette.LINE_2,
        "ticks": "outside" if line else "", "ticklen": 4, "tickcolor": Palette.LINE_2,
        "tickangle": 0, "ticklabelstandoff": 0 if line else 4,
    }  # fmt: skip
    if span is not None:
        spec["range"] = list(span)
    numbers = [value for value in span or () if isinstance(value, Decimal | float | int)]
    if ticks is None and len(numbers) == 2:
        spec |= {"tickmode": "linear", "tick0": 0, "dtick": nice_step(*map(float, numbers))}
    elif ticks is not None:
        spec |= {"tickmode": "array", "tickvals": list(ticks), "ticktext": list(ticks.values())}
    return spec | more


def line(
    x: Sequence[Value], y: Sequence[Value], *, color: str = Palette.S_ACTUAL, width: float = 2.5,
    dash: str = "solid", name: str = "", hover: Sequence[str] | None = None,
) -> Part:  # fmt: skip
    """A line without markers; a missing value (None) is a gap."""
    return {
        "type": "scatter", "mode": "lines", "x": list(x), "y": list(y), "name": name,
        "line": {"color": color, "width": width, "dash": dash}, **_hover(hover),
    }  # fmt: skip


def band(
    x: Sequence[Value], low: Sequence[Value], high: Sequence[Value], *, edge: bool = True
) -> Part:
    """An interval as a grey band with a thin edge."""
    return {
        "type": "scatter", "mode": "lines", "fill": "toself", "fillcolor": Palette.S_BAND,
        "x": [*x, *reversed(x)], "y": [*high, *reversed(low)], "hoverinfo": "skip",
        "line": {"color": Palette.S_BAND_EDGE, "width": 1 if edge else 0},
    }  # fmt: skip


def points(
    x: Sequence[Value], y: Sequence[Value], *, symbol: str | Sequence[str] = "circle",
    color: str | Sequence[str] = Palette.S_ACTUAL, hollow: Sequence[bool] | None = None,
    size: int = 9, hover: Sequence[str] | None = None,
) -> Part:  # fmt: skip
    """Markers alone; hollow ones keep their colour as the edge."""
    colors = [color] * len(x) if isinstance(color, str) else list(color)
    open_ = hollow or [False] * len(x)
    fills = [Palette.PAPER if h else c for c, h in zip(colors, open_, strict=True)]
    return {
        "type": "scatter", "mode": "markers", "x": list(x), "y": list(y), "cliponaxis": False,
        "marker": {"symbol": symbol, "size": size, "opacity": 1, "color": fills,
                   "line": {"color": colors, "width": 1.75}},
        **_hover(hover),
    }  # fmt: skip


def bars(
    places: Sequence[Value], lengths: Sequence[Value], *, color: str | Sequence[str] = "",
    lying: bool = True, base: Sequence[Value] | None = None, width: float = 0.5, edge: str = "",
    labels: Sequence[str] | None = None, hover: Sequence[str] | None = None, name: str = "",
) -> Part:  # fmt: skip
    """Bars along the places (lying by default); `edge` draws an outline."""
    x, y = (lengths, places) if lying else (places, lengths)
    trace: Part = {
        "type": "bar", "orientation": "h" if lying else "v", "x": list(x), "y": list(y),
        "width": width, "name": name, "cliponaxis": False,
        "marker": {"color": color or Palette.S_ACTUAL,
                   "line": {"color": edge or Palette.S_ACTUAL, "width": 1 if edge else 0}},
        **_hover(hover),
    }  # fmt: skip
    if base is not None:
        trace["base"] = list(base)
    if labels is not None:
        trace |= {"text": list(labels), "textposition": "outside",
                  "textfont": {"color": Palette.INK, "size": 12}}  # fmt: skip
    return trace


def upright(x: Value, *, color: str = Palette.INK, width: float = 1, dash: str = "solid") -> Part:
    """A line of the full height: today, or a reference."""
    return {
        "type": "line", "xref": "x", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1,
        "line": {"color": color, "width": width, "dash": dash},
    }  # fmt: skip


def level(y: Value, *, color: str = Palette.S_REQ, width: float = 1.75, dash: str = DOTTED) -> Part:
    """A line of the full width: a limit."""
    return {
        "type": "line", "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "y0": y, "y1": y,
        "line": {"color": color, "width": width, "dash": dash},
    }  # fmt: skip


def zone(low: Value, high: Value) -> Part:
    """A range of values, for example a tolerance, over the full width behind the lines."""
    return {
        "type": "rect", "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "y0": low, "y1": high,
        "fillcolor": Palette.S_BAND, "layer": "below", "line": {"width": 0},
    }  # fmt: skip


def label(
    x: Value, y: Value, text: str, *, bold: bool = False, color: str = "", dx: float = 0,
    dy: float = 0, side: str = "left", upright: str = "middle", paper: str = "",
) -> Part:  # fmt: skip
    """Text beside a point: dx and dy in pixels (down is positive), side = which edge is at x.

    `paper` names the axes ("x", "y", "xy") on which the place is a share of the plot area.
    """
    ink = color or (Palette.INK if bold else Palette.INK_2)
    return {
        "x": x, "y": y, "xref": "paper" if "x" in paper else "x",
        "yref": "paper" if "y" in paper else "y", "text": text,
        "showarrow": False, "xanchor": side, "yanchor": upright, "xshift": dx, "yshift": -dy,
        "font": {"size": 12, "color": ink, "weight": 700 if bold else 400},
        "align": side, "borderpad": 0, "borderwidth": 0,
    }  # fmt: skip


def year_axis(
    first: int, last: int, *, bold: Sequence[int] = (), named: Sequence[int] | None = None
) -> tuple[Part, list[Part]]:
    """An axis of years, and the annotations that name the bold ones; `named` thins the others."""
    shown = range(first, last + 1) if named is None else named
    ticks = {
        year: str(year) if year in shown and year not in bold else ""
        for year in range(first, last + 1)
    }
    marks = [
        label(year, 0, str(year), bold=True, dy=7, side="center", upright="top", paper="y")
        for year in bold
    ]
    return axis((first, last), ticks=ticks, line=True), marks


def today_line(x: Value, text: str) -> tuple[Part, Part]:
    """Today's line of the full height, and its text at the foot."""
    return upright(x), label(x, 0, text, bold=True, dx=6, dy=-10, paper="y")


def on_years(day: datetime.date) -> float:
    """Place of the end of a day on an axis of years whose ticks stand for the end of each year."""
    return day.year - 1 + day.timetuple().tm_yday / (366 if isleap(day.year) else 365)


def safe_text(text: str) -> str:
    """A name from the data inside a chart's text, where plotly reads tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _hover(texts: Sequence[str] | None) -> Part:
    if texts is None:
        return {"hoverinfo": "skip"}
    return {"customdata": list(texts), "hovertemplate": "%{customdata}<extra></extra>"}
