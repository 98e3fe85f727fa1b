"""Judged targets of the tests, without a database."""

import datetime
from dataclasses import replace
from decimal import Decimal

from agencies.models import Agency
from plan.models import Category
from targets.models import Target
from targets.rules import Actual, Goal, Grade, MilestoneYears, Terms
from targets.selectors import Judged

TODAY = datetime.date(2026, 11, 22)
YEARS = MilestoneYears(TODAY, (2025, 2030), base=2020)


def judged(
    code="T01", *, goals=((2025, 20), (2030, 22)), values=(), target=None, terms=None, years=YEARS
):
    """A share with milestones (year, number) and final annual values (year, number)."""
    known = Terms(
        kind="at_least",
        unit="%",
        goals=tuple(Goal(year, value=Decimal(value)) for year, value in goals),
        actuals=tuple(Actual(year, Decimal(value), Grade.FINAL) for year, value in values),
        baseline_year=2020,
    )
    facts = {"kind": "at_least", "unit": "%", "name": f"{code}比例", "short_name": code}
    record = Target(code=code, **facts | (target or {}))
    return Judged(record, replace(known, **terms or {}), years)


def category(number, scope="tasks", name="领域"):
    return Category(pk=number, number=number, scope=scope, name=name, short_name=name)


def agency(code, name):
    return Agency(code=code, name=name, short_name=name)
