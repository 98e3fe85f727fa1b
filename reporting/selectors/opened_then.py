"""Which quarters had been opened at a past moment, and what waited for review then.

Both follow exactly from what is kept with its time: receipts, withdrawals, decisions and what was
undone of them. What was owed does not: nothing says when an item was added or dropped.
"""

import datetime
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet

from common.json_rows import JSONRow
from common.quarters import Period
from plan.models import DataState
from reporting.choices import DecisionKind, ObligationKind
from reporting.models import Decision, ReportingPeriod, Submission, SubmittedItem
from reporting.selectors.completeness import Opened


def opened_then(*, moment: datetime.datetime, periods: Sequence[Period]) -> Opened:
    """What of these quarters had been open before a moment, each with the tasks that waited then,
    and the state of the plan's data beside them; one statement. What is past has no mark."""
    handed_in = Submission.objects.filter(period=OuterRef("pk"), submitted_at__lt=moment)
    known = ReportingPeriod.objects.filter(
        Q(opened_at__lt=moment) | Exists(handed_in),  # it may have been opened again since
        year__in={period.year for period in periods},
    ).annotate(waiting=ArraySubquery(_waited(moment).values("obligation__task_id")))
    json = JSONRow(year="year", quarter="quarter", waiting="waiting")
    state = DataState.objects.filter(pk=1).annotate(opened=ArraySubquery(known.values(json=json)))
    found = state.first()
    if found is None:
        return Opened({}, (), DataState(pk=1, version=0))
    then = {Period(row["year"], row["quarter"]): row["waiting"] for row in found.opened}
    return Opened({one: frozenset(then[one]) for one in periods if one in then}, (), found)


def _waited(moment: datetime.datetime) -> QuerySet[Any]:
    """Rounds of a period's tasks that had been handed in and were not yet decided or withdrawn.

    What had been approved before and was being corrected counts by its approved report.
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
