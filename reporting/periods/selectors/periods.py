"""Reporting periods with their numbers of obligations and submissions."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet
from django.utils import timezone

from common.database.json_rows import JSONRow
from common.quarters import Period
from reporting.choices import AT_AGENCY, WAITING, ObligationKind, ObligationState, PeriodState
from reporting.models import PLAN_ORDER, Obligation, ReportingPeriod
from reporting.periods.selectors.planned_obligations import MissingReporter, planned_obligations


@dataclass(frozen=True, slots=True)
class ObligationCounts:
    """How many obligations there are, by state."""

    owed: int
    missing: int
    waiting: int
    approved: int


_NONE = ObligationCounts(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class AgencyCounts(ObligationCounts):
    """The counts of one agency, with its obligations by kind in the order of `ObligationKind`."""

    code: str
    name: str
    kinds: tuple[int, ...]


@dataclass(frozen=True)
class PeriodPage:
    """One period: how much each agency owes, and the subjects without a reporter."""

    period: ReportingPeriod
    total: ObligationCounts
    agencies: tuple[AgencyCounts, ...]
    holes: tuple[MissingReporter, ...]
    may_take_back: bool


@dataclass(frozen=True)
class PeriodRow:
    """One line of the list of periods."""

    period: ReportingPeriod
    total: ObligationCounts


def period_rows() -> tuple[PeriodRow, ...]:
    """All periods, newest first, with their counts; one statement."""
    owed = Q(obligations__dropped_on=None, obligations__isnull=False)
    found: QuerySet[Any] = ReportingPeriod.objects.annotate(
        owed=Count("obligations", filter=owed),
        missing=Count("obligations", filter=owed & Q(obligations__state__in=AT_AGENCY)),
        waiting=Count("obligations", filter=owed & Q(obligations__state__in=WAITING)),
        approved=Count("obligations", filter=owed & Q(obligations__state=ObligationState.APPROVED)),
    ).order_by("-year", "-quarter")
    return tuple(
        PeriodRow(row, ObligationCounts(row.owed, row.missing, row.waiting, row.approved))
        for row in found
    )


def known_periods(rows: Iterable[PeriodRow]) -> frozenset[Period]:
    """The quarters that have a period."""
    return frozenset(row.period.period for row in rows)


def period_page(*, code: str) -> PeriodPage:
    """A period by its code; five statements, two more before its day while it is open.

    Raises ReportingPeriod.DoesNotExist, ValueError.
    """
    of = Period.parse(code)
    by_agency = (
        Obligation.objects.filter(period=OuterRef("pk"), dropped_on=None)
        .order_by("agency__position", "agency__code")
        .values("agency__code", "agency__name", "agency__position")
        .annotate(
            counts=JSONRow(
                code="agency__code",
                name="agency__name",
                owed=Count("pk"),
                missing=Count("pk", filter=Q(state__in=AT_AGENCY)),
                waiting=Count("pk", filter=Q(state__in=WAITING)),
                approved=Count("pk", filter=Q(state=ObligationState.APPROVED)),
                **{kind.value: Count("pk", filter=Q(kind=kind)) for kind in ObligationKind},
            )
        )
    )
    period: Any = ReportingPeriod.objects.annotate(
        by_agency=ArraySubquery(by_agency.values("counts"))
    ).get(year=of.year, quarter=of.quarter or 0)
    agencies = tuple(_agency(row) for row in period.by_agency)
    holes = () if period.state == PeriodState.CLOSED else planned_obligations(period=period).holes
    return PeriodPage(period, _total(agencies), agencies, holes, may_take_back(period=period))


def _agency(row: dict[str, Any]) -> AgencyCounts:
    kinds = tuple(row[kind.value] for kind in ObligationKind)
    names = ("owed", "missing", "waiting", "approved", "code", "name")
    return AgencyCounts(**{name: row[name] for name in names}, kinds=kinds)


def _total(rows: Iterable[AgencyCounts]) -> ObligationCounts:
    numbers = [(row.owed, row.missing, row.waiting, row.approved) for row in rows]
    return (
        ObligationCounts(*(sum(column) for column in zip(*numbers, strict=True)))
        if numbers
        else _NONE
    )


def may_take_back(*, period: ReportingPeriod) -> bool:
    """Whether it was opened before its day, and nobody has written or requested anything."""
    if not period.is_opened or timezone.localdate() >= period.opens_on:
        return False
    untouched = Q(state=ObligationState.EMPTY, edited_at=None)
    return not (period.obligations.exclude(untouched).exists() or period.requests.exists())


def missing_obligations(*, period: ReportingPeriod) -> QuerySet[Obligation]:
    """What has not been submitted, by agency and in the order of the plan."""
    return (
        Obligation.objects.owed()
        .filter(period=period, state__in=AT_AGENCY)
        .with_subjects()
        .order_by(
            "agency__position", "agency__code", "kind", *PLAN_ORDER,
        )
    )  # fmt: skip
