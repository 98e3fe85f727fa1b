"""Converts database rows into the terms that the rules work on."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from targets import rules
from targets.choices import OverrideLevel
from targets.models import Target

_Facts = Mapping[str, Any]


@dataclass(frozen=True)
class SettlementInForce:
    """A current settlement; outdated if a version that it rests on is no longer current."""

    year: int
    verdict: rules.Verdict
    grounds: rules.Grounds
    is_outdated: bool


def terms_of(
    target: Target,
    goals: Iterable[_Facts],
    actuals: Iterable[_Facts],
    first_published: Iterable[_Facts] = (),
    quarters: Iterable[_Facts] = (),
    year_ends: Iterable[_Facts] = (),
    *,
    day: datetime.date,
) -> rules.Terms:
    """The terms of a target on a day, from its current milestones and values.

    The newest of `quarters` is used; `year_ends` are the fourth quarters of a stock. The current
    value of the base year is the base, else the plan's; for a reduction it is 0.
    """
    _with_tolerance_then(target)
    values = tuple(sorted((_actual(row) for row in actuals), key=lambda actual: actual.year))
    own = {"", target.basis_name}
    observed = {actual.year: actual.value for actual in values if actual.basis in own}
    baseline = target.baseline_value
    if target.is_based or baseline is None:
        found = observed.get(target.baseline_year or 0)
        baseline = baseline if found is None else found
    confirmed_on = target.tolerance_confirmed_on
    terms = rules.Terms(
        kind=rules.Kind(target.kind),
        goals=tuple(sorted((_goal(row) for row in goals), key=lambda goal: goal.year or 0)),
        actuals=values,
        pace=rules.Course(target.pace),
        unit=target.unit,
        decimals=target.decimals,
        is_striven=target.is_striven,
        tolerance_percent=target.tolerance_percent,
        is_tolerance_confirmed=confirmed_on is not None and confirmed_on <= day,
        baseline_year=target.baseline_year,
        baseline_value=baseline,
        basis=target.basis_name,
        is_share=bool(target.is_share),
        is_flow=bool(target.is_flow),
        first_published=tuple(
            rules.FirstPublished(row["year"], Decimal(row["value"]), row["basis"] or "")
            for row in first_published
        ),
        year_ends=tuple(_actual(row) for row in year_ends),
    )
    return terms.with_quarters(_actual(row) for row in quarters)


def _with_tolerance_then(target: Target) -> None:
    """Set the tolerance of the past day on a target read as of it, in memory only."""
    then: _Facts | None = getattr(target, "tolerance_then", None)
    if then is None:
        return
    percent, day = then["tolerance_percent"], then["tolerance_confirmed_on"]
    target.tolerance_percent = Decimal(percent) if percent else None
    target.tolerance_confirmed_on = datetime.date.fromisoformat(day) if day else None
    target.tolerance_document_id = then.get("tolerance_document")


def settlements_in_force(found: Sequence[_Facts]) -> tuple[SettlementInForce, ...]:
    """The settlements of a STANDINGS annotation."""
    return tuple(map(_standing, found))


def _standing(row: _Facts) -> SettlementInForce:
    goal, actual = _goal(row["goal"]), row["actual"]
    grounds = rules.Grounds(
        goal,
        row["milestone_version"],
        _actual(actual) if actual else None,
        row["observation_version"],
        _decimal(row["tolerance"]),
    )
    values_hold = row["observation_current"] is not False and row["base_current"] is not False
    is_outdated = not row["milestone_current"] or not values_hold
    return SettlementInForce(row["year"], rules.Verdict(row["verdict"]), grounds, is_outdated)


def overrides_of(found: Sequence[_Facts]) -> tuple[rules.Override, ...]:
    """The levels of an OVERRIDES annotation."""
    return tuple(
        rules.Override(
            None if row["level"] == OverrideLevel.BY_RULE else rules.Level(row["level"]),
            row["reason"],
            row["year"],
            row["is_in_force"] is not False,
            row["by"],
            timezone.localdate(datetime.datetime.fromisoformat(row["at"])),
        )
        for row in found
    )


def _goal(row: _Facts) -> rules.Goal:
    return rules.Goal.stored(**{**row, "value": _decimal(row["value"])})


def _actual(row: _Facts) -> rules.Actual:
    return rules.Actual(
        row["year"],
        _decimal(row["value"]),
        rules.GRADES[row["grade"]],
        row["basis_id"] or "",
        row["not_applicable"],
        quarter=row.get("quarter"),
    )


def _decimal(value: Decimal | str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
