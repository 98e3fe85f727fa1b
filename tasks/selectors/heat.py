"""The heat map: fields of action by quarters."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, Value

from common.database.json_rows import JSONRow
from common.quarters import Period
from plan.choices import CategoryScope
from plan.models import Category
from records.asof import AsOf, as_known
from tasks.models import TaskProgress
from tasks.rules import progress as rules
from tasks.selectors.rows import NOTHING_OPENED, OpenedQuarters, QuarterReports

_WAITING_FIRST = (rules.WAITING, rules.AWAITED, None)


@dataclass(frozen=True)
class HeatCell:
    """A field of action in a quarter."""

    period: Period
    summary: rules.QuarterSummary
    is_open: bool

    @property
    def css(self) -> str:
        if not self.is_open:
            return "cell-grey"
        if self.summary.missing:
            return "cell-missing"
        return f"cell-{self.summary.level}" if self.summary.is_whole else "cell-grey"


@dataclass(frozen=True)
class HeatRow:
    category: Category
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True)
class HeatMap:
    """Ten fields of action by quarters, worst level and count in each cell."""

    periods: tuple[Period, ...]
    rows: tuple[HeatRow, ...]

    @property
    def is_empty(self) -> bool:
        """Nothing was reported in any of the quarters."""
        return not any(cell.is_open for row in self.rows for cell in row.cells)


def heat_map(
    periods: Sequence[Period], *, opened: OpenedQuarters = NOTHING_OPENED, asof: AsOf | None = None
) -> HeatMap:
    """The heat map of these quarters, of the versions in force, in one statement.

    A quarter was open where agencies were asked to report (`opened`), or where anybody did.
    What was handed in and is not in force counts as waiting, not as missing; what may still come
    as awaited.
    """
    named = {pk for asked in opened.values() for pk in asked.waiting | asked.extended}
    categories = (
        Category.objects.filter(scope=CategoryScope.TASKS)
        .annotate(
            in_force=Count("tasks", filter=Q(tasks__retired_on=None)),
            named=_among(named),
            reported=_reported(periods, asof),
        )
        .order_by("number")
    )
    found = [(category, _by_period(category.reported)) for category in categories]
    is_open = {*opened, *(period for _, reported in found for period in reported)}
    return HeatMap(
        tuple(periods),
        tuple(
            HeatRow(
                category,
                tuple(
                    HeatCell(
                        period,
                        _summary(
                            reported[period],
                            category.in_force,
                            category.named,
                            opened.get(period, QuarterReports()),
                        ),
                        period in is_open,
                    )
                    for period in periods
                ),
            )
            for category, reported in found
        ),
    )


def _reported(periods: Sequence[Period], asof: AsOf | None) -> ArraySubquery:
    """Counts of a category's reports in force by quarter and status, as JSON objects."""
    known = as_known(TaskProgress.objects.all(), asof)
    rows = known.filter(
        task__category=OuterRef("pk"),
        task__retired_on=None,
        year__in={period.year for period in periods},
    )
    grouped = rows.order_by().values("year", "quarter", "status").annotate(count=Count("pk"))
    names = ("year", "quarter", "status", "count")
    return ArraySubquery(grouped.values(json=JSONRow(**{name: name for name in names})))


def _by_period(rows: Iterable[Mapping[str, Any]]) -> dict[Period, Counter[str]]:
    found: dict[Period, Counter[str]] = defaultdict(Counter)
    for row in rows:
        found[Period(row["year"], row["quarter"])][row["status"]] = row["count"]
    return found


def _among(tasks: Collection[int]) -> ArrayAgg:
    """The tasks in force of a category that are among these."""
    named = Q(tasks__retired_on=None, tasks__pk__in=tasks)
    return ArrayAgg("tasks__pk", filter=named, default=Value([]))


def _summary(
    reported: Counter[str], total: int, named: Collection[int], asked: QuarterReports
) -> rules.QuarterSummary:
    """What waits and has an earlier version in force is counted by that one."""
    in_force = list(reported.elements())
    left = total - len(in_force)
    own = sorted((asked.status(task) for task in named), key=_WAITING_FIRST.index)
    rest = rules.AWAITED if not asked.is_over else None
    pending = [status for status in own if status is not None][:left]
    return rules.quarter_summary([*in_force, *pending, *[rest] * (left - len(pending))])
