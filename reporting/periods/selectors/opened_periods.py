"""Opened quarters, those that pages show, and the reports still awaited in them."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection
from django.utils import timezone

from common.quarters import Period
from plan.models import DataState
from reporting.choices import PeriodState
from tasks.rules.awaited import is_missing
from tasks.selectors import QuarterReports

QUARTERS_JUDGED = 8
"""So many quarters a page looks back, the shown one included."""
_STATE = ("version", "has_demo", "changed_at", "plan_mark", "targets_mark", "tasks_mark",
          "projects_mark", "proposals_waiting", "targets_log")  # fmt: skip
# These columns belong to a row of counts; hashing numbers and texts takes a fifth less than JSON.
_OPENED = """
SELECT newest.number, newest.running,
(SELECT count(*) || ' ' || coalesce(max(changed_at)::text, '') FROM reporting_matter),
s.version, s.has_demo, s.changed_at, s.plan_mark, s.targets_mark, s.tasks_mark, s.projects_mark,
s.proposals_waiting, s.targets_log::json, owed.waiting, owed.extended, p.year, p.quarter,
CASE WHEN p.is_backfill THEN p.closes_on ELSE p.due_on END, p.state, p.is_backfill, owed.mark
FROM (
    SELECT coalesce(greatest(max(year * 4 + quarter) FILTER (
        WHERE state <> 'planned' AND year * 4 + quarter <= %(last)s
    ), (SELECT max(year * 4 + quarter) FROM tasks_taskprogress
        WHERE is_current AND year * 4 + quarter <= %(last)s)), %(last)s) number,
    json_agg(json_build_array(year, quarter, state, opens_on, due_on) ORDER BY year, quarter)
        FILTER (WHERE state <> 'closed') running
    FROM reporting_reportingperiod) newest
LEFT JOIN plan_datastate s ON s.id = 1
LEFT JOIN reporting_reportingperiod p ON p.state <> 'planned'
AND coalesce(%(asked)s, newest.number) - p.year * 4 - p.quarter BETWEEN 0 AND %(count)s - 1
LEFT JOIN LATERAL (
    SELECT array_agg(o.task_id) FILTER (WHERE o.kind = 'task' AND o.dropped_on IS NULL
        AND o.correction_reason = '' AND o.state IN ('submitted', 'reviewing')) waiting,
    array_agg(o.task_id) FILTER (WHERE o.kind = 'task' AND o.dropped_on IS NULL
        AND o.correction_reason = '' AND o.due_on >= %(today)s
        AND o.state IN ('empty', 'draft', 'signing', 'returned')) extended,
    bit_xor(hashtextextended(o.state, o.id * 64 + o.returns)
        # hashtextextended(o.correction_reason, o.id)
        # coalesce(timestamp_hash_extended(o.first_submitted_at::timestamp, o.id), 1)
        # coalesce(hashint4extended(o.due_on - '2000-01-01'::date, o.id), 2)
        # coalesce(hashint4extended(o.dropped_on - '2000-01-01'::date, -o.id), 3)) mark
    FROM reporting_obligation o WHERE o.period_id = p.id) owed ON TRUE
ORDER BY p.year, p.quarter
"""


@dataclass(frozen=True, slots=True)
class RunningPeriod:
    """A quarter that is open, or planned."""

    period: Period
    is_open: bool
    opens_on: datetime.date
    due_on: datetime.date

    def is_still(self, today: datetime.date) -> bool:
        """Whether it is open, or can still open on its day."""
        return self.is_open or today <= self.opens_on


@dataclass(frozen=True)
class OpenedPeriods:
    """The opened quarters, with the tasks whose reports wait for review or are awaited.

    `mark` changes whenever a count may change; the data state is read with it. `newest` is the
    newest quarter with obligations or reports; `shown` the one asked for, else `newest`.
    """

    periods: Mapping[Period, QuarterReports]
    mark: tuple[object, ...]
    state: DataState
    newest: Period
    shown: Period
    running: tuple[RunningPeriod, ...] = ()
    due: Mapping[Period, datetime.date] = field(default_factory=dict)
    """Quarter → the day by which it is reported."""
    ledger: str = ""
    """Changes with each step of any matter (none is ever deleted); empty for a past day."""

    @property
    def beside(self) -> tuple[RunningPeriod, ...]:
        """Other quarters that are open too."""
        return tuple(one for one in self.running if one.is_open and one.period != self.shown)

    @property
    def coming(self) -> RunningPeriod | None:
        """The next quarter that is planned."""
        return next((one for one in self.running if not one.is_open), None)

    @property
    def codes(self) -> str:
        """2026Q2 2026Q3 with a word for their reports; equal texts mean equal periods."""
        return " ".join(f"{period.code}:{hash(asked)}" for period, asked in self.periods.items())


def opened_periods(*, last: Period, asked: Period | None = None) -> OpenedPeriods:
    """The opened quarters up to the one asked for, with their mark; one statement.

    Without `asked`, up to the newest one with obligations or reports not after `last`. Written in
    SQL, because every cached page asks it: building the query takes the ORM longer than the
    database needs to run it.
    """
    today = timezone.localdate()
    number = asked.number if asked else None
    asks = {"last": last.number, "asked": number, "today": today, "count": QUARTERS_JUDGED}
    with connection.cursor() as cursor:
        cursor.execute(_OPENED, asks)
        rows = cursor.fetchall()
    newest, running, ledger, *state = rows[0][: len(_STATE) + 3]
    facts = dict(zip(_STATE, state, strict=True)) if state[0] else {"version": 0}
    marks, found, days = [running], {}, {}
    for waiting, extended, year, quarter, due, *mark in (row[len(_STATE) + 3 :] for row in rows):
        if year:
            marks.append((year, quarter, due, *mark))
            days[Period(year, quarter)] = due
            found[Period(year, quarter)] = QuarterReports(
                frozenset(waiting or ()), is_missing(due, today), frozenset(extended or ())
            )
    return OpenedPeriods(
        found,
        tuple(marks),
        DataState(pk=1, **facts),
        Period.numbered(newest),
        asked or Period.numbered(newest),
        tuple(one for one in (_running(*row) for row in running or ()) if one.is_still(today)),
        days,
        ledger,
    )


def _running(year: int, quarter: int, state: str, opens_on: str, due_on: str) -> RunningPeriod:
    days = (datetime.date.fromisoformat(day) for day in (opens_on, due_on))
    return RunningPeriod(Period(year, quarter), state == PeriodState.OPEN, *days)


def judged_periods(period: Period) -> tuple[Period, ...]:
    """The quarters whose punctuality counts, the chosen one last."""
    return period.back(QUARTERS_JUDGED)
