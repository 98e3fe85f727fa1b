"""Lists of tasks with their status in a quarter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from agencies.models import Agency
from common.database.annotations import Annotation
from common.quarters import Period
from plan.choices import CategoryScope, Share
from plan.models import Category
from records.asof import AsOf, as_known
from tasks.choices import TaskStatus
from tasks.models import Task, TaskAgency, TaskProgress
from tasks.rules import progress as rules

NO_LEAD = "none"
STATUSES = (*TaskStatus.values, rules.WAITING, rules.AWAITED, rules.MISSING)


@dataclass(frozen=True)
class QuarterReports:
    """What a quarter that was opened asks for, by task: which wait for review, and which may still
    come: all until the quarter's day `is_over`, then those that were given more time."""

    waiting: frozenset[int] = frozenset()
    is_over: bool = True
    extended: frozenset[int] = frozenset()

    def status(self, task: int) -> str | None:
        """How a task stands whose report is not in force; None is missing."""
        if task in self.waiting:
            return rules.WAITING
        return None if self.is_over and task not in self.extended else rules.AWAITED


OpenedQuarters = Mapping[Period, QuarterReports]
"""The quarters in which agencies were asked to report."""
NOTHING_OPENED: OpenedQuarters = MappingProxyType({})


@dataclass(frozen=True)
class TaskFilters:
    """What a list of tasks is narrowed by; empty fields do not filter."""

    q: str = ""
    category: str = ""
    agency: str = ""
    share: str = ""
    status: str = ""


@dataclass(frozen=True)
class TaskRow:
    """A task with its status in one quarter; `progress` only where it was asked for."""

    task: Task
    light: rules.Light
    responsible_count: int
    is_demo: bool
    progress: TaskProgress | None = None

    @property
    def report_by(self) -> str:
        """Who answers for it, in words."""
        if self.task.lead:
            return self.task.lead.name
        if self.task.convenor:
            return f"{self.task.convenor.name}（汇总）"
        return "无牵头单位，责任单位分别报送"


def task_queryset(
    *,
    filters: TaskFilters,
    period: Period,
    opened: OpenedQuarters = NOTHING_OPENED,
    asof: AsOf | None = None,
) -> QuerySet[Task]:
    """Tasks in force with STATUS of the period, IS_OPEN, IS_DEMO and RESPONSIBLE_COUNT."""
    reports = as_known(TaskProgress.objects.filter(task=OuterRef("pk")), asof)
    newest = Subquery(reports.order_by("-year", "-quarter").values("status")[:1])
    found = (
        Task.objects.in_force()
        .select_related("category", "lead", "convenor")
        .annotate(
            **STATUS.column(period, opened, asof),
            **IS_DEMO.column(period, asof),
            **IS_OPEN.column(period, opened, asof),
            **RESPONSIBLE_COUNT.column(),
        )
    )
    if filters.status == rules.BEHIND:
        found = found.alias(newest=newest)
    return found.filter(_narrowed(filters)).order_by("category__number", "number")


def _status(period: Period, opened: OpenedQuarters, asof: AsOf | None) -> Coalesce:
    """That of a report that is not in force is WAITING or AWAITED as the period says."""
    now = _current(period, asof).filter(task=OuterRef("pk"))
    return Coalesce(Subquery(now.values("status")), _pending(opened.get(period)))


def _is_demo(period: Period, asof: AsOf | None) -> Subquery:
    return Subquery(_current(period, asof).filter(task=OuterRef("pk")).values("is_demo"))


def _is_open(period: Period, opened: OpenedQuarters, asof: AsOf | None) -> Combinable:
    """Whether reports were asked for in the period, or any task was reported."""
    return Value(True) if period in opened else Exists(_current(period, asof))


def _responsible_count() -> Subquery:
    shares = TaskAgency.objects.filter(task=OuterRef("pk")).order_by().values("task")
    return Subquery(shares.annotate(count=Count("pk")).values("count"))


def _is_shared() -> Exists:
    return Exists(TaskAgency.objects.filter(task=OuterRef("pk")))


def _read_status(found: str | None) -> str | None:
    return found


STATUS = Annotation("status", _status, _read_status)
IS_DEMO = Annotation("is_demo", _is_demo, bool)
IS_OPEN = Annotation("is_open", _is_open, bool)
RESPONSIBLE_COUNT = Annotation("responsible_count", _responsible_count, lambda count: count or 0)
IS_SHARED = Annotation("is_shared", _is_shared, bool)
"""Whether the plan names agencies that answer for it together."""


def rows_of(tasks: Iterable[Task]) -> list[TaskRow]:
    """Annotated tasks as rows."""
    return [
        TaskRow(
            task,
            rules.light(STATUS.of(task), is_open=IS_OPEN.of(task)),
            RESPONSIBLE_COUNT.of(task),
            IS_DEMO.of(task),
            next(iter(getattr(task, "reported", ())), None),
        )
        for task in tasks
    ]


def task_rows(
    *,
    filters: TaskFilters,
    period: Period,
    opened: OpenedQuarters = NOTHING_OPENED,
    asof: AsOf | None = None,
) -> list[TaskRow]:
    """All tasks that match the filters with their progress, in the plan's order."""
    found = task_queryset(filters=filters, period=period, opened=opened, asof=asof)
    reported = Prefetch("progress", _current(period, asof), "reported")
    return rows_of(found.prefetch_related(reported))


@dataclass(frozen=True)
class StatusCounts:
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
        return self.missing + self.by_status[rules.AWAITED] == self.total

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


def status_counts(
    *,
    period: Period,
    filters: TaskFilters | None = None,
    opened: OpenedQuarters = NOTHING_OPENED,
    asof: AsOf | None = None,
) -> StatusCounts:
    """Tasks in force by their status in a quarter; one statement."""
    chosen = filters or TaskFilters()
    found = task_queryset(filters=chosen, period=period, opened=opened, asof=asof).order_by()
    rows = dict(found.values_list("status").annotate(count=Count("pk")))  # type: ignore[misc]
    return StatusCounts(
        period, {s: rows.get(None if s == rules.MISSING else s, 0) for s in STATUSES}
    )


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
        .only("code", "short_name", "position")
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


def _narrowed(filters: TaskFilters) -> Q:
    found = share_filter(filters.share, filters.agency)
    if filters.q:
        found &= Q(code__icontains=filters.q) | Q(title__icontains=filters.q)
    if filters.category:
        found &= Q(category__number=filters.category)
    if filters.status == rules.BEHIND:
        found &= Q(newest__in=rules.SLOW)
    elif filters.status == rules.MISSING:
        found &= Q(status=None)
    elif filters.status:
        found &= Q(status=filters.status)
    return found


def _pending(asked: QuarterReports | None) -> Case:
    """The status of tasks where none is in force, in the words of `QuarterReports.status`."""
    asked = asked or QuarterReports()
    waits = When(pk__in=asked.waiting, then=Value(rules.WAITING))
    may_come = When(pk__in=asked.extended, then=Value(rules.AWAITED))
    rest = Value(None if asked.is_over else rules.AWAITED)
    return Case(waits, may_come, default=rest, output_field=CharField())


def _current(period: Period, asof: AsOf | None) -> QuerySet[TaskProgress]:
    year, quarter = period.year, period.quarter or 0
    return as_known(TaskProgress.objects.filter(year=year, quarter=quarter), asof)
