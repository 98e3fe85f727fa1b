"""Axes: from values to pixels, and ticks."""

import datetime
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from plotly_svg.figure import Pair, Spec, as_float, day_number

_PADDING = 0.05
_NICE = (1, 2, 2.5, 5, 10)
_INTERVALS = 7


@dataclass(frozen=True)
class Axis:
    """One axis: `low`…`high` in data lie at `start`…`end` in pixels."""

    spec: Spec
    kind: str
    categories: tuple[str, ...]
    low: float
    high: float
    start: float
    end: float

    def number(self, value: Any) -> float | None:
        """The place of a value on the axis before it is scaled."""
        if self.kind == "category":
            text = str(value)
            return float(self.categories.index(text)) if text in self.categories else None
        return as_float(value)

    def pixel(self, value: Any) -> float | None:
        number = self.number(value)
        return None if number is None else self.scale(number)

    def scale(self, number: float) -> float:
        span = self.high - self.low or 1
        return self.start + (number - self.low) / span * (self.end - self.start)

    def ticks(self) -> list[tuple[float, str]]:
        """Pixel and text of each tick inside the range."""
        values, texts = self._tick_values()
        placed = []
        for value, text in zip(values, texts, strict=True):
            number = self.number(value)
            if number is not None and self._inside(number):
                placed.append((self.scale(number), text))
        return placed

    def _inside(self, number: float) -> bool:
        low, high = sorted((self.low, self.high))
        return low - 1e-9 <= number <= high + 1e-9

    def _tick_values(self) -> tuple[Sequence[Any], Sequence[str]]:
        values = self.spec.get("tickvals")
        if values is not None:
            texts = self.spec.get("ticktext") or [_plain(value) for value in values]
            return values, self._around(texts)
        if self.kind == "category":
            return self.categories, self.categories
        if self.kind == "date":
            return _years(self.low, self.high)
        return self._nice()

    def _nice(self) -> tuple[Sequence[float], Sequence[str]]:
        low, high = sorted((self.low, self.high))
        step = self.spec.get("dtick") or nice_step(low, high)
        decimals = max(0, -math.floor(math.log10(step) + 1e-9)) + (step in (0.25, 2.5, 0.025))
        first = math.ceil(low / step - 1e-9)
        values = [index * step for index in range(first, math.floor(high / step + 1e-9) + 1)]
        return values, self._around([f"{value:,.{decimals}f}" for value in values])

    def _around(self, texts: Sequence[str]) -> list[str]:
        prefix, suffix = self.spec.get("tickprefix") or "", self.spec.get("ticksuffix") or ""
        only_last = self.spec.get("showticksuffix") == "last"
        return [
            f"{prefix}{text}{'' if only_last and index < len(texts) - 1 else suffix}"
            for index, text in enumerate(texts)
        ]


def build(spec: Spec, values: Iterable[Any], pixels: Pair, *, from_zero: bool) -> Axis:
    """An axis over the values that the traces put on it."""
    listed = [value for value in values if value is not None]
    kind = spec.get("type") or _guess(listed)
    categories = _categories(spec, listed) if kind == "category" else ()
    low, high = _range(spec, kind, categories, listed, from_zero)
    return Axis(spec, kind, categories, low, high, *pixels)


def _guess(values: Sequence[Any]) -> str:
    if any(isinstance(value, datetime.date) for value in values):
        return "date"
    texts = [value for value in values if isinstance(value, str)]
    if not texts:
        return "linear"
    return "date" if all(day_number(text) is not None for text in texts) else "category"


def _categories(spec: Spec, values: Sequence[Any]) -> tuple[str, ...]:
    seen = dict.fromkeys(str(value) for value in values)
    ordered = dict.fromkeys(str(value) for value in spec.get("categoryarray") or ())
    return tuple(ordered | seen)


def _range(
    spec: Spec, kind: str, categories: Sequence[str], values: Sequence[Any], from_zero: bool
) -> Pair:
    if spec.get("range"):
        low, high = (as_float(value) or 0.0 for value in spec["range"])
        return low, high
    if kind == "category":
        low, high = -0.5, len(categories) - 0.5
    else:
        numbers = [number for value in values if (number := as_float(value)) is not None]
        low, high = _padded(numbers or [0.0, 1.0], from_zero)
    return (high, low) if spec.get("autorange") == "reversed" else (low, high)


def _padded(numbers: Sequence[float], from_zero: bool) -> Pair:
    low, high = min(numbers), max(numbers)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    room = (high - low or 1.0) * _PADDING
    return low - room * (not from_zero or low < 0), high + room * (not from_zero or high > 0)


def nice_step(low: float, high: float) -> float:
    """A round distance between ticks that gives about seven of them."""
    raw = (abs(high - low) or 1.0) / _INTERVALS
    size: float = 10 ** math.floor(math.log10(raw))
    return next(step * size for step in _NICE if step * size >= raw - 1e-12)


def _years(low: float, high: float) -> tuple[Sequence[Any], Sequence[str]]:
    first, last = (datetime.date.fromordinal(int(day)).year for day in sorted((low, high)))
    years = range(first, last + 1)
    return [datetime.date(year, 1, 1) for year in years], [str(year) for year in years]


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
