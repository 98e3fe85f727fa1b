"""Marker symbols with the proportions of plotly.js."""

import math
from collections.abc import Callable
from html import escape

from plotly_svg.figure import px

_SQRT3 = math.sqrt(3)
_STROKED = frozenset({"line-ew", "line-ns", "cross-thin", "x-thin"})


def marker(symbol: str, x: float, y: float, size: float, fill: str, edge: tuple[str, float]) -> str:
    """One marker; edge is colour and width of its outline."""
    base = symbol.removesuffix("-open").removesuffix("-dot")
    edge_color, edge_width = edge
    if base in _STROKED:
        paint = f'fill="none" stroke="{escape(edge_color)}" stroke-width="{px(edge_width)}"'
    elif symbol.endswith("-open"):
        paint = f'fill="none" stroke="{escape(fill)}" stroke-width="{px(edge_width or 1)}"'
    elif edge_width:
        paint = (
            f'fill="{escape(fill)}" stroke="{escape(edge_color)}" stroke-width="{px(edge_width)}"'
        )
    else:
        paint = f'fill="{escape(fill)}"'
    if base == "circle":
        return f'<circle cx="{px(x)}" cy="{px(y)}" r="{px(size / 2)}" {paint}/>'
    return f'<path d="{_outline(base, x, y, size / 2)}" {paint}/>'


def _outline(symbol: str, x: float, y: float, r: float) -> str:
    strokes = _SHAPES[symbol](r)
    return "".join(
        "M"
        + "L".join(f"{px(x + dx)} {px(y + dy)}" for dx, dy in stroke)
        + ("" if symbol in _STROKED else "Z")
        for stroke in strokes
    )


Stroke = list[tuple[float, float]]


def _square(r: float) -> list[Stroke]:
    return [[(r, r), (-r, r), (-r, -r), (r, -r)]]


def _diamond(r: float) -> list[Stroke]:
    d = r * 1.3
    return [[(d, 0), (0, d), (-d, 0), (0, -d)]]


def _triangle(r: float, up: int) -> list[Stroke]:
    d = r * 2 / _SQRT3
    return [[(-d, up * r / 2), (d, up * r / 2), (0, -up * r)]]


def _cross(r: float) -> list[Stroke]:
    a, b = 0.4 * r, 1.2 * r
    return [[(b, a), (a, a), (a, b), (-a, b), (-a, a), (-b, a),
             (-b, -a), (-a, -a), (-a, -b), (a, -b), (a, -a), (b, -a)]]  # fmt: skip


def _turned(strokes: list[Stroke]) -> list[Stroke]:
    c = math.sqrt(0.5)
    return [[(c * (x - y), c * (x + y)) for x, y in stroke] for stroke in strokes]


def _arrow(r: float, up: int) -> list[Stroke]:
    return [[(0, 0), (-r, up * 2 * r), (r, up * 2 * r)]]


_SHAPES: dict[str, Callable[[float], list[Stroke]]] = {
    "square": _square,
    "diamond": _diamond,
    "triangle-up": lambda r: _triangle(r, 1),
    "triangle-down": lambda r: _triangle(r, -1),
    "cross": _cross,
    "x": lambda r: _turned(_cross(r)),
    "x-thin": lambda r: [[(r, r), (-r, -r)], [(r, -r), (-r, r)]],
    "cross-thin": lambda r: [[(0, r * 1.4), (0, -r * 1.4)], [(r * 1.4, 0), (-r * 1.4, 0)]],
    "line-ew": lambda r: [[(r * 1.4, 0), (-r * 1.4, 0)]],
    "line-ns": lambda r: [[(0, r * 1.4), (0, -r * 1.4)]],
    "arrow-up": lambda r: _arrow(r, 1),
    "arrow-down": lambda r: _arrow(r, -1),
}
