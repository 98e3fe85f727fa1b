"""Obligations for chasing: state, due day, day of submission."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from reporting.choices import AT_AGENCY, WAITING, ObligationKind, ObligationState
from reporting.models import PLAN_ORDER, Obligation, ReportingPeriod, coded
from reporting.periods.rules.punctuality import HandInDates
from reporting.rules import due_days

_COLUMNS = (
    "agency", "period", "kind", "state", "returns", "correction_reason", "due_on", "answer_due",
    "was_due_on", "first_submitted_at", "submitted_at", "editors",
    "value_year", "target__code", "target__name", "task__code", "task__title", "project__code",
    "project__name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChasedObligation:
    """One obligation.

    `due` is the day of its first report, `judged_by` what that was at its first submission,
    `binding` the day by which its agency has to act now.
    """

    agency: int
    period: ReportingPeriod
    kind: str
    state: str
    code: str
    name: str
    due: datetime.date
    judged_by: datetime.date
    first: datetime.date | None
    sent: datetime.date | None
    binding: datetime.date | None
    was_returned: bool
    is_correction: bool
    editors: frozenset[int]

    @property
    def label(self) -> str:
        """The code, marked for a contribution to another agency's task: 5-1（配合）."""
        return f"{self.code}（配合）" if self.is_contribution else self.code

    @property
    def is_contribution(self) -> bool:
        return self.kind == ObligationKind.CONTRIBUTION

    @property
    def is_missing(self) -> bool:
        """Whether it was never submitted. An obligation being corrected was submitted before."""
        return self.state in AT_AGENCY and not (self.was_returned or self.is_correction)

    @property
    def day(self) -> datetime.date:
        """The day after which it is 缺报: a backfill is never late, so its closing day counts."""
        return self.period.closes_on if self.period.is_backfill else self.due

    @property
    def is_unanswered(self) -> bool:
        """Returned by the bureau and not submitted again, also while it is signed or withdrawn."""
        if not self.was_returned:
            return False
        is_back = self.state == ObligationState.RETURNED
        return is_back or (self.state in AT_AGENCY and not self.is_correction)

    @property
    def is_outstanding(self) -> bool:
        return self.is_missing or self.is_unanswered

    @property
    def is_waiting(self) -> bool:
        """With the bureau, undecided."""
        return self.state in WAITING

    @property
    def handed(self) -> HandInDates:
        """The days by which the on-time rate judges it."""
        return HandInDates(self.judged_by, self.first, self.period.is_backfill)


def chased_obligations(*, periods: Iterable[ReportingPeriod]) -> tuple[ChasedObligation, ...]:
    """All obligations of these periods, by agency and in plan order; one statement."""
    known = {period.pk: period for period in periods}
    rows: QuerySet[Any] = (
        Obligation.objects.owed()
        .filter(period__in=known)
        .order_by(
            "-period__year", "-period__quarter", "agency__position", "agency__code",
            *PLAN_ORDER,
        )
        .values_list(*_COLUMNS)
    )  # fmt: skip
    return tuple(_chased_obligations(rows, known))


def _chased_obligations(
    rows: Iterable[Any], periods: dict[int, ReportingPeriod]
) -> Iterator[ChasedObligation]:
    for row in rows:
        agency, period, kind, state, returns, correction, extended, answer, *rest = row
        was_due, first, sent, editors, year, *names = rest
        codes, titles = names[::2], names[1::2]
        period_due = periods[period].due_on
        due = due_days.report_day(extended=extended, period_due=period_due)
        yield ChasedObligation(
            agency=agency,
            period=periods[period],
            kind=kind,
            state=state,
            code=coded(next(code for code in codes if code), year),
            name=next(title for title in titles if title),
            due=due,
            judged_by=was_due or due,
            first=_day(first),
            sent=_day(sent),
            binding=due_days.binding_day(
                answer_due=answer,
                is_correction=bool(correction),
                extended=extended,
                period_due=period_due,
            ),
            was_returned=returns > 0,
            is_correction=bool(correction),
            editors=frozenset(editors),
        )


def _day(moment: datetime.datetime | None) -> datetime.date | None:
    return timezone.localtime(moment).date() if moment else None
