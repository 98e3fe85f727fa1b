"""A reviewer's workload: the period with its counts, what waits elsewhere, what can be undone."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from agencies.models import User
from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from common.quarters import Period
from reporting.answers.selectors.unread_reminders import (
    unread_reminders_column,
    unread_reminders_of,
)
from reporting.choices import (
    AT_AGENCY,
    UNSENT,
    WAITING,
    DayKind,
    DecisionKind,
    MatterState,
    ObligationState,
    PeriodState,
    RequestState,
)
from reporting.models import (
    CalendarDay,
    Decision,
    Matter,
    Obligation,
    Reminder,
    ReportingPeriod,
    TimeRequest,
    coded,
)
from reporting.periods.rules.working_days import WorkingDays
from reporting.periods.selectors.calendar import WORKING_DAYS
from reporting.periods.selectors.completeness import DAY
from reporting.policies import UNDO_MINUTES
from targets.models import Proposal
from tasks.rules.awaited import AWAITED_WORD, words

T = TypeVar("T")
RETURNED, APPROVED, MISSING = "returned", "approved", "missing"
LISTS = {
    "waiting": WAITING,
    RETURNED: (ObligationState.RETURNED,),
    APPROVED: (ObligationState.APPROVED,),
    MISSING: UNSENT,
}
"""The lists of the queue: the word in the address → its states."""


@dataclass(frozen=True)
class UndoableApprovals:
    """Approvals of one moment that their reviewer can still undo."""

    decisions: tuple[int, ...]
    codes: tuple[str, ...]
    until: datetime.datetime

    @property
    def words(self) -> str:
        """已通过27项, 已通过T18."""
        return f"已通过{len(self.codes)}项" if len(self.codes) > 1 else f"已通过{self.codes[0]}"


@dataclass(frozen=True)
class ReviewerWorkload:
    """The reviewer's workload: counts of the period, and what waits elsewhere."""

    periods: tuple[ReportingPeriod, ...]
    period: ReportingPeriod | None

    def _read(self, annotation: Annotation[..., Sequence[T]]) -> Sequence[T]:
        return annotation.of(self.period) if self.period else ()

    @property
    def counts(self) -> Mapping[str, int]:
        """Counts of the lists: waiting, doubtful, returned, approved, missing."""
        rows = self._read(_BY_STATE)
        items = {row["state"]: row["items"] for row in rows}
        doubts = {row["state"]: row["doubts"] for row in rows}
        found = {
            name: sum(items.get(state, 0) for state in states) for name, states in LISTS.items()
        }
        return found | {"doubtful": sum(doubts.get(state, 0) for state in WAITING)}

    @property
    def lacking(self) -> str:
        """What was not submitted, overdue and not yet due: 缺报5、待报2; 待报0 for nothing."""
        overdue = sum(row["overdue"] for row in self._read(_BY_STATE) if row["state"] in UNSENT)
        return "、".join(words(self.counts[MISSING] - overdue, overdue)) or f"{AWAITED_WORD}0"

    @property
    def matters(self) -> int:
        """Number of matters to assess, and of closings proposed by others to confirm."""
        return len(self._read(_MATTERS))

    @property
    def requests(self) -> int:
        """Number of time requests to decide."""
        return len(self._read(_REQUESTS))

    @property
    def proposals(self) -> int:
        """Number of proposals of others that need a second person."""
        return len(self._read(_PROPOSALS))

    @property
    def notices(self) -> tuple[Reminder, ...]:
        """The reader's unread reminders."""
        return tuple(self._read(_NOTICES))

    @property
    def elsewhere(self) -> tuple[ReportingPeriod, ...]:
        """Other periods that are open, or in which something waits."""
        return tuple(
            row
            for row in self.periods
            if row != self.period and (_N_WAITING.of(row) or row.is_opened)
        )

    @property
    def undoable(self) -> tuple[UndoableApprovals, ...]:
        """Own approvals of the last minutes, newest first."""
        groups: dict[str, list[Mapping[str, Any]]] = {}
        for row in self._read(_FRESH):
            groups.setdefault(row["batch"] or str(row["pk"]), []).append(row)
        return tuple(_undoable(rows) for rows in groups.values())

    @property
    def years(self) -> frozenset[int]:
        """The years whose holidays are entered."""
        return frozenset(self._read(_ENTERED_YEARS))

    @property
    def working_days(self) -> WorkingDays:
        """The calendar of the coming weeks."""
        return WORKING_DAYS.of(self.period) if self.period else WorkingDays()


def reviewer_workload(*, reader: User, code: str = "") -> ReviewerWorkload:
    """The workload of a period; one statement.

    The period asked for; else the open one due first in which something waits; else the open one
    due first that agencies still owe.
    """
    rows = tuple(_periods(reader, code))
    named = [row for row in rows if row.code == code]
    open_ = sorted((row for row in rows if _is_open(row)), key=_due_first)
    closed = [row for row in rows if not _is_open(row)]
    busy = [row for row in (*open_, *closed) if _N_WAITING.of(row)]
    return ReviewerWorkload(rows, next(iter([*named, *busy, *open_, *rows]), None))


def _is_open(period: ReportingPeriod) -> bool:
    return period.state == PeriodState.OPEN


def _due_first(period: ReportingPeriod) -> tuple[bool, bool, datetime.date]:
    """Order key: backfills last; first what still has obligations at agencies; then by due day."""
    at_agency = any(row["state"] in AT_AGENCY for row in _BY_STATE.of(period))
    return period.is_backfill, not at_agency, period.due_on


def _periods(reader: User, code: str) -> QuerySet[ReportingPeriod]:
    """All periods with what waits in them; states are counted only for periods that may be shown.

    Facts that belong to no period are read once for all of them.
    """
    return ReportingPeriod.objects.annotate(**_N_WAITING.column()).annotate(
        **_BY_STATE.column(code),
        **_MATTERS.column(reader),
        **_REQUESTS.column(),
        **_PROPOSALS.column(reader),
        **_FRESH.column(reader),
        **_NOTICES.column(reader=reader),
        **_ENTERED_YEARS.column(),
        **WORKING_DAYS.column(),
    )


def _fresh(reader: User) -> ArraySubquery:
    """Approvals that their reviewer can still undo."""
    fresh = Decision.objects.filter(
        by_id=reader.pk,
        kind=DecisionKind.APPROVED,
        undone_at=None,
        obligation__state=ObligationState.APPROVED,
        decided_at__gt=timezone.now() - datetime.timedelta(minutes=UNDO_MINUTES),
    ).order_by("-decided_at", "pk")
    named = Coalesce("obligation__target__code", "obligation__task__code",
                     "obligation__project__code")  # fmt: skip
    json = JSONRow(pk="pk", batch="batch", at="decided_at", code=named, of="obligation__value_year")
    return ArraySubquery(fresh.values(json=json))


def _entered_years() -> ArraySubquery:
    holidays = CalendarDay.objects.filter(kind=DayKind.HOLIDAY).order_by()
    return ArraySubquery(holidays.values("day__year").distinct())


def _matters(reader: User) -> ArraySubquery:
    closing = ~Q(state=MatterState.CLOSED) & Q(closing_by_id__isnull=False)
    to_be_decided = Q(state=MatterState.RAISED) | (closing & ~Q(closing_by_id=reader.pk))
    return ArraySubquery(Matter.objects.filter(to_be_decided).order_by().values("pk"))


def _requests() -> ArraySubquery:
    pending = TimeRequest.objects.filter(state=RequestState.PENDING).order_by()
    return ArraySubquery(pending.values("pk"))


def _proposals(reader: User) -> ArraySubquery:
    others = Proposal.objects.waiting().exclude(proposed_by=reader).order_by()
    return ArraySubquery(others.values("pk"))


def _n_waiting() -> Coalesce:
    waits = Obligation.objects.owed().filter(period=OuterRef("pk"), state__in=WAITING).order_by()
    counted = waits.values("period").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), Value(0))


def _by_state(code: str) -> Case:
    """Number of obligations by state, for the periods that may be shown.

    The number of closed quarters grows: theirs are counted by the index of states alone.
    """
    newest = ReportingPeriod.objects.order_by("-year", "-quarter").values("pk")[:1]
    shown = _quarter(code) | Q(state=PeriodState.OPEN) | Q(n_waiting__gt=0) | Q(pk=Subquery(newest))
    by_state = (
        Obligation.objects.owed()
        .filter(period=OuterRef("pk"))
        .annotate(day=DAY)
        .order_by()
        .values("state")
        .annotate(
            json=JSONRow(
                state="state",
                items=Count("pk"),
                doubts=Count("pk", filter=Q(doubts__gt=0)),
                overdue=Count("pk", filter=Q(day__lt=timezone.localdate())),
            )
        )
    )
    return Case(When(shown, then=ArraySubquery(by_state.values("json"))))


def _quarter(code: str) -> Q:
    """The condition of a period's code; matches no period where it is not a code."""
    try:
        asked = Period.parse(code)
    except ValueError:
        asked = Period(0)
    return Q(year=asked.year, quarter=asked.quarter or 0)


_N_WAITING = Annotation("n_waiting", _n_waiting, int)
_BY_STATE = Annotation("by_state", _by_state, lambda rows: tuple(rows or ()))
_MATTERS = Annotation("waiting_matters", _matters, tuple)
_REQUESTS = Annotation("waiting_requests", _requests, tuple)
_PROPOSALS = Annotation("waiting_proposals", _proposals, tuple)
_FRESH = Annotation("fresh", _fresh, tuple)
_NOTICES = Annotation("told", unread_reminders_column, unread_reminders_of)
_ENTERED_YEARS = Annotation("entered_years", _entered_years, tuple)


def _undoable(rows: Sequence[Mapping[str, Any]]) -> UndoableApprovals:
    at = datetime.datetime.fromisoformat(rows[0]["at"])
    return UndoableApprovals(
        tuple(row["pk"] for row in rows),
        tuple(coded(row["code"], row["of"]) for row in rows),
        timezone.localtime(at + datetime.timedelta(minutes=UNDO_MINUTES)),
    )


def something_waits() -> bool:
    """Whether an open period has something to review."""
    waiting = Obligation.objects.owed().filter(state__in=WAITING)
    return waiting.filter(period__state=PeriodState.OPEN).exists()
