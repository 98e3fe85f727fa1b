"""Tasks as pages and charts read them: plan and reported progress together."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from agencies.models import Agency
from common.quarters import Period
from plan.choices import CategoryScope, Share
from plan.models import Category
from targets.selectors import Judged, judged_targets
from tasks import rules
from tasks.choices import TaskStatus
from tasks.models import Task, TaskAgency, TaskProgress

QUARTERS_SHOWN = 8
NO_LEAD = "none"
STATUSES = (*TaskStatus.values, rules.MISSING)


@dataclass(frozen=True)
class TaskFilters:
    """What a list of tasks is narrowed by; empty lets all pass."""

    q: str = ""
    category: str = ""
    agency: str = ""
    share: str = ""
    status: str = ""


@dataclass(frozen=True)
class TaskRow:
    """A task with its status in one quarter."""

    task: Task
    light: rules.Light
    responsible_count: int
    is_demo: bool

    @property
    def report_by(self) -> str:
        """Who answers for it, in words."""
        if self.task.lead:
            return self.task.lead.name
        if self.task.convenor:
            return f"{self.task.convenor.name}（汇总）"
        return "无牵头单位，责任单位分别报送"


def task_queryset(*, filters: TaskFilters, period: Period) -> QuerySet[Task]:
    """Tasks in force with `status` of the period, `is_demo` and `responsible_count`."""
    now = _current(period).filter(task=OuterRef("pk"))
    found = (
        Task.objects.in_force()
        .select_related("category", "lead", "convenor")
        .annotate(
            status=Subquery(now.values("status")),
            is_demo=Subquery(now.values("is_demo")),
            responsible_count=Subquery(
                TaskAgency.objects.filter(task=OuterRef("pk"))
                .order_by()
                .values("task")
                .annotate(count=Count("pk"))
                .values("count")
            ),
        )
    )
    return found.filter(_narrowed(filters)).order_by("category__number", "number")


def rows_of(tasks: Sequence[Task]) -> list[TaskRow]:
    """Annotated tasks as rows."""
    return [
        TaskRow(
            task,
            rules.light(task.status),  # type: ignore[attr-defined]
            task.responsible_count or 0,  # type: ignore[attr-defined]
            bool(task.is_demo),  # type: ignore[attr-defined]
        )
        for task in tasks
    ]


def task_rows(*, filters: TaskFilters, period: Period) -> list[TaskRow]:
    """All tasks that the filters let pass, in the plan's order; one statement."""
    return rows_of(list(task_queryset(filters=filters, period=period)))


@dataclass(frozen=True)
class Counts:
    """How many tasks stand where in a quarter."""

    period: Period
    by_status: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_status.values())

    @property
    def missing(self) -> int:
        return self.by_status[rules.MISSING]

    @property
    def is_closed(self) -> bool:
        """Nothing was reported in the quarter."""
        return self.missing == self.total

    @property
    def on_course(self) -> int:
        return self.by_status[TaskStatus.DONE] + self.by_status[TaskStatus.ON_TRACK]

    @property
    def sentence(self) -> str:
        return rules.sentence(self.period.label, list(self.by_status.items()))

    @property
    def parts(self) -> list[tuple[str, str, int]]:
        """Status, word and count of each status that occurs."""
        return [
            (status, rules.light(None if status == rules.MISSING else status).word, count)
            for status, count in self.by_status.items()
            if count
        ]


def counts(*, period: Period, filters: TaskFilters | None = None) -> Counts:
    """Tasks in force by their status in a quarter; one statement."""
    found = task_queryset(filters=filters or TaskFilters(), period=period).order_by()
    rows = dict(found.values_list("status").annotate(count=Count("pk")))
    return Counts(period, {s: rows.get(None if s == rules.MISSING else s, 0) for s in STATUSES})


def task_categories() -> list[Category]:
    """The ten fields of action, in the plan's order."""
    return list(Category.objects.filter(scope=CategoryScope.TASKS).order_by("number"))


def agencies_of_tasks() -> QuerySet[Agency]:
    """Agencies that lead, convene or share a task."""
    return (
        Agency.objects.filter(
            Exists(Task.objects.filter(Q(lead=OuterRef("pk")) | Q(convenor=OuterRef("pk"))))
            | Exists(TaskAgency.objects.filter(agency=OuterRef("pk")))
        )
        .in_plan_order()
        .only("code", "name", "position")
    )


@dataclass(frozen=True)
class Cell:
    """A field of action in a quarter."""

    period: Period
    summary: rules.Summary
    is_open: bool

    @property
    def css(self) -> str:
        if not self.is_open:
            return "cell-grey"
        return "cell-missing" if self.summary.missing else f"cell-{self.summary.level}"


@dataclass(frozen=True)
class HeatRow:
    category: Category
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class HeatMap:
    """Ten fields of action by quarters, worst level and count in each cell."""

    periods: tuple[Period, ...]
    rows: tuple[HeatRow, ...]

    @property
    def is_empty(self) -> bool:
        """Nothing was reported in any of the quarters."""
        return not any(cell.is_open for row in self.rows for cell in row.cells)


def heat_map(periods: Sequence[Period]) -> HeatMap:
    """The heat map of these quarters, of current versions, in one statement."""
    categories = (
        Category.objects.filter(scope=CategoryScope.TASKS)
        .annotate(
            in_force=Count("tasks", filter=Q(tasks__retired_on=None)),
            reported=_reported(periods),
        )
        .order_by("number")
    )
    found = [(category, _by_period(category.reported)) for category in categories]
    is_open = {period for _, reported in found for period in reported}
    return HeatMap(
        tuple(periods),
        tuple(
            HeatRow(
                category,
                tuple(
                    Cell(period, _summary(reported[period], category.in_force), period in is_open)
                    for period in periods
                ),
            )
            for category, reported in found
        ),
    )


def _reported(periods: Sequence[Period]) -> ArraySubquery:
    """Counts of a category's current reports by quarter and status, as JSON objects."""
    rows = TaskProgress.objects.filter(
        task__category=OuterRef("pk"),
        is_current=True,
        task__retired_on=None,
        year__in={period.year for period in periods},
    )
    grouped = rows.order_by().values("year", "quarter", "status").annotate(count=Count("pk"))
    names = ("year", "quarter", "status", "count")
    return ArraySubquery(grouped.values(json=JSONObject(**{name: name for name in names})))


def _by_period(rows: Iterable[Mapping[str, Any]]) -> dict[Period, Counter[str]]:
    found: dict[Period, Counter[str]] = defaultdict(Counter)
    for row in rows:
        found[Period(row["year"], row["quarter"])][row["status"]] = row["count"]
    return found


@dataclass(frozen=True)
class Responsible:
    """A responsible agency in the plan's order."""

    code: str
    name: str


@dataclass(frozen=True)
class Box:
    """One quarter of a task's strip."""

    period: Period
    light: rules.Light
    is_missing: bool

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
    responsible: tuple[Responsible, ...]
    versions: tuple[TaskProgress, ...]
    served: tuple[Judged, ...]

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
        row = self.current.get(self.period)
        return rules.light(row.status if row else None)

    @property
    def latest_light(self) -> rules.Light:
        return rules.light(self.latest.status if self.latest else None)

    @property
    def strip(self) -> tuple[Box, ...]:
        periods = self.period.back(QUARTERS_SHOWN)
        found = {period: self.current.get(period) for period in periods}
        return tuple(
            Box(period, rules.light(row.status if row else None), row is None)
            for period, row in found.items()
        )

    @property
    def is_reported(self) -> bool:
        return self.period in self.current

    @property
    def version_rows(self) -> tuple[VersionRow, ...]:
        """Every version of every quarter, newest first."""
        return tuple(VersionRow(row) for row in self.versions)

    @property
    def progress_title(self) -> str:
        return f"{self.latest.period.label}进展" if self.latest else "进展"

    @property
    def latest_pairs(self) -> list[tuple[str, str]]:
        """What the newest report says beside its narrative."""
        if self.latest is None:
            return []
        pairs = [
            ("存在问题", self.latest.problems),
            ("下一步措施", self.latest.next_steps),
            ("完成时限", month_words(self.latest.next_due)),
        ]
        return [(label, text) for label, text in pairs if text]

    @property
    def is_demo(self) -> bool:
        return any(row.is_demo for row in self.versions)


def task_detail(*, code: str, period: Period) -> TaskDetail:
    """One task with everything about it, in three statements. Raise Task.DoesNotExist."""
    task = (
        Task.objects.select_related("category", "lead", "convenor", "clause", "annex_clause")
        .annotate(
            share_codes=ArrayAgg("shares__agency__code", order_by="shares__position"),
            share_names=ArrayAgg("shares__agency__name", order_by="shares__position"),
        )
        .get(code=code)
    )
    shares = zip(task.share_codes, task.share_names, strict=True)
    return TaskDetail(
        task=task,
        period=period,
        responsible=tuple(Responsible(code, name) for code, name in shares if code),
        versions=tuple(task.progress.order_by("-year", "-quarter", "-version")),
        served=tuple(judged_targets(targets=task.targets.in_force().order_by("position", "code"))),
    )


def share_filter(share: str, agency: str) -> Q:
    """Tasks in which an agency has this share, or any; without agency, in which anybody has."""
    by = Q(agency__code=agency) if agency else Q()
    shared = Q(Exists(TaskAgency.objects.filter(by, task=OuterRef("pk"))))
    lead = Q(lead__code=agency) if agency else Q(lead__isnull=False)
    convened = Q(convenor__code=agency) if agency else Q(convenor__isnull=False)
    nobody = Q(lead=None, convenor=None)
    return {
        Share.LEAD.value: lead,
        Share.CONVENOR.value: convened,
        Share.RESPONSIBLE.value: shared,
        NO_LEAD: nobody & shared if agency else nobody,
        "": (lead | convened | shared) if agency else Q(),
    }.get(share, Q())


def month_words(month: str) -> str:
    """2026年12月 of 2026-12; what is written otherwise stays as it is."""
    year, dash, rest = month.partition("-")
    return f"{year}年{int(rest)}月" if dash and rest.isdigit() else month


def _narrowed(filters: TaskFilters) -> Q:
    found = share_filter(filters.share, filters.agency)
    if filters.q:
        found &= Q(code__icontains=filters.q) | Q(title__icontains=filters.q)
    if filters.category:
        found &= Q(category__number=filters.category)
    if filters.status == rules.MISSING:
        found &= Q(status=None)
    elif filters.status:
        found &= Q(status=filters.status)
    return found


def _current(period: Period) -> QuerySet[TaskProgress]:
    return TaskProgress.objects.filter(is_current=True, year=period.year, quarter=period.quarter)


def _summary(reported: Counter[str], total: int) -> rules.Summary:
    statuses: list[str | None] = list(reported.elements())
    return rules.summary(statuses + [None] * (total - len(statuses)))
