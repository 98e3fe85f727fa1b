"""Small charts in the forms."""

from decimal import Decimal

from django.utils.safestring import SafeString

import plotly_svg
from common.charts import Palette, Part, axis, figure, label, line, points
from common.formats import number
from reporting.answers.selectors.reference_target import TargetTrend
from targets.charts.parts import required_line

_WIDTH, _HEIGHT = 324, 122


def trend_picture(trend: TargetTrend, name: str) -> SafeString:
    """The last periods of a target as one line; the typed value is a hollow point at its end.

    Values in the target's unit; the axis does not start at 0.
    """
    label_of = f"{name}：{finding(trend)}"
    return SafeString(plotly_svg.svg(trend_figure(trend), _WIDTH, _HEIGHT, label=label_of))


def finding(trend: TargetTrend) -> str:
    """由2024Q4的74.80%到2026Q3的78.60%（未审核）."""
    known = [(p, v) for p, v in zip(trend.periods, trend.values, strict=True) if v is not None]
    ends = [known[0]] if known else []
    ends += [(trend.periods[-1], trend.own)] if trend.own is not None else known[-1:]
    words = [f"{period.code}的{_number(trend, value)}{trend.unit}" for period, value in ends]
    tail = "（未审核）" if trend.own is not None else ""
    return f"由{words[0]}到{words[-1]}{tail}" if len(words) > 1 else words[0]


def trend_figure(trend: TargetTrend) -> Part:
    """The trend as a figure."""
    places = list(range(len(trend.periods)))
    end = places[-1]
    shown = [value for value in (*trend.values, *trend.required, trend.own) if value is not None]
    low, high = min(shown), max(shown)
    room = (high - low) * Decimal("0.18") or Decimal(1)
    ticks = {n: trend.periods[n].short_label for n in (0, len(places) // 2, end)}
    known = [n for n in places if trend.values[n] is not None]
    traces = [
        required_line(places, trend.required),
        line(known, [trend.values[n] for n in known]),
        points(known, [trend.values[n] for n in known], size=7),
    ]
    if trend.own is not None:
        if known:
            link = [trend.values[known[-1]], trend.own]
            traces.append(line([known[-1], end], link, width=1.5, dash="3px,3px"))
        traces.append(points([end], [trend.own], hollow=[True], size=10))
    return figure(
        traces,
        height=_HEIGHT,
        xaxis=axis((-0.2, end + 0.2), ticks=ticks, line=True),
        yaxis=axis((low - room, high + room), ticks={}),
        margin=(4, 62, 8, 22),
        annotations=_labels(trend, known, end),
    )


def _labels(trend: TargetTrend, known: list[int], end: int) -> list[Part]:
    """Labels of the first and last value, and of the requirement at the line's end."""
    found = []
    if known and (first := trend.values[known[0]]) is not None:
        found.append(label(known[0], first, _number(trend, first), dy=_above(trend, known)))
    if len(known) > 1 and known[-1] != end and (latest := trend.values[known[-1]]) is not None:
        found.append(label(known[-1], latest, _number(trend, latest), dx=3, dy=-13, side="right"))
    last = trend.own if trend.own is not None else trend.values[end]
    if last is not None:
        found.append(
            label(end, last, _number(trend, last), bold=True, color=Palette.S_ACTUAL, dx=9)
        )
    need = trend.required[-1]
    if need is not None:
        found.append(label(end, need, f"要求{need.normalize():f}", dx=9, dy=_aside(trend, last)))
    return found


def _above(trend: TargetTrend, known: list[int]) -> int:
    """Distance of the first label above its point: a rising line would cross it."""
    first, then = (trend.values[known[0]], trend.values[known[min(1, len(known) - 1)]])
    return -20 if first is not None and then is not None and then > first else -13


def _aside(trend: TargetTrend, last: Decimal | None) -> int:
    """Distance by which the requirement's label avoids that of the value."""
    need = trend.required[-1]
    shown = [value for value in (*trend.values, *trend.required, last) if value is not None]
    span = max(shown) - min(shown)
    if need is None or last is None or (span and abs(need - last) / span > Decimal("0.2")):
        return 0
    return 14 if need <= last else -14


def _number(trend: TargetTrend, value: Decimal | None) -> str:
    return number(value, trend.decimals)
