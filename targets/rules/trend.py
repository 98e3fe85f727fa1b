"""A straight line through annual values and how far the next ones may lie from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

HUNDRED = Decimal(100)
LEAST_POINTS = 4
_PLACES = Decimal("1e-10")

# Nine of ten values of Student's t with 1, 2, … 30 degrees of freedom lie below: the limits of
# an interval of 80 %. Source: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2.
# A table of one column, because scipy.stats would take 89 MB and 2 s of every web worker.
_TABLE = """
3.078 1.886 1.638 1.533 1.476 1.440 1.415 1.397 1.383 1.372
1.363 1.356 1.350 1.345 1.341 1.337 1.333 1.330 1.328 1.325
1.323 1.321 1.319 1.318 1.316 1.315 1.314 1.313 1.311 1.310
"""
QUANTILES = tuple(Decimal(text) for text in _TABLE.split())


@dataclass(frozen=True)
class Projection:
    """Where a trend lies in a year, and the limits between which four of five values would."""

    year: int
    expected: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Trend:
    """A line of least squares through `points` annual values of one basis.

    `deviations` is the sum of the squared distances from it, `spread` that of the years from
    their mean. A compounding one runs through ln(1 − R), so that equal yearly reduction rates
    are straight. Sums are fractions: a value on the line is exactly on it.
    """

    first_year: int
    last_year: int
    points: int
    mean_year: Fraction
    mean: Fraction
    slope: Fraction
    deviations: Fraction
    spread: Fraction
    is_compounding: bool = False
    floor: Decimal | None = None
    ceiling: Decimal | None = None

    def at(self, year: int) -> Projection:
        """The projection for a year with its 80 % prediction interval, kept within the limits.

        Half its width is t · s · √(1 + 1/n + (x − x̄)²/Sxx) with n − 2 degrees of freedom.
        Source: NIST/SEMATECH e-Handbook of Statistical Methods, 4.5.2.
        """
        away = year - self.mean_year
        line = _decimal(self.mean + self.slope * away)
        freedom = self.points - 2
        share = 1 + Fraction(1, self.points) + away**2 / self.spread
        variance = self.deviations / freedom * share
        half = quantile(freedom) * _decimal(variance).sqrt()
        low, high = sorted(self._value(limit) for limit in (line - half, line + half))
        return Projection(year, self._value(line), low, high)

    def _value(self, amount: Decimal) -> Decimal:
        """A point of the line in the target's unit."""
        if self.is_compounding:
            amount = ((1 - amount.exp()) * HUNDRED).quantize(_PLACES)
        if self.floor is not None:
            amount = max(amount, self.floor)
        return amount if self.ceiling is None else min(amount, self.ceiling)


def quantile(freedom: int) -> Decimal:
    """The t below which 90 % lie; beyond the table its last value, which is on the safe side."""
    return QUANTILES[min(freedom, len(QUANTILES)) - 1]


def fit(
    values: Sequence[tuple[int, Decimal]],
    *,
    is_compounding: bool = False,
    floor: Decimal | None = None,
    ceiling: Decimal | None = None,
) -> Trend | None:
    """The trend of (year, value), one value a year; None with fewer than four.

    Compounding values are cumulative reductions in percent; where one reaches 100 nothing is
    left to compound, and they are taken as they are.
    """
    return _fit(tuple(values), is_compounding, floor, ceiling)


@lru_cache(maxsize=1024)
def _fit(
    values: tuple[tuple[int, Decimal], ...],
    is_compounding: bool,
    floor: Decimal | None,
    ceiling: Decimal | None,
) -> Trend | None:
    """The same values have the same trend: of all targets a change touches one."""
    if len(values) < LEAST_POINTS:
        return None
    is_compounding = is_compounding and all(value < HUNDRED for _, value in values)
    ys = [Fraction((1 - y / HUNDRED).ln() if is_compounding else y) for _, y in values]
    years = [year for year, _ in values]
    mean_year, mean = Fraction(sum(years), len(years)), sum(ys) / len(ys)
    spread = sum((x - mean_year) ** 2 for x in years)
    slope = sum((x - mean_year) * (y - mean) for x, y in zip(years, ys, strict=True)) / spread
    deviations = sum(
        (y - mean - slope * (x - mean_year)) ** 2 for x, y in zip(years, ys, strict=True)
    )
    return Trend(
        min(years),
        max(years),
        len(years),
        mean_year,
        Fraction(mean),
        Fraction(slope),
        Fraction(deviations),
        Fraction(spread),
        is_compounding,
        floor,
        ceiling,
    )


def _decimal(amount: Fraction) -> Decimal:
    return Decimal(amount.numerator) / Decimal(amount.denominator)
