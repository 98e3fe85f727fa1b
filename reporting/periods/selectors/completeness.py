"""Completeness of the reports: what each agency owes, its state, and whether it came on time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce, Greatest, JSONArray, TruncDate
from django.utils import timezone

from agencies.models import Agency
from common.database.annotations import Annotation
from common.quarters import Period
from reporting.choices import AT_AGENCY, WAITING, ObligationState, PeriodState
from reporting.models import Obligation
from reporting.periods.rules.punctuality import Punctuality, quarter_was_on_time
from tasks.rules.awaited import words as owed_words

_RETURNED = Q(returns__gt=0) & (
    Q(state=ObligationState.RETURNED) | Q(state__in=AT_AGENCY, correction_reason="")
)
_MISSING = Q(state__in=AT_AGENCY, returns=0, correction_reason="")
_BACKFILL = Q(period__is_backfill=True)
DAY = Case(When(_BACKFILL, then="period__closes_on"), default=Greatest("due_on", "period__due_on"))
"""The day after which an obligation is 缺报. A backfill is never late: its closing day counts."""


@dataclass(frozen=True, slots=True)
class Stand:
    """A number of obligations by state. `approved` includes those being corrected."""

    owed: int = 0
    approved: int = 0
    waiting: int = 0
    returned: int = 0
    missing: int = 0
    overdue: int = 0
    returns: int = 0
    punctuality: Punctuality = field(default_factory=Punctuality, kw_only=True)

    @property
    def awaited(self) -> int:
        """待报: not submitted but still in time; the remainder is 缺报."""
        return self.missing - self.overdue

    @property
    def lacking(self) -> tuple[str, ...]:
        """缺报2项, 待报3项; empty where everything is submitted."""
        return owed_words(self.awaited, self.overdue, "项")

    @property
    def handed_in(self) -> int:
        """已报送: with the bureau, or approved; as HANDED_IN of reporting/choices.py."""
        return self.approved + self.waiting

    @property
    def was_on_time(self) -> bool | None:
        """None while obligations can still come in time."""
        return quarter_was_on_time(self.punctuality, self.owed)


@dataclass(frozen=True)
class AgencyStand:
    """One agency with its quarters."""

    code: str
    name: str
    short_name: str
    position: int
    quarters: dict[Period, Stand]

    @cached_property
    def on_time(self) -> Punctuality:
        """Quarters on time and late, of those that can be judged."""
        answers = [stand.was_on_time for stand in self.quarters.values()]
        return Punctuality(answers.count(True), answers.count(False))

    @property
    def on_time_words(self) -> str:
        """7/8季; empty where no quarter can be judged yet."""
        judged = self.on_time.judged
        return f"{self.on_time.on_time}/{judged}季" if judged else ""

    @property
    def returns(self) -> int:
        """How often the bureau returned something in these quarters."""
        return sum(stand.returns for stand in self.quarters.values())


def stands(*, periods: Iterable[Period]) -> tuple[AgencyStand, ...]:
    """Each agency with its counts of these quarters, in the plan's order; one statement.

    Quarters in which an agency owes nothing are left out.
    """
    rows: QuerySet[Any] = (
        _owed(periods)
        .values_list(
            "agency__position", "agency__code", "agency__name", "agency__short_name",
            "period__year", "period__quarter",
        )
        .annotate(**_counts())
        .order_by("agency__position", "agency__code", "period__year", "period__quarter")
    )  # fmt: skip
    found: dict[str, AgencyStand] = {}
    for position, code, name, short, year, quarter, *numbers in rows:
        one = found.setdefault(code, AgencyStand(code, name, short, position, {}))
        one.quarters[Period(year, quarter)] = _stand(numbers)
    return tuple(found.values())


def with_stands(agencies: QuerySet[Agency], periods: Iterable[Period]) -> QuerySet[Agency]:
    """The agencies annotated with their counts of these quarters, in the same statement."""
    return agencies.annotate(**_STANDS.column(periods))


def stands_of(agency: Agency) -> AgencyStand:
    """The counts of an agency read by `with_stands`."""
    quarters = _STANDS.of(agency)
    return AgencyStand(agency.code, agency.name, agency.short_name, agency.position, quarters)


def _counted_quarters(periods: Iterable[Period]) -> ArraySubquery:
    grouped = (
        _owed(periods)
        .filter(agency=OuterRef("pk"))
        .order_by()
        .values("period__year", "period__quarter")
        .annotate(**_counts())
    )
    names = ("period__year", "period__quarter", *_counts())
    return ArraySubquery(grouped.values(json=JSONArray(*names)))


def _read_quarters(found: Iterable[list[int]]) -> dict[Period, Stand]:
    return {Period(year, quarter): _stand(numbers) for year, quarter, *numbers in sorted(found)}


_STANDS = Annotation("stand_rows", _counted_quarters, _read_quarters)


def _owed(periods: Iterable[Period]) -> QuerySet[Any]:
    """Obligations of opened quarters with their days: first submitted, due, judged by."""
    wanted = Q()
    for period in periods:
        wanted |= Q(period__year=period.year, period__quarter=period.quarter)
    return (
        Obligation.objects.owed()
        .filter(wanted)
        .exclude(period__state=PeriodState.PLANNED)
        .annotate(first=TruncDate("first_submitted_at"), due=Greatest("due_on", "period__due_on"))
        .annotate(day=DAY)
        .annotate(judged_by=Coalesce("was_due_on", "due"))
    )


def _stand(numbers: Sequence[int]) -> Stand:
    *counts, on_time, late = numbers
    return Stand(*counts, punctuality=Punctuality(on_time, late))


def _counts() -> dict[str, Any]:
    """In the order of the fields of `Stand`; the last two are its punctuality.

    Must agree with `reporting.periods.rules.punctuality`, here counted by the database.
    """
    today = timezone.localdate()
    came_late = Q(first__gt=F("judged_by")) | Q(first=None, due__lt=today)
    waiting = Q(state__in=WAITING)
    return {
        "owed": Count("pk"),
        "approved": Count("pk", filter=~waiting & ~_RETURNED & ~_MISSING),
        "waiting": Count("pk", filter=waiting),
        "returned": Count("pk", filter=_RETURNED),
        "missing": Count("pk", filter=_MISSING),
        "overdue": Count("pk", filter=_MISSING & Q(day__lt=today)),
        "returned_times": Coalesce(Sum("returns"), 0),
        "on_time": Count(
            "pk", filter=Q(first__isnull=False) & (_BACKFILL | Q(first__lte=F("judged_by")))
        ),
        "late": Count("pk", filter=~_BACKFILL & came_late),
    }
