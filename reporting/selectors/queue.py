"""The bureau's queue: what waits in order of risk, what came back, what is missing."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from agencies.models import User
from reporting.choices import (
    DayKind,
    DecisionKind,
    MatterState,
    ObligationKind,
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
)
from reporting.policies import UNDO_MINUTES
from reporting.rules.risk_order import rank
from reporting.rules.working_days import WorkingDays
from reporting.selectors.notices import notices_column, notices_of
from reporting.selectors.queue_items import WAITING, queue_items
from reporting.selectors.queue_rows import QueueRow
from targets.selectors import Judged

MISSING = (ObligationState.EMPTY, ObligationState.DRAFT, ObligationState.SIGNING)
RETURNED, APPROVED = (ObligationState.RETURNED,), (ObligationState.APPROVED,)
VIEWS: Mapping[str, tuple[ObligationState, ...]] = {
    "": WAITING,
    "returned": RETURNED,
    "approved": APPROVED,
    "missing": MISSING,
}
"""What the list shows: the word in the address and the states it stands for."""

_CALENDAR_DAYS = 90


@dataclass(frozen=True)
class Filters:
    """What the address asks for."""

    period: str = ""
    agency: str = ""
    kind: str = ""
    state: str = ""
    doubts: bool = False

    @property
    def states(self) -> tuple[ObligationState, ...]:
        return VIEWS.get(self.state, WAITING)

    def takes(self, row: QueueRow) -> bool:
        """Whether a row is among those asked for."""
        return (
            row.item.state in self.states
            and self.agency in {"", row.item.agency.code}
            and self.kind in {"", row.item.kind}
            and not (self.doubts and not row.item.doubts)
        )


@dataclass(frozen=True)
class Undoable:
    """Approvals of one moment that their reviewer may still take back."""

    decisions: tuple[int, ...]
    codes: tuple[str, ...]
    until: datetime.datetime

    @property
    def words(self) -> str:
        """已通过27项, 已通过T18."""
        return f"已通过{len(self.codes)}项" if len(self.codes) > 1 else f"已通过{self.codes[0]}"


@dataclass(frozen=True)
class Desk:
    """What the reviewer has on the desk: counts of the period and what waits elsewhere."""

    periods: tuple[ReportingPeriod, ...]
    period: ReportingPeriod | None

    @property
    def _facts(self) -> Any:
        return self.period or ReportingPeriod()

    @property
    def counts(self) -> Mapping[str, int]:
        """waiting, doubtful, returned, approved, missing."""
        names = ("waiting", "doubtful", "returned", "approved", "missing")
        return {name: getattr(self._facts, f"n_{name}", 0) for name in names}

    @property
    def matters(self) -> int:
        """Important matters that wait for an answer."""
        return len(getattr(self._facts, "waiting_matters", ()))

    @property
    def requests(self) -> int:
        """Requests for more time that wait for a decision."""
        return len(getattr(self._facts, "waiting_requests", ()))

    @property
    def notices(self) -> tuple[Reminder, ...]:
        """Reminders to the reader that are not marked as read."""
        return notices_of(getattr(self._facts, "told", ()))

    @property
    def elsewhere(self) -> tuple[ReportingPeriod, ...]:
        """Other periods in which something waits."""
        return tuple(
            row
            for row in self.periods
            if row != self.period and row.n_waiting  # type: ignore[attr-defined]
        )

    @property
    def undoable(self) -> tuple[Undoable, ...]:
        """Own approvals of the last minutes, the newest first."""
        groups: dict[str, list[Mapping[str, Any]]] = {}
        for row in getattr(self._facts, "fresh", ()):
            groups.setdefault(row["batch"] or str(row["pk"]), []).append(row)
        return tuple(_undoable(rows) for rows in groups.values())

    @property
    def working_days(self) -> WorkingDays:
        """The calendar of the next weeks."""
        rows = getattr(self._facts, "calendar", ())
        days = [(datetime.date.fromisoformat(row["day"]), row["kind"]) for row in rows]
        return WorkingDays(
            frozenset(day for day, kind in days if kind == DayKind.HOLIDAY),
            frozenset(day for day, kind in days if kind == DayKind.WORKDAY),
        )


def desk(*, reader: User, code: str = "") -> Desk:
    """The period asked for, else the open one where most waits; one statement."""
    rows = tuple(_periods(reader))
    named = [row for row in rows if row.code == code]
    busy = sorted((row for row in rows if row.n_waiting), key=lambda row: not _is_open(row))
    open_ = [row for row in rows if _is_open(row)]
    return Desk(rows, next(iter([*named, *busy, *open_, *rows]), None))


def _is_open(period: ReportingPeriod) -> bool:
    return period.state == PeriodState.OPEN


def _periods(reader: User) -> QuerySet[Any]:
    """Periods with their counts; what waits elsewhere is counted once for all of them."""
    owed = Q(obligations__dropped_on=None, obligations__isnull=False)
    waits = owed & Q(obligations__state__in=WAITING)
    states = {"returned": RETURNED, "approved": APPROVED, "missing": MISSING}
    counted = {
        f"n_{name}": Count("obligations", filter=owed & Q(obligations__state__in=found))
        for name, found in states.items()
    }
    now = timezone.now()
    fresh = Decision.objects.filter(
        by_id=reader.pk,
        kind=DecisionKind.APPROVED,
        undone_at=None,
        obligation__state=ObligationState.APPROVED,
        decided_at__gt=now - datetime.timedelta(minutes=UNDO_MINUTES),
    ).order_by("-decided_at", "pk")
    today = timezone.localdate()
    soon = CalendarDay.objects.filter(
        day__range=(today, today + datetime.timedelta(days=_CALENDAR_DAYS))
    )
    matters = Matter.objects.filter(state=MatterState.REPORTED).order_by()
    requests = TimeRequest.objects.filter(state=RequestState.PENDING).order_by()
    return ReportingPeriod.objects.annotate(
        n_waiting=Count("obligations", filter=waits),
        n_doubtful=Count("obligations", filter=waits & Q(obligations__doubts__gt=0)),
        **counted,
        told=notices_column(reader=reader),
        waiting_matters=ArraySubquery(matters.values("pk")),
        waiting_requests=ArraySubquery(requests.values("pk")),
        fresh=ArraySubquery(
            fresh.values(
                json=JSONObject(
                    pk="pk", batch="batch", at="decided_at",
                    code=Coalesce(
                        "obligation__target__code", "obligation__task__code",
                        "obligation__project__code",
                    ),
                )
            )
        ),
        calendar=ArraySubquery(soon.values(json=JSONObject(day="day", kind="kind"))),
    )  # fmt: skip


def _undoable(rows: Sequence[Mapping[str, Any]]) -> Undoable:
    at = datetime.datetime.fromisoformat(rows[0]["at"])
    return Undoable(
        tuple(row["pk"] for row in rows),
        tuple(row["code"] for row in rows),
        timezone.localtime(at + datetime.timedelta(minutes=UNDO_MINUTES)),
    )


@dataclass(frozen=True)
class Queue:
    """The rows of a period that are asked for, and all that wait in it."""

    all: tuple[QueueRow, ...]
    filters: Filters

    @cached_property
    def rows(self) -> tuple[QueueRow, ...]:
        return tuple(row for row in self.all if self.filters.takes(row))

    @cached_property
    def clean(self) -> tuple[QueueRow, ...]:
        """What may be approved together."""
        return tuple(row for row in self.rows if row.is_clean)

    def near(self, pk: int) -> tuple[QueueRow, ...]:
        """What else of the same agency waits."""
        agency = next((row.item.agency_id for row in self.all if row.pk == pk), None)
        return tuple(
            row for row in self.all
            if row.item.agency_id == agency and row.pk != pk and row.is_waiting
        )  # fmt: skip

    def after(self, pk: int) -> QueueRow | None:
        """The next one that waits in this list; at its end the first one."""
        waiting = [row for row in self.rows if row.is_waiting or row.pk == pk]
        place = next((n for n, row in enumerate(waiting) if row.pk == pk), -1)
        turned = [*waiting[place + 1 :], *waiting[: max(place, 0)]]
        return next((row for row in turned if not row.is_mine), None)

    @property
    def agencies(self) -> list[tuple[str, str]]:
        """Code and name of the agencies in the list, for the filter."""
        known = {row.item.agency for row in self.all if row.item.state in self.filters.states}
        ordered = sorted(known, key=lambda agency: (agency.position, agency.code))
        return [(agency.code, agency.short_name) for agency in ordered]


def queue_rows(*, period: ReportingPeriod, filters: Filters) -> tuple[Obligation, ...]:
    """The items of the list and all that wait, in one statement and in the order of the plan."""
    found = Obligation.objects.owed().filter(period=period, state__in={*WAITING, *filters.states})
    return tuple(queue_items(items=found).order_by(*_PLAN_ORDER))


_PLAN_ORDER = (
    "target__position", "task__category__number", "task__number", "project__number",
    "agency__position", "pk",
)  # fmt: skip


def queue(
    *, items: Iterable[Obligation], judged: Mapping[int, Judged], filters: Filters, reader: User
) -> Queue:
    """The queue of these items: what waits in order of risk, other lists in that of the plan."""
    kept = tuple(items)
    same = Counter((item.kind, item.subject_code) for item in kept)
    rows = [
        QueueRow(
            item,
            reader,
            judged.get(item.target_id or 0),
            same[item.kind, item.subject_code] > 1,
        )
        for item in kept
    ]
    waiting = sorted((row for row in rows if row.is_waiting), key=lambda row: rank(row.risk))
    return Queue((*waiting, *(row for row in rows if not row.is_waiting)), filters)


def something_waits() -> bool:
    """Whether an open period has something to review."""
    waiting = Obligation.objects.owed().filter(state__in=WAITING)
    return waiting.filter(period__state=PeriodState.OPEN).exists()


KINDS: Sequence[tuple[str, str]] = tuple(ObligationKind.choices)
