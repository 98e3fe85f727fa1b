"""The milestone years of the plan as annotations of a target: no statement of their own."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Subquery

from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from plan.models import Document
from records.asof import AsOf, day_of
from targets import rules
from targets.models import Target
from targets.selectors.judging.facts import milestones_known


def years_facts(asof: AsOf | None = None) -> dict[str, Any]:
    """The plan's own years and those of current goals, the same for every row."""
    return {**PLAN_YEARS.column(), **GOAL_YEARS.column(asof)}


def _plan_years() -> Subquery:
    plan = Document.objects.filter(is_plan=True).order_by()
    return Subquery(plan.values(json=JSONRow(base="base_year", years="milestone_years"))[:1])


def _read_plan_years(found: Mapping[str, Any] | None) -> tuple[int | None, tuple[int, ...]]:
    return (found["base"], tuple(found["years"])) if found else (None, ())


def _goal_years(asof: AsOf | None) -> ArraySubquery:
    goals = milestones_known(asof).filter(target__retired_on=None, year__isnull=False)
    return ArraySubquery(goals.order_by("year").values("year").distinct())


PLAN_YEARS = Annotation("plan_years", _plan_years, _read_plan_years)
GOAL_YEARS = Annotation("goal_years", _goal_years, tuple)


def milestone_years(*, asof: AsOf | None = None) -> rules.MilestoneYears:
    """The milestone years on a day without a target, in two statements."""
    goals = milestones_known(asof).filter(target__retired_on=None, year__isnull=False)
    years = goals.order_by("year").values_list("year", flat=True).distinct()
    plan = Document.objects.filter(is_plan=True).first() or Document()
    return rules.MilestoneYears(
        day_of(asof), tuple(plan.milestone_years), tuple(filter(None, years)), plan.base_year
    )


def years_of(
    target: Target, today: datetime.date, shown: int | None = None
) -> rules.MilestoneYears:
    """The milestone years on a day, from the columns of `years_facts`."""
    base, years = PLAN_YEARS.of(target)
    return rules.MilestoneYears(today, years, GOAL_YEARS.of(target), base, shown)
