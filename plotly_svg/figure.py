"""Reading a figure dictionary: templates merged in, values per point, numbers."""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

Spec = Mapping[str, Any]
Pair = tuple[float, float]


def merged(base: Spec, over: Spec) -> dict[str, Any]:
    """Deep merge: what `over` says wins."""
    result = dict(base)
    for key, value in over.items():
        old = result.get(key)
        both = isinstance(old, Mapping) and isinstance(value, Mapping)
        result[key] = merged(old, value) if both else value  # type: ignore[arg-type]
    return result


def resolved(figure: Spec) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Traces and layout with the figure's template filled in, hidden traces left out."""
    layout = dict(figure.get("layout") or {})
    template = layout.pop("template", None) or {}
    layout = merged(template.get("layout") or {}, layout)
    traces = []
    for trace in figure.get("data") or ():
        kind = trace.get("type", "scatter")
        defaults = ((template.get("data") or {}).get(kind) or [{}])[0]
        if trace.get("visible", True) is True:
            traces.append({"type": kind} | merged(defaults, trace))
    return traces, layout


def is_list(value: object) -> bool:
    kind = type(value)
    if kind is str or value is None:
        return False
    return kind is list or isinstance(value, Sequence)


def at(value: Any, index: int, default: Any = None) -> Any:
    """The value of one point: plotly lets most attributes be one for all or a list."""
    if is_list(value):
        value = value[index] if index < len(value) else None
    return default if value is None else value


def as_float(value: Any) -> float | None:
    """A number for drawing, a day as its ordinal; None if there is nothing to draw."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int | float | Decimal):
        number = float(value)
        return number if number == number else None
    return day_number(value)


def day_number(value: Any) -> float | None:
    """Days since year 1, with the part of the day."""
    if isinstance(value, str):
        try:
            value = datetime.datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime.datetime):
        return value.toordinal() + (value.hour * 60 + value.minute) / 1440
    return float(value.toordinal()) if isinstance(value, datetime.date) else None


def px(value: float) -> str:
    """A coordinate in the picture: one decimal, no trailing zero, no minus zero."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
