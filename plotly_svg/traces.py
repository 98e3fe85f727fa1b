"""Scatter traces: fills, lines, markers, texts."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from plotly_svg import text
from plotly_svg.figure import Pair, Spec, at, px
from plotly_svg.frame import Frame, listed
from plotly_svg.symbols import marker

_BLUE = "#1d4e89"
_SIGN = {"top": -1, "bottom": 1, "middle": 0, "left": -1, "right": 1, "center": 0}
_ANCHOR = {"left": "end", "right": "start", "center": "middle"}

Run = list[Pair]


def scatter(trace: Spec, frame: Frame, below: Sequence[Run], clip: str) -> tuple[str, list[Run]]:
    """The drawing and its runs of points; `below` are those of the trace before, for tonexty."""
    points = _points(trace, frame)
    mode = trace.get("mode") or "lines"
    runs = _runs(points, bool(trace.get("connectgaps")))
    line = trace.get("line") or {}
    shaped = [_stepped(run, line.get("shape") or "linear") for run in runs]
    cut = "" if trace.get("cliponaxis") is False else clip
    out = _fill(trace, shaped, frame, below, cut)
    if "lines" in mode:
        out += _stroke(line, shaped, cut)
    if "markers" in mode:
        out += _markers(trace, points)
    if "text" in mode:
        out += _texts(trace, points, frame, "markers" in mode)
    return out, shaped


def _points(trace: Spec, frame: Frame) -> list[Pair | None]:
    pairs = zip(listed(trace.get("x")), listed(trace.get("y")), strict=False)
    points: list[Pair | None] = []
    for x_value, y_value in pairs:
        x = None if x_value is None else frame.x.pixel(x_value)
        y = None if y_value is None else frame.y.pixel(y_value)
        points.append(None if x is None or y is None else (x, y))
    return points


def _runs(points: Sequence[Pair | None], connect: bool) -> list[Run]:
    """Pieces between gaps: a missing value is never bridged unless the figure says so."""
    runs: list[Run] = [[]]
    for point in points:
        if point is not None:
            runs[-1].append(point)
        elif runs[-1] and not connect:
            runs.append([])
    return [run for run in runs if run]


def _stepped(run: Run, shape: str) -> Run:
    if shape not in {"hv", "vh"}:
        return run
    out = run[:1]
    for (x0, y0), (x1, y1) in pairwise(run):
        out += [(x1, y0) if shape == "hv" else (x0, y1), (x1, y1)]
    return out


def path(points: Sequence[Pair], *, closed: bool = False) -> str:
    return "M" + "L".join(f"{px(x)} {px(y)}" for x, y in points) + ("Z" if closed else "")


def _fill(trace: Spec, runs: list[Run], frame: Frame, below: Sequence[Run], clip: str) -> str:
    kind = trace.get("fill") or "none"
    if kind == "none" or not runs:
        return ""
    whole = [point for run in runs for point in run]
    if kind == "tonexty":
        whole += [point for run in reversed(below) for point in reversed(run)]
    elif kind == "tozeroy":
        zero = frame.y.scale(max(min(0.0, frame.y.high), frame.y.low))
        whole += [(whole[-1][0], zero), (whole[0][0], zero)]
    color = escape(trace.get("fillcolor") or "#dde3ea")
    return f'<path d="{path(whole, closed=True)}" fill="{color}"{clip}/>'


def dash(style: str | None, width: float) -> str:
    """stroke-dasharray of plotly's names, or of a list such as 6px,4px."""
    unit = max(width, 3)
    named = {
        "dot": (1, 1),
        "dash": (3, 3),
        "longdash": (5, 5),
        "dashdot": (3, 1, 1, 1),
        "longdashdot": (5, 2, 1, 2),
    }
    if not style or style == "solid":
        return ""
    if style in named:
        lengths = [px(part * unit) for part in named[style]]
    else:
        lengths = [part.removesuffix("px") for part in style.replace(",", " ").split()]
    return f' stroke-dasharray="{escape(" ".join(lengths))}"'


def stroke(line: Spec, default: str = _BLUE) -> str:
    """Colour, width and dash of a line as attributes; empty if it has no width."""
    width = float(2 if line.get("width") is None else line["width"])
    if not width:
        return 'stroke="none"'
    color = escape(line.get("color") or default)
    return f'stroke="{color}" stroke-width="{width:g}"{dash(line.get("dash"), width)}'


def _stroke(line: Spec, runs: list[Run], clip: str) -> str:
    drawn = "".join(path(run) for run in runs if len(run) > 1)
    return f'<path d="{drawn}" fill="none" {stroke(line)}{clip}/>' if drawn else ""


def _markers(trace: Spec, points: Sequence[Pair | None]) -> str:
    spec = trace.get("marker") or {}
    line = spec.get("line") or {}
    default = (trace.get("line") or {}).get("color") or _BLUE
    out = []
    for index, point in enumerate(points):
        if point is None:
            continue
        fill = at(spec.get("color"), index, default)
        edge = (at(line.get("color"), index, fill), float(at(line.get("width"), index, 0)))
        size = float(at(spec.get("size"), index, 6))
        out.append(marker(at(spec.get("symbol"), index, "circle"), *point, size, fill, edge))
    return "".join(out)


def _texts(trace: Spec, points: Sequence[Pair | None], frame: Frame, with_marker: bool) -> str:
    sizes = (trace.get("marker") or {}).get("size")
    return "".join(
        _text(trace, index, point, words, frame, float(at(sizes, index, 6)) if with_marker else 0)
        for index, point, words in _labelled(trace, points)
    )


def _labelled(trace: Spec, points: Sequence[Pair | None]) -> Iterator[tuple[int, Pair, str]]:
    for index, point in enumerate(points):
        words = at(trace.get("text"), index, "")
        if point is not None and words:
            yield index, point, str(words)


def _text(
    trace: Spec, index: int, point: Pair, words: str, frame: Frame, marker_size: float
) -> str:
    """Beside its point, at the offsets that plotly.js uses."""
    font = {key: at(value, index) for key, value in (trace.get("textfont") or {}).items()}
    style = frame.style(font)
    upright, _, side = at(trace.get("textposition"), index, "middle center").partition(" ")
    reach = marker_size / 2 / 0.8 + 1 if marker_size else 0
    down = _SIGN[upright]
    height = (len(text.lines(words)) - 1) * text.LINE + 1
    size = style["size"]
    x = point[0] + _SIGN[side] * reach
    y = point[1] + size * 0.75 + down * reach + (down - 1) * height * size / 2
    return text.draw(words, x, y, style, anchor=_ANCHOR[side])
