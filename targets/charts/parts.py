"""Pieces of charts that mean something of the plan: lights, data grades, milestones, values."""

from collections.abc import Mapping, Sequence

from common.charts import DASHED, DOTTED, Palette, Part, Value, line, points
from targets.rules.levels import Level

LIGHT_COLORS: Mapping[str, str] = {
    Level.GREEN: Palette.G,
    Level.ORANGE: Palette.O,
    Level.RED: Palette.R,
    Level.GREY: Palette.N,
}
LIGHT_SYMBOLS: Mapping[str, str] = {
    Level.GREEN: "circle",
    Level.ORANGE: "triangle-up",
    Level.RED: "square",
    Level.GREY: "circle-open",
}
GRADE_SYMBOLS = {
    "final": ("circle", True),
    "preliminary": ("circle", False),
    "department": ("diamond", True),
    "estimate": ("diamond", False),
}


def required_line(x: Sequence[Value], y: Sequence[Value]) -> Part:
    """The progress that the milestones ask for: dotted grey."""
    return line(x, y, color=Palette.S_REQ, width=1.75, dash=DOTTED, name="进度要求")


def forecast_line(x: Sequence[Value], y: Sequence[Value]) -> Part:
    """An extrapolation: dashed, paler."""
    return line(x, y, color=Palette.S_FORE, width=2, dash=DASHED, name="外推")


def actual_line(
    x: Sequence[Value], y: Sequence[Value], grades: Sequence[str], *,
    labels: Sequence[str] | None = None, position: str | Sequence[str] = "bottom right",
    hover: Sequence[str] | None = None,
) -> Part:  # fmt: skip
    """Measured values: shape = whose number, filled = settled; a missing value is a gap."""
    symbols = [GRADE_SYMBOLS[grade] for grade in grades]
    trace = line(x, y, name="实绩", hover=hover) | {
        "mode": "lines+markers+text" if labels else "lines+markers",
        "cliponaxis": False,
        "marker": {
            "symbol": [symbol for symbol, _ in symbols],
            "size": [8 if settled else 10 for _, settled in symbols],
            "opacity": 1,
            "color": [Palette.S_ACTUAL if settled else Palette.PAPER for _, settled in symbols],
            "line": {"color": Palette.S_ACTUAL, "width": 2},
        },
    }
    if labels:
        trace |= {
            "text": list(labels),
            "textposition": position,
            "textfont": {"color": Palette.S_ACTUAL, "size": 12, "weight": 700},
        }
    return trace


def milestones(
    x: Sequence[Value], y: Sequence[Value], *, hover: Sequence[str] | None = None
) -> Part:
    """Each milestone as a short bold level bar; arrow() shows the allowed side."""
    return points(x, y, symbol="line-ew", color=Palette.INK, size=13, hover=hover) | {
        "marker": {"symbol": "line-ew", "size": 13, "color": Palette.INK,
                   "line": {"color": Palette.INK, "width": 2.5}},
    }  # fmt: skip


def arrow(x: Value, y: Value, *, up: bool = True) -> Part:
    """From a milestone to its allowed side, 13 px; an annotation, because shapes are cut off."""
    reach = 13 if up else -13
    return {
        "x": x, "y": y, "text": "", "showarrow": True, "yshift": reach, "ax": 0, "ay": reach,
        "arrowhead": 4, "arrowsize": 1, "arrowwidth": 1.5, "arrowcolor": Palette.INK,
    }  # fmt: skip


def shortfall(x: Value, low: Value, high: Value) -> Part:
    """The gap between a milestone and the value, as an orange bar."""
    return {
        "type": "line", "x0": x, "x1": x, "y0": low, "y1": high,
        "line": {"color": Palette.O, "width": 2},
    }  # fmt: skip
