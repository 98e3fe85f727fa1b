"""The quarters opened by a past moment, and what waited for review then.

Both follow exactly from records with a time: receipts, withdrawals, decisions and undone ones. What
was owed does not: no record says when an obligation was added or dropped.
"""

import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.utils import timezone

from common.database.json_rows import JSONRow
from common.quarters import Period
from plan.models import DataState
from records.asof import AsOf, as_known
from reporting.choices import DecisionKind, ObligationKind, RequestKind, RequestState
from reporting.models import (
    Decision,
    Obligation,
    ReportingPeriod,
    Submission,
    SubmittedItem,
    TimeRequest,
)
from reporting.periods.selectors.opened_periods import OpenedPeriods, judged_periods
from tasks.models import TaskProgress
from tasks.rules.awaited import is_missing
from tasks.selectors import QuarterReports

_YEARS = 5
"""So many years back a newest quarter is searched."""


def opened_asof(
    *, moment: datetime.datetime, last: Period, asked: Period | None = None
) -> OpenedPeriods:
    """The quarters opened before a moment, with the tasks that waited or were awaited then.

    Up to the one asked for, else up to the newest one with obligations or reports then. The data
    state is read with them; one statement. A past moment has no mark.
    """
    day = timezone.localdate(moment) - datetime.timedelta(days=1)
    handed_in = Submission.objects.filter(period=OuterRef("pk"), submitted_at__lt=moment)
    known = ReportingPeriod.objects.filter(
        Q(opened_at__lt=moment) | Exists(handed_in),  # it may have been opened again since
        year__gte=(asked or last).year - _YEARS,
        year__lte=max(last, asked or last, key=lambda one: one.number).year,
    ).annotate(
        waiting=ArraySubquery(_waited(moment).values("obligation__task_id")),
        extended=ArraySubquery(_extended(moment, day).values("task_id")),
        day=Case(When(is_backfill=True, then="closes_on"), default="due_on"),
    )
    names = ("year", "quarter", "day", "waiting", "extended")
    json = JSONRow(**{name: name for name in names})
    told = as_known(TaskProgress.objects.filter(year__lte=last.year), AsOf(day))
    quarter = told.order_by("-year", "-quarter").values(number=F("year") * 4 + F("quarter"))
    state = DataState.objects.filter(pk=1).annotate(
        opened=ArraySubquery(known.values(json=json)),
        told=ArraySubquery(quarter.distinct()),
    )
    found = state.first()
    if found is None:
        return OpenedPeriods({}, (), DataState(pk=1, version=0), last, asked or last)
    then = {
        Period(row["year"], row["quarter"]): QuarterReports(
            frozenset(row["waiting"]),
            is_missing(datetime.date.fromisoformat(row["day"]), day),
            frozenset(row["extended"]),
        )
        for row in found.opened
    }
    numbers = [*(one.number for one in then), *found.told]
    newest = max((one for one in numbers if one <= last.number), default=last.number)
    shown = asked or Period.numbered(newest)
    periods = {one: then[one] for one in judged_periods(shown) if one in then}
    return OpenedPeriods(periods, (), found, Period.numbered(newest), shown)


def _extended(moment: datetime.datetime, day: datetime.date) -> QuerySet[Any]:
    """A period's tasks whose extension had not run out on the day."""
    granted = TimeRequest.objects.filter(
        Q(obligation=OuterRef("pk")) | Q(obligation=None, agency=OuterRef("agency")),
        period=OuterRef("period"), kind=RequestKind.EXTENSION, state=RequestState.GRANTED,
        decided_at__lt=moment, until__gte=day,
    )  # fmt: skip
    tasks = Obligation.objects.filter(period=OuterRef("pk"), kind=ObligationKind.TASK)
    return tasks.filter(Exists(granted))


def _waited(moment: datetime.datetime) -> QuerySet[Any]:
    """A period's rounds of tasks that were submitted and not yet decided or withdrawn.

    An approved task under correction counts by its approved report.
    """
    rounds = SubmittedItem.objects.filter(
        Q(withdrawn_at=None) | Q(withdrawn_at__gte=moment),
        submission__submitted_at__lt=moment,
        obligation__period=OuterRef("pk"),
        obligation__kind=ObligationKind.TASK,
    )
    decided = Decision.objects.filter(
        Q(undone_at=None) | Q(undone_at__gte=moment), decided_at__lt=moment
    )
    final = (DecisionKind.APPROVED, DecisionKind.RETURNED)
    was_decided = Exists(decided.filter(item=OuterRef("pk"), kind__in=final))
    was_approved = Exists(
        decided.filter(obligation=OuterRef("obligation"), kind=DecisionKind.APPROVED)
    )
    return rounds.filter(~was_decided, ~was_approved)
