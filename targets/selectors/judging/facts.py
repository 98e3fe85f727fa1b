"""What judging needs from the database, as annotations of a target: no statement of its own."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from records.asof import AsOf, as_known
from targets import rules
from targets.choices import ProposalKind, ProposalState
from targets.models import (
    LightOverride,
    Milestone,
    Observation,
    Proposal,
    Settlement,
    Target,
)
from targets.rules import PROVISIONAL_GRADES
from targets.selectors.judging.terms import overrides_of, settlements_in_force

GOAL_FACTS = ("year", "nature", "comparison", "state", "value", "base_year", "basis_id")
ACTUAL_FACTS = ("year", "value", "grade", "basis_id", "not_applicable")
QUARTER_FACTS = (*ACTUAL_FACTS, "quarter")
_OWN, _HOLDER = OuterRef("pk"), Coalesce(OuterRef("values_of"), OuterRef("pk"))
_BY_YEAR = ("year", "-version")
"""The order of one target's rows; the models' default order would join each to its target again."""
_DEMO = Exists(Observation.objects.filter(target=_HOLDER, is_demo=True))


def terms_facts(asof: AsOf | None = None) -> dict[str, Any]:
    """Current goals, annual values and newest quarterly value, now or at the end of a day."""
    return {
        **GOALS.column(asof),
        **ACTUALS.column(asof),
        **QUARTERLY.column(asof),
        **YEAR_ENDS.column(asof),
        **FIRST_PUBLISHED.column(asof),
        **HAS_DEMO.column(),
    }


def _goal_facts(asof: AsOf | None) -> ArraySubquery:
    return _facts(milestones_known(asof), *GOAL_FACTS, of=_OWN)


def _annual_facts(asof: AsOf | None) -> ArraySubquery:
    annual = as_known(Observation.objects.filter(quarter=None), asof)
    return _facts(annual, *ACTUAL_FACTS)


def _quarter_facts(asof: AsOf | None) -> ArraySubquery:
    return _facts(_quarters(asof), *QUARTER_FACTS, most=1)


def _year_end_facts(asof: AsOf | None) -> ArraySubquery:
    return _facts(year_ends_known(asof), *QUARTER_FACTS)


def _first_facts(asof: AsOf | None) -> ArraySubquery:
    return _facts(_first_published(asof), "year", "value", "basis")


GOALS = Annotation("goals", _goal_facts, tuple)
ACTUALS = Annotation("actuals", _annual_facts, tuple)
QUARTERLY = Annotation("quarterly", _quarter_facts, tuple)
YEAR_ENDS = Annotation("year_ends", _year_end_facts, tuple)
FIRST_PUBLISHED = Annotation("first_published", _first_facts, tuple)
HAS_DEMO = Annotation("has_demo", lambda: _DEMO, bool)


def _quarters(asof: AsOf | None) -> QuerySet[Observation]:
    """Current quarterly values on a target's own basis, newest first."""
    own = Q(basis=None) | Q(basis=OuterRef("accounting_basis"))
    values = Observation.objects.filter(own, quarter__isnull=False, value__isnull=False)
    return as_known(values, asof).order_by("-year", "-quarter", F("basis_id").desc(nulls_last=True))


def quarters_of(observations: Iterable[Observation]) -> list[dict[str, Any]]:
    """The quarterly values among the current ones of one target, as `_quarters` reads them."""
    rows = [row for row in observations if row.quarter]
    rows.sort(key=lambda row: row.basis_name, reverse=True)
    return [{name: getattr(row, name) for name in QUARTER_FACTS} for row in rows]


def year_ends_known(asof: AsOf | None = None) -> QuerySet[Observation]:
    """Known fourth quarters of targets whose quarterly value is that of the year's end."""
    rows = Observation.objects.filter(
        Q(basis=None) | Q(basis=F("target__accounting_basis")),
        quarter=4,
        value__isnull=False,
        target__q4_is_year_end=True,
    )
    return as_known(rows, asof)


def year_ends_of(target: Target, observations: Iterable[Observation]) -> list[dict[str, Any]]:
    """The fourth quarters among one target's current values, as `year_ends_known`."""
    if not target.q4_is_year_end:
        return []
    own = {None, target.accounting_basis_id}
    found = (row for row in observations if row.quarter == 4 and row.basis_id in own)
    return [
        {name: getattr(row, name) for name in QUARTER_FACTS}
        for row in found
        if row.value is not None
    ]


def _first_published(asof: AsOf | None) -> QuerySet[Observation]:
    """Values published first for a year and replaced since, never retracted."""
    rows = Observation.objects.filter(
        quarter=None,
        version=1,
        is_current=False,
        value__isnull=False,
        retracted_at=None,
        grade__in=PROVISIONAL_GRADES,
    )
    return rows.filter(recorded_at__lt=asof.until) if asof else rows


def first_published_of(observations: Iterable[Observation]) -> list[dict[str, Any]]:
    """The first published values among all versions of one target, as `_first_published`."""
    return [
        {"year": row.year, "value": row.value, "basis": row.basis_name}
        for row in observations
        if row.quarter is None and row.version == 1 and row.value is not None
        if not row.is_current and row.retracted_at is None and row.grade in PROVISIONAL_GRADES
    ]


def _standings(asof: AsOf | None = None) -> ArraySubquery:
    """The current settlements of all years, with the versions that they rest on."""
    rows = Settlement.objects.filter(target=OuterRef("pk"))
    no_value = When(observation=None, then=Value(None, JSONField()))
    json = JSONRow(
        year="year",
        verdict="verdict",
        tolerance=Cast("tolerance_percent", CharField()),
        goal=_named("milestone", GOAL_FACTS),
        milestone_version="milestone__version",
        milestone_current=_milestone_holds(asof),
        actual=Case(no_value, default=_named("observation", ACTUAL_FACTS)),
        observation_version="observation__version",
        observation_current=_observation_holds(asof),
        base_current=_observation_holds(asof, "base"),
    )
    return ArraySubquery(as_known(rows, asof).order_by(*_BY_YEAR).values(json=json))


STANDINGS = Annotation("standings", _standings, settlements_in_force)


def _overrides(asof: AsOf | None = None) -> ArraySubquery:
    """The overrides of the light, each with whether the value that it names is current."""
    rows = as_known(LightOverride.objects.filter(target=OuterRef("pk")), asof)
    json = JSONRow(
        level="level",
        reason="reason",
        year="year",
        is_in_force=_observation_holds(asof),
        by="recorded_by",
        at="recorded_at",
    )
    return ArraySubquery(rows.order_by(*_BY_YEAR).values(json=json))


OVERRIDES = Annotation("overrides", _overrides, overrides_of)


def tolerance_facts(asof: AsOf | None = None) -> dict[str, Any]:
    """What was replaced by the first tolerance that was confirmed after a day.

    Nothing else changes a tolerance, so that its state on a past day needs no versions.
    """
    if asof is None:
        return {}
    later = Proposal.objects.filter(
        kind=ProposalKind.TOLERANCE,
        state=ProposalState.CONFIRMED,
        target=OuterRef("pk"),
        decided_at__gte=asof.until,
    )
    return {"tolerance_then": Subquery(later.order_by("decided_at", "pk").values("seen")[:1])}


def milestones_known(asof: AsOf | None = None) -> QuerySet[Milestone]:
    """The current versions of milestones, without alternative readings of a deadline.

    The plan's own were always known.
    """
    counted = Milestone.objects.filter(is_alternative=False)
    if asof is None:
        return counted.filter(is_current=True)
    newest = (
        counted.filter(_had_come(asof))
        .order_by("target_id", "year", "-version")
        .distinct("target_id", "year")
    )
    return Milestone.objects.filter(pk__in=newest.values("pk"))


def milestones_as_they_stood(rows: Iterable[Milestone], asof: AsOf | None) -> tuple[Milestone, ...]:
    """All versions of one target recorded by then, marked as they were then, in memory only."""
    if asof is None:
        return tuple(rows)
    known = [row for row in rows if _came_by(row, asof)]
    newest: dict[tuple[int | None, bool], int] = {}
    for row in known:
        key = row.year, row.is_alternative
        newest[key] = max(row.version, newest.get(key, 0))
    for row in known:
        row.is_current = row.version == newest[row.year, row.is_alternative]
    return tuple(known)


def _had_come(asof: AsOf) -> Q:
    """Versions recorded by then; one without a recording time counts from its effective day."""
    earlier = Q(created_at=None, effective_from__lte=asof.day)
    return Q(version=1) | Q(created_at__lt=asof.until) | earlier


def _came_by(row: Milestone, asof: AsOf) -> bool:
    if row.version == 1:
        return True
    if row.created_at is not None:
        return row.created_at < asof.until
    return row.effective_from is not None and row.effective_from <= asof.day


def _milestone_holds(asof: AsOf | None) -> str | Exists:
    if asof is None:
        return "milestone__is_current"
    return Exists(milestones_known(asof).filter(pk=OuterRef("milestone_id")))


def _observation_holds(asof: AsOf | None, path: str = "observation") -> str | Combinable:
    """Whether the named observation is current; None if none is named.

    That is so for a recognition, and for a goal without its own base year.
    """
    if asof is None:
        return f"{path}__is_current"
    known = as_known(Observation.objects.filter(pk=OuterRef(f"{path}_id")), asof)
    return Case(When(**{path: None}, then=Value(None, BooleanField())), default=Exists(known))


def _facts(
    rows: QuerySet[Any], *names: str, of: Combinable = _HOLDER, most: int | None = None
) -> ArraySubquery:
    """Rows of a target as JSON objects; numbers travel as text, so that they stay exact."""
    value = Cast("value", CharField())
    fields = {name: value if name == "value" else name for name in names}
    mine = rows.filter(target=of).values(json=JSONRow(**fields))
    return ArraySubquery(mine[:most] if most else mine.order_by(*_BY_YEAR))


def _named(path: str, names: Iterable[str]) -> JSONRow:
    """Facts of a record that a settlement names."""
    value = Cast(f"{path}__value", CharField())
    return JSONRow(**{n: value if n == "value" else f"{path}__{n}" for n in names})


def actual_of(row: Observation) -> rules.Actual:
    """A version of a value in the form of the rules."""
    grade = rules.Grade(row.grade)
    return rules.Actual(
        row.year, row.value, grade, row.basis_name, row.not_applicable, quarter=row.quarter
    )
