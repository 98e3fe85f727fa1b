"""The milestone years of the plan as columns beside a target: no statement of its own."""

import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Subquery

from common.database.json_rows import JSONRow
from plan.models import Document
from records.asof import AsOf, day_of
from targets import rules
from targets.models import Target
from targets.selectors.judging.facts import milestones_known


def years_facts(asof: AsOf | None = None) -> dict[str, Any]:
    """The plan's own years and those of the goals in force, which are the same for every row."""
    plan = Document.objects.filter(is_plan=True).order_by()
    json = JSONRow(base="base_year", years="milestone_years")
    goals = milestones_known(asof).filter(target__retired_on=None, year__isnull=False)
    years = goals.order_by("year").values("year").distinct()
    return {
        "plan_years": Subquery(plan.values(json=json)[:1]),
        "goal_years": ArraySubquery(years.values("year")),
    }


def milestone_years(*, asof: AsOf | None = None) -> rules.MilestoneYears:
    """The milestone years on a day by themselves, in two statements."""
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
    plan = target.plan_years or {"base": None, "years": ()}  # type: ignore[attr-defined]
    goals = tuple(target.goal_years)  # type: ignore[attr-defined]
    return rules.MilestoneYears(today, tuple(plan["years"]), goals, plan["base"], shown)
