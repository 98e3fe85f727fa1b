"""Terms of targets as the tests of the rules need them."""

import datetime
from decimal import Decimal

from targets.rules import Actual, Goal, Grade, Terms

D = Decimal
TODAY = datetime.date(2026, 11, 30)


def actual(year, value, grade="final", **more):
    return Actual(year, None if value is None else D(value), Grade(grade), **more)


def share(*values, goals=((2025, 20), (2030, 22)), **more):
    """A share that has to reach 20 in 2025 and 22 in 2030, from 16.8 in 2020."""
    given_ = {
        "kind": "at_least",
        "unit": "%",
        "baseline_year": 2020,
        "baseline_value": D("16.8"),
        "goals": tuple(Goal(year, value=D(value)) for year, value in goals),
        "actuals": tuple(actual(*value) for value in values),
    }
    return Terms(**(given_ | more))


def reduction(percent, *values, **more):
    return share(
        *values,
        goals=((2025, percent),),
        kind="reduction",
        pace="geometric",
        baseline_value=D(0),
        **more,
    )


def cents(value, places="0.0001"):
    return value.quantize(D(places))
