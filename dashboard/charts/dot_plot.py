"""A dot for each target on one axis whose 100 is the goal, with its numbers in columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from common import charts
from common.charts import Palette, Part
from targets.charts.parts import LIGHT_COLORS, LIGHT_SYMBOLS
from targets.rules.levels import Level

LOW, HIGH, MET = Decimal(60), Decimal(120), Decimal(100)
ROW_HEIGHT, TOP, FOOT = 26, 30, 10
# Right edge of the two columns of numbers and left edge of the two of words, wide; in pixels.
NUMBERS, WORDS = (72, 142), (158, 262)
NARROW_NUMBERS = (52, 122)


@dataclass(frozen=True)
class Dot:
    """One row. `index` is the degree of completion, met = 100.

    A grey one is an open circle, provisional or not. `cells` are two numbers and two words as
    text; a phone shows the numbers alone.
    """

    code: str
    name: str
    index: Decimal
    level: str
    cells: tuple[str, str, str, str]
    is_hollow: bool = False


def dot_plot(rows: Sequence[Dot], heads: tuple[str, str, str, str], *, wide: bool) -> Part:
    """The rows from top to bottom; a place beyond the axis is drawn at its end."""
    names = {
        place: charts.safe_text(f"{row.code} {row.name}" if wide else row.code)
        for place, row in enumerate(rows)
    }
    return charts.figure(
        [_points(rows)],
        height=ROW_HEIGHT * len(rows) + TOP + FOOT,
        margin=(184, 318, TOP, FOOT) if wide else (40, 126, TOP, FOOT),
        xaxis=charts.axis(
            (LOW - 3, HIGH + 3),
            ticks={60: "60", 80: "80", 100: "目标＝100" if wide else "100", 120: "120"},
            side="top",
        ),
        yaxis=charts.axis((len(rows) - Decimal("0.5"), Decimal("-0.5")), ticks=names),
        shapes=[charts.upright(MET), *_stems(rows)],
        annotations=[*_heads(heads, wide=wide), *_cells(rows, wide=wide)],
    )


def inside(index: Decimal) -> Decimal:
    """A place on the axis."""
    return min(max(index, LOW), HIGH)


def _points(rows: Sequence[Dot]) -> Part:
    return charts.points(
        [inside(row.index) for row in rows],
        list(range(len(rows))),
        symbol=[LIGHT_SYMBOLS[row.level] for row in rows],
        color=[LIGHT_COLORS[row.level] for row in rows],
        hollow=[row.is_hollow and row.level != Level.GREY for row in rows],
        hover=[charts.safe_text(" ".join((row.code, row.name, *row.cells))) for row in rows],
    )


def _stems(rows: Sequence[Dot]) -> list[Part]:
    return [
        {
            "type": "line",
            "x0": MET,
            "x1": inside(row.index),
            "y0": place,
            "y1": place,
            "layer": "below",
            "line": {"color": LIGHT_COLORS[row.level], "width": 1.75},
        }
        for place, row in enumerate(rows)
        if inside(row.index) != MET
    ]


def _heads(heads: tuple[str, str, str, str], *, wide: bool) -> list[Part]:
    return [
        charts.label(1, 1, text, dx=dx, dy=-14, side=side, paper="xy")
        for text, dx, side in _columns(heads, wide=wide)
    ]


def _cells(rows: Sequence[Dot], *, wide: bool) -> list[Part]:
    return [
        charts.label(
            1,
            place,
            charts.safe_text(text),
            bold=column == 0,
            color=Palette.INK if column in {0, 2} else "",
            dx=dx,
            side=side,
            paper="x",
        )
        for place, row in enumerate(rows)
        for column, (text, dx, side) in enumerate(_columns(row.cells, wide=wide))
        if text
    ]


def _columns(texts: tuple[str, str, str, str], *, wide: bool) -> list[tuple[str, int, str]]:
    """Text, distance from the plot and the edge that stands there, of each column."""
    edges = NUMBERS if wide else NARROW_NUMBERS
    numbers = [(text, dx, "right") for text, dx in zip(texts[:2], edges, strict=True)]
    if not wide:
        return numbers
    return numbers + [(text, dx, "left") for text, dx in zip(texts[2:], WORDS, strict=True)]
