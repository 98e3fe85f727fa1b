"""The plot area of a figure: its box, its two axes, its fonts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from plotly_svg import axes
from plotly_svg.axes import Axis
from plotly_svg.figure import Spec, as_float, at, is_list
from plotly_svg.text import size_of

_MARGIN = {"l": 80, "r": 80, "t": 100, "b": 80}
_INK = "#444"


@dataclass(frozen=True)
class Frame:
    """Where things lie: left, top, right, bottom of the plot area in pixels."""

    left: float
    top: float
    right: float
    bottom: float
    x: Axis
    y: Axis
    font: Spec

    def style(self, *fonts: Spec | None) -> dict[str, Any]:
        """Size, colour and weight of a text: the first font that says it, else the figure's."""
        known = [font for font in fonts if font]
        chosen: dict[str, Any] = {"color": self.font.get("color") or _INK}
        for font in reversed(known):
            chosen |= {key: value for key, value in font.items() if value is not None}
        chosen["size"] = size_of(chosen, self.font)
        return chosen

    def along(self, which: str, ref: str | None, value: Any) -> float:
        """Pixel of a shape's or annotation's coordinate in its reference (data or paper)."""
        axis = self.x if which == "x" else self.y
        if ref == "paper" or (ref or "").endswith("domain"):
            share = as_float(value) or 0.0
            return axis.start + share * (axis.end - axis.start)
        place = axis.pixel(value)
        if place is None:  # a category axis also takes plain positions
            place = axis.scale(as_float(value) or 0.0)
        return place


def build(traces: Sequence[Spec], layout: Spec, width: float, height: float) -> Frame:
    """The plot area of plotly: the picture less its margins."""
    margin = _MARGIN | {k: v for k, v in (layout.get("margin") or {}).items() if v is not None}
    left, right = margin["l"], width - margin["r"]
    top, bottom = margin["t"], height - margin["b"]
    bars = [trace for trace in traces if trace["type"] == "bar"]
    sideways = any(trace.get("orientation") == "h" for trace in bars)
    x = axes.build(
        layout.get("xaxis") or {}, _values(traces, layout, "x"), (left, right),
        from_zero=bool(bars) and sideways,
    )  # fmt: skip
    y = axes.build(
        layout.get("yaxis") or {}, _values(traces, layout, "y"), (bottom, top),
        from_zero=bool(bars) and not sideways,
    )  # fmt: skip
    return Frame(left, top, right, bottom, x, y, layout.get("font") or {})


def _values(traces: Sequence[Spec], layout: Spec, which: str) -> Iterator[Any]:
    """All that lies along an axis; stacked bars count with their sum."""
    sums: dict[Any, float] = {}
    unit = length_unit(layout.get(f"{which}axis") or {})
    for trace in traces:
        listed = trace.get(which) or ()
        yield from listed
        lengths = "x" if trace.get("orientation") == "h" else "y"
        if trace["type"] == "bar" and which == lengths:
            yield from _ends(trace, which, sums, unit)


def _ends(trace: Spec, which: str, sums: dict[Any, float], unit: float) -> Iterator[float]:
    places = trace.get("y" if which == "x" else "x") or ()
    for index, (place, value) in enumerate(zip(places, trace.get(which) or (), strict=False)):
        length = (as_float(value) or 0.0) * unit
        base = at(trace.get("base"), index)
        if base is None:
            sums[place] = sums.get(place, 0.0) + length
            yield sums[place]
        else:
            start = as_float(base) or 0.0
            yield start
            yield start + length


def length_unit(axis: Spec) -> float:
    """Lengths of bars on an axis of dates are milliseconds; here a day is 1."""
    return 1 / 86_400_000 if axis.get("type") == "date" else 1.0


def listed(value: Any) -> Sequence[Any]:
    return value if is_list(value) else ()
