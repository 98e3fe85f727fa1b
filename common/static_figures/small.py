"""Drawings of one line: bars and sparklines. Colours come from the stylesheet by class."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

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
    """Pieces side by side as shares of the total; what is left over stays pale."""
    pieces, start = [], Decimal(0)
    for part in parts:
        share = min(Decimal(part.amount) * 100 / total, 100 - start) if total else Decimal(0)
        if share > 0:
            pieces.append((part.kind, f"{start:.1f}", f"{share:.1f}"))
            start += share
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img"'
        ' aria-label="{}"><rect class="back" width="100" height="8"/>{}</svg>',
        label,
        format_html_join(
            "", '<rect class="p-{}" x="{}" width="{}" height="8"/>', (p for p in pieces)
        ),
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
        return format_html('<div class="spark"></div>')
    y = _Scale([v for _, v in known] + [*(series.band or ())] + _present(series.goal))
    step = Decimal(_WIDTH - 12) / (len(series.values) - 1)
    points = [(4 + step * i, y(v)) for i, v in known]
    band, goal = series.band, series.goal
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img"'
        ' aria-label="{}">{}{}<path class="line" d="M{}" vector-effect="non-scaling-stroke"/>'
        '<circle class="last{}" cx="{:.1f}" cy="{:.1f}" r="3.2"/></svg>',
        _WIDTH,
        _HEIGHT,
        series.label,
        _band(y(band[1]), y(band[0])) if band else "",
        _goal(y(goal)) if goal is not None else "",
        "L".join(f"{px:.1f} {py:.1f}" for px, py in points),
        "" if series.last_settled else " hollow",
        *points[-1],
    )


def _present(value: Decimal | None) -> list[Decimal]:
    return [] if value is None else [value]


class _Scale:
    """From values to pixels, top = greatest."""

    def __init__(self, values: Sequence[Decimal]) -> None:
        self.low, self.high = min(values), max(values)

    def __call__(self, value: Decimal) -> Decimal:
        if self.high == self.low:
            return Decimal(_HEIGHT) / 2
        share = (value - self.low) / (self.high - self.low)
        return _EDGE + (1 - share) * (_HEIGHT - 2 * _EDGE)


def _band(top: Decimal, bottom: Decimal) -> SafeString:
    return format_html(
        '<rect class="band" y="{:.1f}" width="{}" height="{:.1f}"/>', top, _WIDTH, bottom - top
    )


def _goal(y: Decimal) -> SafeString:
    return format_html(
        '<path class="goal" d="M0 {:.1f}H{}" vector-effect="non-scaling-stroke"/>', y, _WIDTH
    )
