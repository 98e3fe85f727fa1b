"""Time requests: pending ones first, with how often an agency has asked."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Value, When

from agencies.models import Agency
from reporting.choices import AT_AGENCY, RequestState
from reporting.models import Obligation, ReportingPeriod, TimeRequest

_SUBJECTS = (
    "period", "agency", "obligation__period", "obligation__agency", "obligation__target",
    "obligation__task", "obligation__project",
)  # fmt: skip


@dataclass(frozen=True)
class CountedRequest:
    """A request, with the number of its agency's requests in all periods, this one included."""

    request: TimeRequest
    times: int
    granted: int

    @property
    def what(self) -> str:
        obligation = self.request.obligation
        return f"{obligation.subject_code} {obligation.name}" if obligation else "全部未报事项"


def requests() -> QuerySet[Any]:
    """All requests, pending ones first and the oldest of these first; one statement."""
    of_agency = TimeRequest.objects.filter(agency=OuterRef("agency")).order_by().values("agency")
    granted = Count("pk", filter=Q(state=RequestState.GRANTED))
    waits = Case(When(state=RequestState.PENDING, then=Value(0)), default=Value(1))
    return (
        TimeRequest.objects.select_related(*_SUBJECTS)
        .annotate(
            times=Subquery(of_agency.annotate(n=Count("pk")).values("n")),
            granted=Subquery(of_agency.annotate(n=granted).values("n")),
        )
        .order_by(waits, "-asked_at", "-pk")
    )


def counted(row: Any) -> CountedRequest:
    """A row of `requests` as the page shows it."""
    return CountedRequest(row, row.times, row.granted)


def requests_of(*, agency: Agency, period: ReportingPeriod) -> tuple[TimeRequest, ...]:
    """The agency's requests in a period, newest first."""
    rows = TimeRequest.objects.filter(agency=agency, period=period)
    return tuple(rows.select_related(*_SUBJECTS).order_by("-asked_at", "-pk"))


def askable_obligations(*, agency: Agency, period: ReportingPeriod) -> QuerySet[Obligation]:
    """Obligations that a request can name: those that are not with the bureau."""
    rows = Obligation.objects.owed().filter(agency=agency, period=period, state__in=AT_AGENCY)
    return rows.with_subjects().in_plan_order()
