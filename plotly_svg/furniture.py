"""What stands around the traces: grid, axes, shapes, annotations."""

import math
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from plotly_svg import text
from plotly_svg.axes import Axis
from plotly_svg.figure import Pair, Spec, px
from plotly_svg.frame import Frame
from plotly_svg.traces import path, stroke

_TICK_PAD = 3
_LINE = "#c2cad3"
_GRID = "#eef1f4"
_PATH_TOKEN = re.compile(r"[MLHVZ]|-?\d+(?:\.\d+)?")


def grid(frame: Frame) -> str:
    out = []
    for axis, upright in ((frame.x, True), (frame.y, False)):
        if axis.spec.get("showgrid") is False or axis.spec.get("visible") is False:
            continue
        color = escape(axis.spec.get("gridcolor") or _GRID)
        for place, _ in axis.ticks():
            out.append(f'<path d="{_across(frame, place, upright)}" stroke="{color}"/>')
    return "".join(out)


def _across(frame: Frame, place: float, upright: bool) -> str:
    if upright:
        return f"M{px(place)} {px(frame.top)}V{px(frame.bottom)}"
    return f"M{px(frame.left)} {px(place)}H{px(frame.right)}"


def axes(frame: Frame) -> str:
    """Axis lines, ticks and tick texts; zero lines where the figure asks for them."""
    out = [_x_axis(frame), _y_axis(frame)]
    for axis, upright in ((frame.x, True), (frame.y, False)):
        low, high = sorted((axis.low, axis.high))
        if axis.spec.get("zeroline") and low < 0 < high:
            width = axis.spec.get("zerolinewidth") or 1
            color = escape(axis.spec.get("zerolinecolor") or _LINE)
            line = _across(frame, axis.scale(0), upright)
            out.append(f'<path d="{line}" stroke="{color}" stroke-width="{width}"/>')
    return "".join(out)


def _x_axis(frame: Frame) -> str:
    axis = frame.x
    if axis.spec.get("visible") is False:
        return ""
    upper = axis.spec.get("side") == "top"
    edge, way = (frame.top, -1) if upper else (frame.bottom, 1)
    length, out = _tick_length(axis), [_axis_line(axis, _across(frame, edge, upright=False))]
    style = frame.style(axis.spec.get("tickfont"))
    for place, words in axis.ticks():
        out.append(_tick(axis, f"M{px(place)} {px(edge)}v{px(way * length)}"))
        if axis.spec.get("showticklabels") is not False:
            rise = (
                -_standoff(axis) - length - (len(text.lines(words)) - 1) * style["size"] * text.LINE
            )
            y = edge + (rise if upper else length + _standoff(axis) + style["size"])
            out.append(text.draw(words, place, y, style, anchor="middle"))
    return "".join(out)


def _y_axis(frame: Frame) -> str:
    axis = frame.y
    if axis.spec.get("visible") is False:
        return ""
    right = axis.spec.get("side") == "right"
    edge, way = (frame.right, 1) if right else (frame.left, -1)
    length, out = _tick_length(axis), [_axis_line(axis, _across(frame, edge, upright=True))]
    style = frame.style(axis.spec.get("tickfont"))
    for place, words in axis.ticks():
        out.append(_tick(axis, f"M{px(edge)} {px(place)}h{px(way * length)}"))
        if axis.spec.get("showticklabels") is not False:
            first = place + style["size"] * (0.35 - (len(text.lines(words)) - 1) * text.LINE / 2)
            x = edge + way * (length + _standoff(axis))
            out.append(text.draw(words, x, first, style, anchor="start" if right else "end"))
    return "".join(out)


def _standoff(axis: Axis) -> float:
    """From the end of a tick to its text."""
    return _TICK_PAD + float(axis.spec.get("ticklabelstandoff") or 0)


def _tick_length(axis: Axis) -> float:
    if axis.spec.get("ticks") != "outside":
        return 0.0
    return float(5 if axis.spec.get("ticklen") is None else axis.spec["ticklen"])


def _tick(axis: Axis, drawn: str) -> str:
    if not _tick_length(axis):
        return ""
    return f'<path d="{drawn}" stroke="{escape(axis.spec.get("tickcolor") or _LINE)}"/>'


def _axis_line(axis: Axis, drawn: str) -> str:
    if not axis.spec.get("showline"):
        return ""
    width = axis.spec.get("linewidth") or 1
    color = escape(axis.spec.get("linecolor") or _LINE)
    return f'<path d="{drawn}" stroke="{color}" stroke-width="{width}"/>'


def shapes(frame: Frame, layout: Spec, *, below: bool) -> str:
    """Lines, rectangles and paths of one layer."""
    return "".join(
        _shape(frame, shape)
        for shape in layout.get("shapes") or ()
        if (shape.get("layer") == "below") is below and shape.get("visible") is not False
    )


def _shape(frame: Frame, shape: Spec) -> str:
    line = stroke(shape.get("line") or {}, "#444")
    kind = shape.get("type")
    if kind == "path":
        fill = escape(shape.get("fillcolor") or "none")
        return f'<path d="{_shape_path(frame, shape)}" fill="{fill}" {line}/>'
    (x0, x1), (y0, y1) = (
        [_shape_at(frame, shape, which, shape.get(f"{which}{end}")) for end in (0, 1)]
        for which in ("x", "y")
    )
    if kind == "line":
        return f'<path d="M{px(x0)} {px(y0)}L{px(x1)} {px(y1)}" {line}/>'
    fill = escape(shape.get("fillcolor") or "none")
    return (
        f'<rect x="{px(min(x0, x1))}" y="{px(min(y0, y1))}" width="{px(abs(x1 - x0))}"'
        f' height="{px(abs(y1 - y0))}" fill="{fill}" {line}/>'
    )


def _shape_at(frame: Frame, shape: Spec, which: str, value: Any) -> float:
    """A coordinate of a shape: in data or paper, or pixels from an anchor (up is positive)."""
    ref = shape.get(f"{which}ref")
    if shape.get(f"{which}sizemode") != "pixel":
        return frame.along(which, ref, value)
    anchor = frame.along(which, ref, shape.get(f"{which}anchor"))
    return anchor + float(value) * (1 if which == "x" else -1)


def _shape_path(frame: Frame, shape: Spec) -> str:
    """Absolute M, L, H, V and Z, which is what our figures use of plotly's paths."""
    out: list[str] = []
    tokens = iter(_PATH_TOKEN.findall(shape["path"]))
    for token in tokens:
        out.append(token)
        which = {"M": "xy", "L": "xy", "H": "x", "V": "y", "Z": ""}[token]
        places = (_shape_at(frame, shape, axis, next(tokens)) for axis in which)
        out.append(" ".join(px(place) for place in places))
    return "".join(out)


def annotations(frame: Frame, layout: Spec) -> Iterator[str]:
    for note in layout.get("annotations") or ():
        if note.get("visible") is not False:
            yield _annotation(frame, note)


def _arrow(note: Spec, tail: Pair, tip: Pair, color: str) -> str:
    """A line with an open head at its tip."""
    width = note.get("arrowwidth") or 1
    length = math.dist(tail, tip)
    head = ""
    if length and note.get("arrowhead") != 0:
        size = 3 * width * (note.get("arrowsize") or 1)
        ux, uy = (tail[0] - tip[0]) / length * size, (tail[1] - tip[1]) / length * size
        ends = [(tip[0] + ux - uy, tip[1] + uy + ux), tip, (tip[0] + ux + uy, tip[1] + uy - ux)]
        head = path(ends)
    drawn = path([tail, tip]) + head
    return f'<path d="{drawn}" fill="none" stroke="{color}" stroke-width="{width}"/>'


def _annotation(frame: Frame, note: Spec) -> str:
    x = frame.along("x", note.get("xref"), note.get("x")) + (note.get("xshift") or 0)
    y = frame.along("y", note.get("yref"), note.get("y")) - (note.get("yshift") or 0)
    words = str(note.get("text") or "")
    style = frame.style(note.get("font"))
    arrow = ""
    if note.get("showarrow") is not False:
        tail = x + (note.get("ax") or 0), y + (note.get("ay") or 0)
        arrow = _arrow(note, tail, (x, y), escape(note.get("arrowcolor") or style["color"]))
        x, y = tail
    if not words:
        return arrow
    height = len(text.lines(words)) * style["size"] * text.LINE
    top = y - height * {"top": 0, "bottom": 1}.get(note.get("yanchor") or "middle", 0.5)
    anchor = {"left": "start", "right": "end"}.get(note.get("xanchor") or "center", "middle")
    return arrow + text.draw(words, x, top + style["size"] * 1.02, style, anchor=anchor)
