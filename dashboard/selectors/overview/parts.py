"""What the overview is made of: each part is read when it is first asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, partial
from typing import TypeVar

from common.quarters import Period
from dashboard.rules.changes.compare_days import compare
from dashboard.rules.changes.comparison import Comparison
from dashboard.rules.changes.snapshots import (
    ProjectSnapshot,
    Snapshot,
    TargetSnapshot,
    TaskSnapshot,
)
from dashboard.rules.overview.findings import projects_finding, tasks_finding
from dashboard.selectors.changes.comparison import (
    concerns_known,
    projects_known,
    targets_known,
    task_known,
)
from dashboard.selectors.overview.rows import OverviewRow, RowGroup, overview_rows
from dashboard.selectors.overview.target_facts import TargetFacts, target_facts
from dashboard.selectors.part_cache import PartCache
from plan.models import DataState
from projects.selectors import ProjectRow, rows_on
from projects.selectors import ProjectsOverview as Projects
from records.asof import AsOf, day_of
from reporting.matters.selectors.on_days import MattersByDay
from targets import rules
from targets.selectors import (
    NOTHING,
    Judged,
    Unreviewed,
    judged_now,
    judged_now_and_then,
    judged_on_both,
    judged_targets,
    years_among,
)
from tasks.selectors import (
    HeatMap,
    OpenedQuarters,
    TaskHistory,
    heat_of,
    task_histories,
)

QUARTERS_SHOWN = 4
Made = TypeVar("Made")


def first_day(period: Period, today: date) -> date:
    """The day with which a page of a quarter compares: by its end what was said of the quarter
    before is known. Of a quarter that was opened early it is the end of the one before."""
    found = period.end if period.end < today else period.previous.end
    return min(found, today - timedelta(days=1))


@dataclass(frozen=True)
class OverviewParts:
    """What the overview shows for a quarter. Each part is read when it is first asked for, once:
    a part that a page has kept costs nothing. Its summary is made of them.

    `ledger` is what was held on the day of comparison and now; without it nothing is compared, as
    what waits for review is no change yet. `waiting` reports of the quarter wait for review. With
    the `state` of the data only targets that changed are read. `decides` where the reader has the
    whole list of matters.
    """

    period: Period
    opened: OpenedQuarters
    asof: AsOf | None
    unreviewed: Unreviewed
    ledger: tuple[MattersByDay, MattersByDay] | None
    waiting: int
    kept: PartCache
    state: DataState | None
    decides: bool

    @property
    def mark(self) -> tuple[object, ...]:
        """What the summary depends on besides the data and what was opened."""
        return self.period, self.ledger, self.waiting, self.decides

    # What is read, each in one statement.

    @property
    def today(self) -> date:
        return day_of(self.asof)

    @property
    def before(self) -> AsOf:
        """The day with which is compared."""
        return AsOf(first_day(self.period, self.today))

    @cached_property
    def judged(self) -> Sequence[Judged]:
        """The targets; the statement reads them as of the day before too, unless that is known."""
        state = self.state if not self.asof and self.unreviewed == NOTHING else None
        if self.ledger is None or self.kept.find(f"overview {self._then}", area="plan") is not None:
            if state:
                return judged_now(state)
            return judged_targets(asof=self.asof, unreviewed=self.unreviewed)
        now, then = self._on_both_days(state)
        settled = years_among(now, self.today).settled
        known = self._known_then(then, settled)
        vars(self)["targets_then"] = self._once(self._then, lambda: known, area="plan")
        return now

    def _on_both_days(self, state: DataState | None) -> tuple[list[Judged], list[Judged]]:
        if state:
            return judged_now_and_then(state, before=self.before)
        return judged_on_both(before=self.before, asof=self.asof, unreviewed=self.unreviewed)

    @cached_property
    def histories(self) -> tuple[TaskHistory, ...]:
        """The tasks."""
        read = partial(task_histories, before=self.before, asof=self.asof)
        return self._once(f"told {self.before.day}", read, area="tasks")

    @cached_property
    def _projects(self) -> tuple[list[ProjectRow], ...]:
        read = partial(rows_on, self.asof, self.before)
        return self._once(f"projects {self.before.day}", read, area="projects")

    @property
    def _quarters(self) -> tuple[Period, ...]:
        return self.period.back(QUARTERS_SHOWN)

    # What is kept of it.

    def _once(self, name: str, make: Callable[[], Made], *, area: str) -> Made:
        """The cached part, until values of its area change; callers must not modify it."""
        found: Made | None = self.kept.find(f"overview {name}", area=area)
        if found is None:
            found = make()
            self.kept.store(f"overview {name}", found, area=area)
        return found

    @cached_property
    def facts(self) -> TargetFacts:
        """What the sentences need of the targets."""

        def make() -> TargetFacts:
            years = years_among(self.judged, self.today)
            return target_facts(self.rows, years, before=self.before.day)

        return self._once(f"facts {self.period.code} {self._then}", make, area="targets")

    @cached_property
    def targets_then(self) -> tuple[TargetSnapshot, ...]:
        """The targets as of the day before, which no value of today changes."""

        def make() -> tuple[TargetSnapshot, ...]:
            return self._known_then(judged_targets(asof=self.before), self.years.settled)

        return self._once(self._then, make, area="plan")

    @property
    def _tasks_known(self) -> tuple[tuple[TaskSnapshot, ...], ...]:
        """The tasks now and then."""

        def make() -> tuple[tuple[TaskSnapshot, ...], ...]:
            now = tuple(task_known(one.task, one.newest) for one in self.histories)
            return now, tuple(task_known(one.task, one.earlier) for one in self.histories)

        return self._once(f"tasks known {self.before.day}", make, area="tasks")

    @property
    def _projects_known(self) -> tuple[tuple[ProjectSnapshot, ...], ...]:
        """The projects now and then."""

        def make() -> tuple[tuple[ProjectSnapshot, ...], ...]:
            return tuple(map(projects_known, self._projects))

        return self._once(f"projects known {self.before.day}", make, area="projects")

    @property
    def _then(self) -> str:
        return f"then {self.before.day} {self.today.year}"

    def _known_then(self, rows: Sequence[Judged], settled: int) -> tuple[TargetSnapshot, ...]:
        return targets_known(rows, {years_among(rows, self.before.day).settled, settled})

    # What is shown.

    @property
    def years(self) -> rules.MilestoneYears:
        return self.facts.years

    @property
    def judging(self) -> rules.JudgingRules | None:
        """The rules by which the rows are judged; None if there are none."""
        return self.facts.judging

    @property
    def is_empty(self) -> bool:
        """True where no plan has been loaded."""
        return not self.facts.outset.targets

    @cached_property
    def groups(self) -> tuple[RowGroup, ...]:
        """The rows, the headline targets first."""
        return overview_rows(self.judged, self.period)

    @property
    def rows(self) -> tuple[OverviewRow, ...]:
        return tuple(row for group in self.groups for row in group.rows)

    @cached_property
    def heat(self) -> HeatMap:
        return heat_of(self.histories, self._quarters, self.opened)

    @cached_property
    def projects(self) -> Projects:
        return Projects(tuple(self._projects[0]))

    @property
    def tasks_finding(self) -> str:
        """任务：4项滞后或停滞."""
        return tasks_finding(
            total=len(self.histories),
            slow=sum(one.is_slow for one in self.histories),
            reported=any(one.newest for one in self.histories),
            period=self.period,
        )

    @property
    def projects_finding(self) -> str:
        """7个项目超期，其中4个没有填报单位."""
        late = [row for row in self.projects.rows if row.overdue]
        return projects_finding(
            total=self.projects.total,
            overdue=len(late),
            unassigned=sum(row.project.reporting_agency is None for row in late),
        )

    @cached_property
    def comparison(self) -> Comparison:
        """What differs from the day before."""
        return compare(self.snapshot_then, self._snapshot_now)

    @cached_property
    def snapshot_then(self) -> Snapshot:
        """What stood on the day of comparison."""
        day = self.before.day
        return Snapshot(
            day=day,
            year=replace(self.years, today=day).settled,
            targets=self.targets_then,
            tasks=self._tasks_known[1],
            projects=self._projects_known[1],
            concerns=concerns_known(self.ledger[0]) if self.ledger else (),
        )

    @property
    def _snapshot_now(self) -> Snapshot:
        return Snapshot(
            day=self.today,
            year=self.years.settled,
            targets=self.facts.known,
            tasks=self._tasks_known[0],
            projects=self._projects_known[0],
            concerns=concerns_known(self.ledger[1]) if self.ledger else (),
        )
