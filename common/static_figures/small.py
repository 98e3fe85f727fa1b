"""Drawings of one line: bars and sparklines. Colours come from the stylesheet by class."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.static_figures.figure import px

BAR_KINDS = frozenset({"actual", "wait", "back", "grey", "green", "orange", "red"})
_WIDTH, _HEIGHT, _EDGE = 182, 34, 5


@dataclass(frozen=True)
class BarPart:
    """One piece of a stacked bar; `kind` is one of BAR_KINDS."""

    amount: Decimal | int
    kind: str = "actual"

    def __post_init__(self) -> None:
        if self.kind not in BAR_KINDS:
            raise ValueError(f"unknown kind of bar: {self.kind}")


def bar(parts: Sequence[BarPart], total: Decimal | int, label: str) -> SafeString:
    """Pieces side by side as shares of the total; what is left over stays pale.

    What was sent back is half as high: in grey its colour is that of what was approved.
    """
    pieces, start = [], Decimal(0)
    for part in parts:
        share = min(Decimal(part.amount) * 100 / total, 100 - start) if total else Decimal(0)
        if share > 0:
            top, height = (2, 4) if part.kind == "back" else (0, 8)
            pieces.append((part.kind, px(float(start)), px(float(share)), top, height))
            start += share
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img"'
        ' aria-label="{}"><rect class="back" width="100" height="8"/>{}</svg>',
        label,
        format_html_join("", '<rect class="p-{}" x="{}" width="{}" y="{}" height="{}"/>', pieces),
    )


@dataclass(frozen=True)
class Sparkline:
    """The last values of a series (None where one is missing), its goal line and allowed band."""

    values: tuple[Decimal | None, ...]
    goal: Decimal | None = None
    band: tuple[Decimal, Decimal] | None = None
    last_settled: bool = True
    label: str = "近几期走势"


def sparkline(series: Sparkline) -> SafeString:
    """A line with its last point marked; empty where there are fewer than two values."""
    known = [(i, v) for i, v in enumerate(series.values) if v is not None]
    if len(known) < 2:
        return SafeString('<div class="spark"></div>')
    goal = () if series.goal is None else (series.goal,)
    y = _Scale([value for _, value in known] + [*(series.band or ()), *goal])
    step = (_WIDTH - 12) / (len(series.values) - 1)
    points = [(px(4 + step * i), y(v)) for i, v in known]
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img"'
        ' aria-label="{}">{}{}<path class="line" d="M{}" vector-effect="non-scaling-stroke"/>'
        '<circle class="last{}" cx="{}" cy="{}" r="3.2"/></svg>',
        _WIDTH,
        _HEIGHT,
        series.label,
        _band(series.band, y) if series.band else "",
        _goal(series.goal, y) if series.goal is not None else "",
        "L".join(f"{x} {height}" for x, height in points),
        "" if series.last_settled else " hollow",
        *points[-1],
    )


class _Scale:
    """From values to pixels, top = greatest."""

    def __init__(self, values: Sequence[Decimal]) -> None:
        self.low, self.high = min(values), max(values)

    def pixel(self, value: Decimal) -> float:
        if self.high == self.low:
            return _HEIGHT / 2
        share = float((value - self.low) / (self.high - self.low))
        return _EDGE + (1 - share) * (_HEIGHT - 2 * _EDGE)

    def __call__(self, value: Decimal) -> str:
        return px(self.pixel(value))


def _band(band: tuple[Decimal, Decimal], y: _Scale) -> SafeString:
    low, high = band
    height = px(y.pixel(low) - y.pixel(high))
    return format_html(
        '<rect class="band" y="{}" width="{}" height="{}"/>', y(high), _WIDTH, height
    )


def _goal(goal: Decimal, y: _Scale) -> SafeString:
    return format_html(
        '<path class="goal" d="M0 {}H{}" vector-effect="non-scaling-stroke"/>', y(goal), _WIDTH
    )


def interval(low: Decimal, middle: Decimal, high: Decimal, label: str) -> SafeString:
    """A range with its middle on an axis from 80 to 120, whose 100 is the goal."""
    start, mark, end = (_on_axis(value) for value in (low, middle, high))
    far = ""
    if not _LOW <= middle <= _HIGH:
        far = format_html('<path class="far" d="{}"/>', _POINTERS[middle > _HIGH])
    return format_html(
        '<svg class="interval" viewBox="0 0 150 28" preserveAspectRatio="none" role="img"'
        ' aria-label="{}"><path class="base" d="M0 14H150"/>'
        '<rect class="range" x="{}" y="9.5" width="{}" height="9"/>'
        '<path class="mid" d="M{} 8v12"/><path class="goal" d="M75 0V28"/>{}</svg>',
        label, px(start), px(end - start), px(mark), far,
    )  # fmt: skip


_LOW, _HIGH = Decimal(80), Decimal(120)
_POINTERS = {True: "M144 10l5 4l-5 4z", False: "M6 10l-5 4l5 4z"}


def _on_axis(value: Decimal) -> float:
    """Its place in a drawing 150 wide, with room for a pointer at both ends."""
    kept = min(max(value, _LOW), _HIGH)
    return 8 + float((kept - _LOW) / (_HIGH - _LOW)) * 134
