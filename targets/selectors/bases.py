"""The years that a reduction may be said against, and how far it has come."""

from decimal import Decimal

from django.db.models import Max

from targets import rules
from targets.models import Milestone
from targets.selectors.facts import SETTLED_YEAR


def base_years(milestone: Milestone) -> tuple[int, ...]:
    """The target's base year and the end of the plan before, where a document may mean either.

    Empty where there is nothing to ask: no reduction, or a goal of that plan itself.
    """
    target, year = milestone.target, milestone.year or 0
    is_reduction = target.kind in rules.REDUCTIONS and target.unit == "%"
    if not is_reduction or target.baseline_year is None or year <= SETTLED_YEAR:
        return ()
    return target.baseline_year, SETTLED_YEAR


def reduction_reached(*, milestone: Milestone) -> Decimal | None:
    """The largest cumulative reduction that an earlier goal asks for or an earlier year shows."""
    target = milestone.target
    if not base_years(milestone):
        return None
    goals = target.milestones.filter(
        is_current=True, is_alternative=False, year__lt=milestone.year, base_year=None
    )
    values = target.observations.filter(
        is_current=True,
        quarter=None,
        year__lt=milestone.year,
        basis__in=["", target.accounting_basis],
    )
    found = [rows.aggregate(most=Max("value"))["most"] for rows in (goals, values)]
    return max((value for value in found if value is not None), default=None)


def doubt_of_goal(*, milestone: Milestone, value: Decimal) -> str:
    """What is to be asked before a number becomes a goal in force; empty where nothing is.

    Of the base year that the milestone has, none is the target's own.
    """
    target = milestone.target
    return rules.doubt_of_percent(value, target.unit) or (
        rules.doubt_of_reduction(
            value, reduction_reached(milestone=milestone), target.baseline_year
        )
        if milestone.base_year is None
        else ""
    )
