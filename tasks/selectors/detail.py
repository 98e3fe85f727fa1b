"""One task with everything about it."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists

from common.formats import number
from common.quarters import Period
from common.repeated_texts import RepeatedText
from records.asof import AsOf, as_known, as_they_stood
from records.shares import NamedAgency, agencies_of, with_agencies
from targets.models import Target
from targets.selectors import Judged, judged_targets
from tasks.models import Task, TaskContribution, TaskProgress
from tasks.rules import progress as rules
from tasks.rules.awaited import MISSING_WORD
from tasks.selectors.rows import NOTHING_OPENED, OpenedQuarters

QUARTERS_SHOWN = 8


@dataclass(frozen=True)
class QuarterBox:
    """One quarter of a task's strip."""

    period: Period
    light: rules.Light
    is_reported: bool

    @property
    def is_missing(self) -> bool:
        return self.light.word == MISSING_WORD

    @property
    def css(self) -> str:
        return "cell-missing" if self.is_missing else f"cell-{self.light.level}"


@dataclass(frozen=True)
class VersionRow:
    """One version of one quarter's report."""

    progress: TaskProgress

    @property
    def light(self) -> rules.Light:
        return rules.light(self.progress.status)


@dataclass(frozen=True)
class TaskDetail:
    """All that the page of one task shows."""

    task: Task
    period: Period
    responsible: tuple[NamedAgency, ...]
    versions: tuple[TaskProgress, ...]
    contributions: tuple[TaskContribution, ...]
    served: tuple[Judged, ...]
    is_open: bool
    opened: OpenedQuarters

    @cached_property
    def current(self) -> dict[Period, TaskProgress]:
        return {row.period: row for row in self.versions if row.is_current}

    @property
    def latest(self) -> TaskProgress | None:
        """The newest report of all."""
        return next((row for row in self.versions if row.is_current), None)

    @property
    def light(self) -> rules.Light:
        """The light of the last closed quarter."""
        return self._light_of(self.period)

    def _light_of(self, period: Period) -> rules.Light:
        """A quarter counts as missed after the first report, the last one where others reported."""
        row = self.current.get(period)
        if row is not None:
            return rules.light(row.status)
        if pending := self._pending(period):
            return rules.light(pending)
        first = min(((p.year, p.quarter or 0) for p in self.current), default=None)
        missed = first is not None and first < (period.year, period.quarter or 0)
        return rules.light(None, is_open=self.is_open if period == self.period else missed)

    def _pending(self, period: Period) -> str | None:
        """Waiting or awaited, where the quarter was opened and nothing is in force."""
        asked = self.opened.get(period)
        return asked.status(self.task.pk) if asked else None

    @property
    def latest_light(self) -> rules.Light:
        return rules.light(self.latest.status if self.latest else None)

    @property
    def strip(self) -> tuple[QuarterBox, ...]:
        return tuple(
            QuarterBox(period, self._light_of(period), period in self.current)
            for period in self.period.back(QUARTERS_SHOWN)
        )

    @property
    def is_reported(self) -> bool:
        return self.period in self.current

    @property
    def is_waiting(self) -> bool:
        """Handed in for the last closed quarter, and not yet approved."""
        return not self.is_reported and self._pending(self.period) == rules.WAITING

    @property
    def version_rows(self) -> tuple[VersionRow, ...]:
        """Every version of every quarter, newest first."""
        return tuple(VersionRow(row) for row in self.versions)

    @cached_property
    def stale(self) -> str:
        """Why the newest narrative is stale; empty if it is not."""
        narratives = [(period, row.narrative) for period, row in self.current.items()]
        return rules.stale_reason(narratives, self.period)

    @cached_property
    def problems(self) -> tuple[RepeatedText, ...]:
        """What the reports named as problems, the open ones first."""
        return rules.reported_problems(
            [(period, row.problems) for period, row in self.current.items()]
        )

    @property
    def progress_title(self) -> str:
        return f"{self.latest.period.label}进展" if self.latest else "进展"

    @property
    def latest_pairs(self) -> list[tuple[str, str]]:
        """What the newest report says beside its narrative."""
        if self.latest is None:
            return []
        pairs = [
            ("量化进展", quantity_words(self.latest)),
            ("存在问题", self.latest.problems),
            ("需要协调的单位", self.latest.coordination),
            ("下一步措施", self.latest.next_steps),
            ("完成时限", month_words(self.latest.next_due)),
        ]
        return [(label, text) for label, text in pairs if text]

    @cached_property
    def latest_contributions(self) -> tuple[TaskContribution, ...]:
        """The newest one in force of each agency, in the plan's order, others after it."""
        newest: dict[str, TaskContribution] = {}
        for row in self.contributions:
            if row.is_current:
                newest.setdefault(row.agency.code, row)
        order = [agency.code for agency in self.responsible]
        known = [newest.pop(code) for code in order if code in newest]
        return (*known, *newest.values())

    @property
    def earlier_contributions(self) -> tuple[TaskContribution, ...]:
        """Earlier quarters and versions that are not in force, the newest first."""
        shown = {row.pk for row in self.latest_contributions}
        return tuple(row for row in self.contributions if row.pk not in shown)

    @property
    def is_demo(self) -> bool:
        return any(row.is_demo for row in (*self.versions, *self.contributions))


def task_detail(
    *, code: str, period: Period, opened: OpenedQuarters = NOTHING_OPENED, asof: AsOf | None = None
) -> TaskDetail:
    """One task with everything about it, in four statements. Raise Task.DoesNotExist."""
    reports = TaskProgress.objects.filter(year=period.year, quarter=period.quarter or 0)
    reported = as_known(reports, asof)
    tasks = Task.objects.select_related("category", "lead", "convenor", "clause", "annex_clause")
    task = with_agencies(tasks, "shares").annotate(is_open=Exists(reported)).get(code=code)
    contributions = task.contributions.select_related("agency").order_by(
        "-year", "-quarter", "agency__position", "-version"
    )
    served = Target.objects.in_force().filter(tasks=task).order_by("position", "code")
    return TaskDetail(
        task=task,
        period=period,
        responsible=agencies_of(task),
        versions=as_they_stood(task.progress.order_by("-year", "-quarter", "-version"), asof),
        contributions=as_they_stood(contributions, asof),
        served=tuple(judged_targets(targets=served, asof=asof)),
        is_open=task.is_open or period in opened,
        opened=opened,
    )


def month_words(month: str) -> str:
    """2026年12月 of 2026-12; what is written otherwise stays as it is."""
    year, dash, rest = month.partition("-")
    return f"{year}年{int(rest)}月" if dash and rest.isdigit() else month


def quantity_words(row: TaskProgress) -> str:
    """新建充电桩412个; empty if nothing was counted."""
    if row.quantity_value is None:
        return row.quantity_name
    return f"{row.quantity_name}{number(row.quantity_value.normalize())}{row.quantity_unit}"
