"""What is drawn on the rows of the overview, gathered by style, so that a style is one trace."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from common import charts
from common.charts import Palette, Part
from dashboard.charts.axis import Axis, Number, Size
from targets import rules
from targets.charts import parts


class BarStyle(StrEnum):
    """Bars of a style, in the order in which they lie on each other."""

    TINT = "tint"
    CORRIDOR = "corridor"
    NOTHING = "nothing"
    DONE = "done"
    QUARTER = "quarter"
    LACKING = "lacking"
    OUTLOOK = "outlook"


class LineStyle(StrEnum):
    """Lines of a style."""

    WAY = "way"
    UNKNOWN = "unknown"
    LIMIT = "limit"
    SERIES = "series"


@dataclass
class MarkerTrace:
    """Markers of one trace; each has a symbol, a size, a fill and an edge of its own."""

    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    symbols: list[str] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)
    fills: list[str] = field(default_factory=list)
    edges: list[str] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)

    def trace(self) -> Part:
        return {
            "type": "scatter", "mode": "markers", "x": self.x, "y": self.y, "hoverinfo": "skip",
            "cliponaxis": False,
            "marker": {
                "symbol": self.symbols, "size": self.sizes, "color": self.fills, "opacity": 1,
                "line": {"color": self.edges, "width": self.widths},
            },
        }  # fmt: skip


@dataclass
class TextTrace:
    """Texts of one weight."""

    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    sides: list[str] = field(default_factory=list)

    def trace(self, size: int, *, is_strong: bool) -> Part:
        ink = Palette.INK if is_strong else Palette.INK_2
        font = {"size": size, "color": ink, "weight": 700 if is_strong else 400, "shadow": HALO}
        return {
            "type": "scatter", "mode": "text", "x": self.x, "y": self.y, "text": self.texts,
            "textposition": self.sides, "textfont": font, "hoverinfo": "skip", "cliponaxis": False,
        }  # fmt: skip


HALO = ",".join(["0 0 2px #fff"] * 4)
"""Keeps words readable over lines."""


class RowCanvas:
    """A drawing of rows; `y` counts in pixels from the top of the plot."""

    def __init__(self, axis: Axis) -> None:
        self.axis, self.size = axis, axis.size
        self._bars: dict[BarStyle, list[tuple[float, float, float, float, str]]] = defaultdict(list)
        self._lines: dict[LineStyle, tuple[list[float | None], list[float | None]]] = defaultdict(
            lambda: ([], [])
        )
        self._below, self._above = MarkerTrace(), MarkerTrace()
        self._words = {is_strong: TextTrace() for is_strong in (False, True)}

    def bar(
        self, style: BarStyle, start: Number, end: Number, y: float, *,
        height: float | None = None, color: str = "",
    ) -> None:  # fmt: skip
        first, last = self.axis.inside(start), self.axis.inside(end)
        if last > first:
            self._bars[style].append((first, last, y, height or self.size.bar, color))

    def line(self, style: LineStyle, points: Sequence[tuple[Number, float]]) -> None:
        """A line through points; the next one of the style is not joined to it."""
        xs, ys = self._lines[style]
        if xs:
            xs.append(None)
            ys.append(None)
        xs.extend(self.axis.inside(year) for year, _ in points)
        ys.extend(round(y, 1) for _, y in points)

    def tick(self, year: Number, y: float, *, height: float, is_thin: bool = False) -> None:
        """An upright stroke: a goal, or thin a beginning or a middle."""
        ink, width = (Palette.EDGE, 1.25) if is_thin else (Palette.INK, 3 * self.size.font / 12)
        self._add(self._below, year, y, "line-ns", height / 1.4, ink, ink, width)

    def box(self, year: Number, y: float) -> None:
        """The empty box of a goal that has not been sent down."""
        self._add(
            self._below, year, y, "square", self.size.mark, Palette.PAPER, Palette.INK_2, 1.25
        )

    def value(self, year: Number, y: float, grade: rules.Grade, *, is_open: bool = False) -> None:
        """A value: shape = whose number, filled = settled."""
        symbol, is_settled = parts.GRADE_SYMBOLS[grade]
        ink = self.size.actual
        fill = ink if is_settled and not is_open else Palette.PAPER
        edge, width = (Palette.PAPER, 1.0) if fill == ink else (ink, 1.75)
        self._add(self._above, year, y, symbol, self.size.mark, fill, edge, width)

    def missed(self, year: Number, y: float, color: str) -> None:
        """A value that does not keep its limit."""
        self._add(self._above, year, y, "square", self.size.mark, color, Palette.PAPER, 1)

    def cross(self, year: Number, y: float) -> None:
        """A value that cannot be compared with those before."""
        self._add(
            self._above, year, y, "x-thin", self.size.mark, Palette.INK_2, Palette.INK_2, 1.75
        )

    def write(
        self, px: float, y: float, words: str, *, side: str = "right", is_strong: bool = False
    ) -> None:
        """Words right of a place in pixels, left of it or centred on it."""
        if not (words and self.size.has_words):
            return
        kept = self._words[is_strong]
        kept.x.append(self.axis.year(px))
        kept.y.append(round(y, 1))
        kept.texts.append(charts.safe_text(words))
        kept.sides.append(f"middle {side}")

    def width(self, words: str) -> float:
        """About as many pixels as the words take."""
        return sum(map(_share, words)) * self.size.font

    def traces(self) -> list[Part]:
        """At most 15, however many rows there are: bars, lines, marks and words."""
        found = [self._bar_trace(style) for style in BarStyle if self._bars[style]]
        found += [self._line_trace(style) for style in LineStyle if self._lines[style][0]]
        found += [marks.trace() for marks in (self._below, self._above) if marks.x]
        return [*found, *self._word_traces()]

    def _word_traces(self) -> Iterator[Part]:
        for is_strong, words in self._words.items():
            if words.x:
                yield words.trace(self.size.font, is_strong=is_strong)

    def _bar_trace(self, style: BarStyle) -> Part:
        rows = self._bars[style]
        return {
            "type": "bar", "orientation": "h", "hoverinfo": "skip",
            "x": [round(last - first, 4) for first, last, *_ in rows],
            "base": [round(first, 4) for first, *_ in rows],
            "y": [round(y, 2) for _, _, y, *_ in rows],
            "width": [height for *_, height, _ in rows],
            "marker": _fill(style, self.size, [color for *_, color in rows]),
        }  # fmt: skip

    def _line_trace(self, style: LineStyle) -> Part:
        color, width, dash = {
            LineStyle.WAY: (Palette.LINE_2, 1.0, "solid"),
            LineStyle.UNKNOWN: (Palette.EDGE, 1.0, "1.5px,3px"),
            LineStyle.LIMIT: (Palette.INK, 1.25, "solid"),
            LineStyle.SERIES: (self.size.actual, 1.75, "solid"),
        }[style]
        xs, ys = self._lines[style]
        return charts.line(xs, ys, color=color, width=width, dash=dash) | {"cliponaxis": False}

    def _add(
        self, marks: MarkerTrace, year: Number, y: float, symbol: str, size: float, fill: str,
        edge: str, width: float,
    ) -> None:  # fmt: skip
        marks.x.append(round(self.axis.inside(year), 4))
        marks.y.append(round(y, 2))
        marks.symbols.append(symbol)
        marks.sizes.append(size)
        marks.fills.append(fill)
        marks.edges.append(edge)
        marks.widths.append(width)


def _share(sign: str) -> float:
    """Of a sign, how many times as wide as high it is."""
    return 1.0 if ord(sign) > 0x2E7F else 0.8 if sign in "≥≤%" else 0.58


def _fill(style: BarStyle, size: Size, colors: list[str]) -> Part:
    plain = {
        BarStyle.TINT: (Palette.S_GRID, ""),
        BarStyle.CORRIDOR: (Palette.S_GRID, Palette.LINE_2),
        BarStyle.DONE: (size.actual, ""),
        BarStyle.QUARTER: (size.wait, ""),
        BarStyle.OUTLOOK: (Palette.S_BAND, Palette.S_BAND_EDGE),
    }
    if style in plain:
        color, edge = plain[style]
        return {"color": color, "line": {"color": edge or color, "width": 1 if edge else 0}}
    if style == BarStyle.NOTHING:
        return _hatched(Palette.EDGE, step=4, share=0.2)
    return _hatched(colors, step=4, share=0.4) | {"line": {"color": colors, "width": 1}}


def _hatched(color: str | list[str], *, step: int, share: float) -> Part:
    pattern = {"shape": "/", "fgcolor": color, "bgcolor": Palette.PAPER, "size": step}
    return {"color": Palette.PAPER, "pattern": pattern | {"solidity": share}}
