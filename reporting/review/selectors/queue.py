"""The bureau's queue: waiting obligations in order of risk, returned ones, missing ones."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from agencies.models import User
from reporting.choices import WAITING, ObligationKind, ObligationState
from reporting.models import Obligation, ReportingPeriod
from reporting.review.rules.risk_order import rank
from reporting.review.selectors.queue_obligations import (
    WHOM,
    queue_obligations,
)
from reporting.review.selectors.queue_rows import QueueRow
from reporting.review.selectors.workload import APPROVED, LISTS, MISSING, RETURNED
from targets.selectors import Judged


@dataclass(frozen=True)
class QueueFilters:
    """The filters in the address."""

    period: str = ""
    agency: str = ""
    kind: str = ""
    state: str = ""
    doubts: bool = False

    @property
    def states(self) -> tuple[ObligationState, ...]:
        return LISTS.get(self.state, WAITING)

    @property
    def shows_returned(self) -> bool:
        return self.states == LISTS[RETURNED]

    @property
    def shows_approved(self) -> bool:
        return self.states == LISTS[APPROVED]

    @property
    def waits_for_agencies(self) -> bool:
        """Whether the list shows obligations that agencies have to submit, first or again."""
        return self.shows_missing or self.shows_returned

    @property
    def shows_missing(self) -> bool:
        return self.states == LISTS[MISSING]

    def takes(self, row: QueueRow) -> bool:
        """Whether a row matches the filters."""
        return (
            row.obligation.state in self.states
            and self.agency in {"", row.obligation.agency.code}
            and self.kind in {"", row.obligation.kind}
            and not (self.doubts and not row.obligation.doubts)
        )


@dataclass(frozen=True)
class Queue:
    """The rows of a period that match the filters, and all that wait in it."""

    all: tuple[QueueRow, ...]
    filters: QueueFilters

    @cached_property
    def rows(self) -> tuple[QueueRow, ...]:
        return tuple(row for row in self.all if self.filters.takes(row))

    @cached_property
    def clean(self) -> tuple[QueueRow, ...]:
        """The rows that may be approved in bulk."""
        return tuple(row for row in self.rows if row.is_clean)

    def near(self, pk: int) -> tuple[QueueRow, ...]:
        """Other waiting rows of the same agency."""
        agency = next((row.obligation.agency_id for row in self.all if row.pk == pk), None)
        return tuple(
            row for row in self.all
            if row.obligation.agency_id == agency and row.pk != pk and row.is_waiting
        )  # fmt: skip

    def after(self, pk: int) -> QueueRow | None:
        """The next waiting row of this list; after the last one, the first."""
        waiting = [row for row in self.rows if row.is_waiting or row.pk == pk]
        place = next((n for n, row in enumerate(waiting) if row.pk == pk), -1)
        turned = [*waiting[place + 1 :], *waiting[: max(place, 0)]]
        return next((row for row in turned if not row.is_mine), None)

    @property
    def agencies(self) -> list[tuple[str, str]]:
        """Code and name of the agencies in the list, for the filter."""
        known = {
            row.obligation.agency for row in self.all if row.obligation.state in self.filters.states
        }
        ordered = sorted(known, key=lambda agency: (agency.position, agency.code))
        return [(agency.code, agency.short_name) for agency in ordered]


def queue_rows(*, period: ReportingPeriod, filters: QueueFilters) -> tuple[Obligation, ...]:
    """Obligations of the list and all that wait, in one statement, in the order of the plan."""
    found = Obligation.objects.owed().filter(period=period, state__in={*WAITING, *filters.states})
    obligations = queue_obligations(obligations=found).order_by(*_PLAN_ORDER)
    return tuple(
        obligations.annotate(**WHOM.column()) if filters.waits_for_agencies else obligations
    )


_PLAN_ORDER = (
    "target__position", "-value_year", "task__category__number", "task__number", "project__number",
    "agency__position", "pk",
)  # fmt: skip


def queue(
    *,
    obligations: Iterable[Obligation],
    judged: Mapping[int, Judged],
    filters: QueueFilters,
    reader: User,
) -> Queue:
    """The queue of these obligations: waiting ones by risk, other lists in the plan's order."""
    kept = tuple(obligations)
    same = Counter((obligation.kind, obligation.subject_code) for obligation in kept)
    rows = [
        QueueRow(
            obligation,
            reader,
            judged.get(obligation.target_id or 0),
            same[obligation.kind, obligation.subject_code] > 1,
        )
        for obligation in kept
    ]
    waiting = sorted((row for row in rows if row.is_waiting), key=lambda row: rank(row.risk))
    return Queue((*waiting, *(row for row in rows if not row.is_waiting)), filters)


KINDS: Sequence[tuple[str, str]] = tuple(ObligationKind.choices)
