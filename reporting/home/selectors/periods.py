"""The periods of an agency's home, with what the page's head says of them."""

import datetime
from collections.abc import Sequence

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from agencies.models import Agency
from common.database.annotations import Annotation
from reporting.chasing.rules import signing_mark
from reporting.choices import AT_AGENCY, ObligationState, PeriodState
from reporting.models import Obligation, Reminder, ReportingPeriod
from reporting.policies import is_open


def periods_of(*, agency: Agency) -> QuerySet[ReportingPeriod]:
    """Every period, newest first, with what the page's header shows of the agency."""
    return ReportingPeriod.objects.annotate(
        **OWES.column(agency),
        **LEFT.column(agency),
        **TAKES_MORE.column(agency),
        **HAS_BEGUN.column(agency),
        **IS_REMINDED.column(agency),
    )


def _own(agency: Agency) -> QuerySet[Obligation]:
    return Obligation.objects.filter(agency=agency, period=OuterRef("pk"))


def _owes(agency: Agency) -> Exists:
    return Exists(_own(agency).exclude(dropped_on__isnull=False, period__state=PeriodState.PLANNED))


def _left(agency: Agency) -> Subquery:
    return _count(_own(agency).filter(dropped_on=None, state__in=AT_AGENCY))


def _takes_more(agency: Agency) -> Exists:
    left = _own(agency).filter(_may_come(), dropped_on=None, state__in=AT_AGENCY)
    return Exists(left.exclude(period__state=PeriodState.PLANNED))


def _count(obligations: QuerySet[Obligation]) -> Subquery:
    counted = obligations.order_by().values("period").annotate(count=Count("pk"))
    return Subquery(counted.values("count"))


def _has_begun(agency: Agency) -> Exists:
    return Exists(Obligation.objects.filter(agency=agency).exclude(state=ObligationState.EMPTY))


def _is_reminded(agency: Agency) -> Exists:
    sent = Reminder.objects.filter(period=OuterRef("pk"), user__agency=agency)
    return Exists(sent.filter(key__endswith=signing_mark(timezone.localdate())))


OWES = Annotation("owes", _owes, bool)
LEFT = Annotation("left", _left, lambda count: count or 0)
"""Number of obligations that the agency still has to submit."""
TAKES_MORE = Annotation("takes_more", _takes_more, bool)
"""Whether something can still be submitted although the period is closed."""
HAS_BEGUN = Annotation("has_begun", _has_begun, bool)
"""Whether the agency has entered anything, in any period."""
IS_REMINDED = Annotation("is_reminded", _is_reminded, bool)
"""Whether the agency's signers were reminded today."""


def chosen_period(
    periods: Sequence[ReportingPeriod], code: str, today: datetime.date
) -> ReportingPeriod | None:
    """The period asked for, else the one to fill in now; None if there is none.

    That is the open one due first with something left, else a closed one that still accepts
    something, else the newest. Backfills come last.
    """
    known = [row for row in periods if OWES.of(row)]
    named = [row for row in known if row.code == code]
    current = [row for row in known if is_open(period=row, today=today)]
    behind = [row for row in current if LEFT.of(row)]
    more = [row for row in known if TAKES_MORE.of(row) and row not in current]
    due = sorted(behind, key=lambda row: (row.is_backfill, row.due_on))
    rest = sorted(current, key=lambda row: row.is_backfill)
    return next(iter([*named, *due, *more, *rest, *known]), None)


def _may_come() -> Q:
    """Obligations that can be submitted after their period closed, as policies.is_writable_time."""
    today = timezone.localdate()
    is_back = Q(returns__gt=0) | Q(state=ObligationState.RETURNED) | ~Q(correction_reason="")
    return is_back | Q(unlocked_until__gte=today) | Q(due_on__gte=today)
