"""The effect, in numbers, of opening, moving or closing a period."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, F, Max, Q, Value
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.utils import timezone

from reporting.choices import AT_AGENCY, PeriodState
from reporting.models import Obligation, ReportingPeriod
from reporting.periods.selectors.planned_obligations import pending_changes


@dataclass(frozen=True, slots=True)
class OtherOpenPeriod:
    """Another open period with obligations that have not been submitted."""

    period: ReportingPeriod
    missing: int


@dataclass(frozen=True, slots=True)
class OpeningPreview:
    """What agencies will owe once a period is opened."""

    agencies: int
    added: int
    resumed: int
    holes: int
    days_early: int
    running: tuple[OtherOpenPeriod, ...]


@dataclass(frozen=True, slots=True)
class MovePreview:
    """The effect of other days of an open period on its obligations, such as closing today."""

    period: ReportingPeriod
    days_left: int
    unsent: int
    newly_late: int
    kept_on_time: int
    extended: int
    extended_until: datetime.date | None
    closes_today: bool


def preview_opening(*, period: ReportingPeriod) -> OpeningPreview:
    """The effect of opening a period, by the same numbers as the service; six statements."""
    found = pending_changes(period=period)
    agencies = {owed.agency for owed in found.added} | {row.agency_id for row in found.resumed}
    running = (
        ReportingPeriod.objects.filter(state=PeriodState.OPEN, is_backfill=False)
        .exclude(pk=period.pk)
        .annotate(
            missing=Count(
                "obligations",
                filter=Q(obligations__dropped_on=None, obligations__state__in=AT_AGENCY),
            )
        )
        .filter(missing__gt=0)
    )
    return OpeningPreview(
        len(agencies),
        len(found.added),
        len(found.resumed),
        len(found.holes),
        max((period.opens_on - timezone.localdate()).days, 0),
        tuple(OtherOpenPeriod(row, row.missing) for row in running),
    )


def preview_move(
    *, period: ReportingPeriod, due_on: datetime.date, closes_on: datetime.date
) -> MovePreview:
    """The effect of these days on the stored obligations of an open period; one statement."""
    today = timezone.localdate()
    due, new = Greatest("due_on", Value(period.due_on)), Greatest("due_on", Value(due_on))
    missing, unsent = Q(state__in=AT_AGENCY), Q(first=None)
    runs = missing & Q(due_on__gte=today)
    found = (
        Obligation.objects.owed()
        .filter(period=period)
        .annotate(first=TruncDate("first_submitted_at"), due=due, new=new)
        .annotate(judged_by=Coalesce("was_due_on", "due"))
        .aggregate(
            unsent=Count("pk", filter=missing),
            newly_late=Count("pk", filter=unsent & Q(due__gte=today, new__lt=today)),
            kept_on_time=Count("pk", filter=Q(first__lte=F("judged_by"), first__gt=F("new"))),
            extended=Count("pk", filter=runs),
            extended_until=Max("due_on", filter=runs),
        )
    )
    left = max((period.due_on - today).days, 0)
    return MovePreview(period, left, **found, closes_today=closes_on < today)


def is_moved_back(
    *, period: ReportingPeriod, due_on: datetime.date, closes_on: datetime.date
) -> bool:
    """Whether an open period would end sooner for agencies, which asks for a confirmation."""
    return period.is_opened and (due_on < period.due_on or closes_on < period.closes_on)
