"""The extrapolation of annual values by their mean step, and its interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

HUNDRED = Decimal(100)
LEAST_POINTS = 4
_PLACES = Decimal("1e-10")
_LEAST_DEVIATION = Decimal(6).sqrt()
"""Values printed in units of u determine a step to u/√6 at best: two rounding errors."""

# Nine of ten values of Student's t with 1, 2, … 30 degrees of freedom lie below: the limits of
# an interval of 80 %. Source: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2.
# A table of one column, because scipy.stats would take 89 MB and 2 s of every web worker.
_TABLE = """
3.078 1.886 1.638 1.533 1.476 1.440 1.415 1.397 1.383 1.372
1.363 1.356 1.350 1.345 1.341 1.337 1.333 1.330 1.328 1.325
1.323 1.321 1.319 1.318 1.316 1.315 1.314 1.313 1.311 1.310
"""
QUANTILES = tuple(Decimal(text) for text in _TABLE.split())

Values = tuple[tuple[int, Decimal], ...]


class Scale(StrEnum):
    """The scale of equal steps: the value, ln(1 − R), or the odds of a share."""

    PLAIN = "plain"
    REDUCTION = "reduction"
    SHARE = "share"

    def of(self, value: Decimal) -> Decimal:
        """The point of a value, which is in percent where it is a reduction or a share."""
        if self is Scale.REDUCTION:
            return (1 - value / HUNDRED).ln()
        return (value / (HUNDRED - value)).ln() if self is Scale.SHARE else value

    def back(self, amount: Decimal) -> Decimal:
        """The value at a point of the scale."""
        if self is Scale.REDUCTION:
            return ((1 - amount.exp()) * HUNDRED).quantize(_PLACES)
        if self is Scale.SHARE:
            return (HUNDRED / (1 + (-amount).exp())).quantize(_PLACES)
        return amount

    def unit_at(self, value: Decimal, unit: Decimal) -> Decimal:
        """The size of a small unit of the value on the scale, at a value."""
        if self is Scale.REDUCTION:
            return unit / (HUNDRED - value)
        return unit * HUNDRED / (value * (HUNDRED - value)) if self is Scale.SHARE else unit

    def holds(self, values: Sequence[Decimal]) -> bool:
        """Whether all values are on the scale."""
        if self is Scale.REDUCTION:
            return all(value < HUNDRED for value in values)
        return self is Scale.PLAIN or all(0 < value < HUNDRED for value in values)


@dataclass(frozen=True)
class Projection:
    """The position of a trend in a year, and the limits that hold four of five values."""

    year: int
    expected: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Trend:
    """The mean yearly step between the first and the last of `points` annual values on one basis.

    All on the scale: `variance` is that of a yearly step, `revision` that of a last value that will
    be revised. A sum of steps stays a fraction, so that a value on the line is exactly on it.
    """

    first_year: int
    last_year: int
    points: int
    last: Fraction
    step: Fraction
    variance: Decimal
    revision: Decimal = Decimal(0)
    scale: Scale = Scale.PLAIN
    floor: Decimal | None = None
    ceiling: Decimal | None = None

    def at(self, year: int) -> Projection:
        """The projection for a year with its 80 % prediction interval, kept within the limits.

        h years on, half its width is t · √(s² (h + h²/T) + r²) with T years between the first and
        the last value; the degrees of freedom are the steps less one. Both every single step and
        the mean step may deviate.

        Source: Lee and Carter (1992), random walk with drift.
        """
        ahead = year - self.last_year
        line = _decimal(self.last + self.step * ahead)
        share = ahead + Decimal(ahead * ahead) / (self.last_year - self.first_year)
        half = quantile(self.points - 2) * (self.variance * share + self.revision).sqrt()
        low, high = sorted(self._value(limit) for limit in (line - half, line + half))
        return Projection(year, self._value(line), low, high)

    def _value(self, amount: Decimal) -> Decimal:
        """A point of the line in the target's unit."""
        value = self.scale.back(amount)
        if self.floor is not None:
            value = max(value, self.floor)
        return value if self.ceiling is None else min(value, self.ceiling)


def quantile(freedom: int) -> Decimal:
    """The t below which 90 % lie; beyond the table its last value, which is conservative."""
    return QUANTILES[min(freedom, len(QUANTILES)) - 1]


def fit(
    values: Sequence[tuple[int, Decimal]],
    *,
    scale: Scale = Scale.PLAIN,
    unit: Decimal = Decimal(0),
    revised: Sequence[tuple[Decimal, Decimal]] = (),
    floor: Decimal | None = None,
    ceiling: Decimal | None = None,
) -> Trend | None:
    """The trend of (year, value), one value a year; None with fewer than four.

    `unit` is the last printed digit. `revised` holds first published and final values of revised
    years, where the last value may still be revised. Values outside the scale (a share of 100) are
    used as they are.
    """
    return _fit(tuple(sorted(values)), scale, unit, tuple(revised), floor, ceiling)


@lru_cache(maxsize=1024)
def _fit(
    values: Values,
    scale: Scale,
    unit: Decimal,
    revised: tuple[tuple[Decimal, Decimal], ...],
    floor: Decimal | None,
    ceiling: Decimal | None,
) -> Trend | None:
    """Cached, because a change touches one of all targets: equal values have equal trends."""
    if len(values) < LEAST_POINTS:
        return None
    numbers = [value for _, value in values]
    both = [value for pair in revised for value in pair]
    scale = scale if scale.holds([*numbers, *both]) else Scale.PLAIN
    points = [(year, Fraction(scale.of(value))) for year, value in values]
    (first_year, first), (last_year, last) = points[0], points[-1]
    step = (last - first) / (last_year - first_year)
    deviations = sum(
        (after - before - (year - year_before) * step) ** 2 / (year - year_before)
        for (year_before, before), (year, after) in pairwise(points)
    )
    least = scale.unit_at(numbers[-1], unit) / _LEAST_DEVIATION
    variance = max(_decimal(Fraction(deviations) / (len(points) - 2)), least**2)
    return Trend(
        first_year,
        last_year,
        len(points),
        last,
        step,
        variance,
        _mean_square([scale.of(final) - scale.of(published) for published, final in revised]),
        scale,
        floor,
        ceiling,
    )


def _mean_square(amounts: Sequence[Decimal]) -> Decimal:
    """0 for no amounts."""
    return sum((amount**2 for amount in amounts), Decimal(0)) / max(len(amounts), 1)


def _decimal(amount: Fraction) -> Decimal:
    return Decimal(amount.numerator) / Decimal(amount.denominator)
