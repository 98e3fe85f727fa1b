"""The yearly rates within cumulative reductions, shown with them because they do not add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from common.formats import number, rounded
from targets.rules.series.chaining import (
    AnnualRate,
    annual_rate,
    chain,
    chain_sentence,
    check_chain,
    rate_between,
)
from targets.rules.terms import Terms


@dataclass(frozen=True)
class YearRate:
    """The reduction of one year in percent, or the equal one of several years up to `year`.

    `cumulative` is the reported reduction since the base year.
    """

    first_year: int
    year: int
    percent: Decimal
    cumulative: Decimal

    @property
    def is_even(self) -> bool:
        """Whether it covers years without a value of their own."""
        return self.year > self.first_year


@dataclass(frozen=True)
class NeededRate:
    """The equal yearly reduction that reaches a cumulative one from the base year on."""

    year: int
    percent: Decimal
    cumulative: Decimal


def yearly_rates(terms: Terms) -> tuple[YearRate, ...]:
    """The rates between the cumulative values on one accounting basis, oldest first.

    Only for compounding reductions, which are 0 in the base year.

    Source: 国家统计局 formula.
    """
    if not terms.compounds or terms.baseline_year is None:
        return ()
    year, before = terms.baseline_year, Decimal(0)
    found: list[YearRate] = []
    values = {actual.year: actual.value for actual in terms.series if actual.value is not None}
    for last, value in sorted(values.items()):
        between = rate_between(before, value) if last > year else None
        if between is None or between >= 100:
            continue
        found.append(YearRate(year + 1, last, annual_rate(between, last - year), value))
        year, before = last, value
    return tuple(found)


def needed_rates(terms: Terms) -> tuple[NeededRate, ...]:
    """The yearly rate that each milestone requires: 15 % in five years is 3.198 %."""
    base = terms.baseline_year
    if not terms.compounds or base is None:
        return ()
    goals = [(goal.year, goal.value) for goal in terms.numeric_goals]
    return tuple(
        NeededRate(year, annual_rate(value, year - base), value)
        for year, value in goals
        if year is not None and value is not None and year > base and value < 100
    )


def chained_sentence(rates: tuple[YearRate, ...]) -> str:
    """各年降低率连乘为14.13%；逐年相加会得15.00%，多出0.87个百分点。 Empty for one rate."""
    each = [rate.percent for rate in rates for _ in range(rate.first_year, rate.year + 1)]
    if len(each) <= 1:
        return ""
    product, added = rounded(chain(each), 2), rounded(sum(each, Decimal(0)), 2)
    text = f"各年降低率连乘为{number(product)}%"
    if added == product:
        return f"{text}。"
    verb = "多出" if added > product else "少了"
    off = number(abs(added - product))
    return f"{text}；逐年相加会得{number(added)}%，{verb}{off}个百分点，所以不能相加。"


@dataclass(frozen=True)
class RateRow:
    """A year, or several without values of their own: the derived rate and the published one."""

    first_year: int
    year: int
    cumulative: Decimal | None = None
    derived: Decimal | None = None
    published: Decimal | None = None

    @property
    def is_even(self) -> bool:
        return self.year > self.first_year


def rate_rows(terms: Terms, published: Sequence[AnnualRate]) -> tuple[RateRow, ...]:
    """Derived and published rates of the newest accounting basis, oldest first.

    A published rate is shown with the derived one of its own year, never with an equal rate of
    several years.
    """
    left = {rate.year: rate.percent for rate in _comparable(terms, published)}
    rows = [
        RateRow(
            rate.first_year,
            rate.year,
            rate.cumulative,
            rate.percent,
            None if rate.is_even else left.pop(rate.year, None),
        )
        for rate in yearly_rates(terms)
    ]
    rows += [RateRow(year, year, published=percent) for year, percent in left.items()]
    return tuple(sorted(rows, key=lambda row: (row.year, row.is_even)))


def published_sentence(terms: Terms, published: Sequence[AnnualRate]) -> str:
    """到2025年：各年降低率连乘为14.13%，与填报的累计15.00%不一致…… Empty if nothing to check.

    About the newest cumulative value that the published rates contradict, else the newest.
    """
    rates, base = _comparable(terms, published), terms.baseline_year
    if not rates or base is None:
        return ""
    decimals = max(terms.decimals, 1)
    values = {actual.year: actual.value for actual in terms.series if actual.value is not None}
    checks = {
        year: check_chain(_until(year, rates), value, base_year=base, year=year, decimals=decimals)
        for year, value in sorted(values.items(), reverse=True)
        if year > base
    }
    if not checks:
        return ""
    differing = (year for year, found in checks.items() if not found.problem and not found.agrees)
    year = next(differing, max(checks))
    return f"按公布的年度降低率核对到{year}年：{chain_sentence(checks[year], decimals=decimals)}"


def _until(year: int, rates: Sequence[AnnualRate]) -> list[AnnualRate]:
    return [rate for rate in rates if rate.year <= year]


def _comparable(terms: Terms, published: Sequence[AnnualRate]) -> list[AnnualRate]:
    """Published rates on the basis of the series, one for each year after the base year."""
    base = terms.baseline_year
    if not terms.compounds or base is None or not terms.series:
        return []
    own = ("", terms.basis)
    basis = terms.series[-1].basis
    fitting = own if basis in own else (basis,)
    found = {
        rate.year: AnnualRate(rate.year, rate.percent)
        for rate in published
        if rate.basis in fitting and rate.year > base
    }
    return [found[year] for year in sorted(found)]
