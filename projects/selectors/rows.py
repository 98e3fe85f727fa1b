"""Projects with their newest reports, alone and summed up."""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DEFAULT_DB_ALIAS
from django.db.models import CharField, DecimalField, OuterRef, QuerySet
from django.db.models.functions import Cast

from common.caching.cached_rows import CachedRow
from common.database.json_rows import JSONRow
from common.formats import number
from projects import rules
from projects.models import Project, ProjectProgress
from records.asof import AsOf, as_known, day_of


@dataclass(frozen=True)
class ProjectRow(CachedRow):
    """A project with its newest report, and what the rules say of it on a day."""

    project: Project
    latest: ProjectProgress | None
    today: datetime.date
    is_past: bool = False
    """Judged on a day that is over, by what was known then."""

    @cached_property
    def plan(self) -> rules.ProjectPlan:
        return plan_of(self.project)

    @cached_property
    def report(self) -> rules.LatestReport | None:
        return report_of(self.latest) if self.latest else None

    @cached_property
    def light(self) -> rules.Light:
        return rules.light(self.plan, self.report, self.today)

    @cached_property
    def overdue(self) -> int:
        """Months past the planned end; 0 where it is completed or not due."""
        return rules.months_overdue(self.plan, self.report, self.today)

    @property
    def is_open(self) -> bool:
        return rules.is_open(self.report)

    @property
    def status_word(self) -> str:
        return rules.Status(self.latest.status).label if self.latest else rules.NOT_REPORTED

    @property
    def status(self) -> str:
        return self.latest.status if self.latest else "missing"

    @cached_property
    def completion(self) -> Decimal | None:
        """投资完成率, %."""
        return rules.investment_share(self.plan, self.report)

    @property
    def completion_text(self) -> str:
        return f"投资完成率{number(self.completion, 1)}%"

    @property
    def missing_investment(self) -> str:
        """Why no share of completion can be given."""
        if self.project.total_investment_wan is None:
            return "未列总投资"
        return "未报投资" if self.latest else "还没有填报"

    @property
    def years(self) -> str:
        """2023—2024年, as planned."""
        start, end = self.project.start_year, self.project.end_year
        if start is None or end is None:
            return ""
        return f"{start}年" if start == end else f"{start}—{end}年"

    @property
    def amount(self) -> rules.ProjectAmount:
        invested = self.latest.invested_wan if self.latest else None
        return rules.ProjectAmount(self.project.code, self.project.total_investment_wan, invested)

    @property
    def overdue_text(self) -> str:
        return f"超期{self.overdue}个月" if self.overdue else ""

    @property
    def expected_on(self) -> datetime.date | None:
        """The month in which it is to be completed, as reported."""
        return rules.month_of(self.latest.expected_on) if self.latest else None

    @property
    def past_expected(self) -> str:
        """预计2027年2月竣工已过3个月; empty if that is not so."""
        return rules.past_expected_words(self.report, self.today)

    @property
    def sort_key(self) -> tuple[int, int, int]:
        """Overdue first, longest first; then what is open, then the completed."""
        return -self.overdue, not self.is_open, self.project.number


def plan_of(project: Project) -> rules.ProjectPlan:
    """What the rules need of a project."""
    return rules.ProjectPlan(project.start_year, project.end_year, project.total_investment_wan)


def report_of(row: ProjectProgress) -> rules.LatestReport:
    """What the rules need of a report."""
    return rules.LatestReport(
        period=row.period,
        status=rules.Status(row.status),
        invested_wan=row.invested_wan,
        started_on=row.started_on,
        completed_on=row.completed_on,
        expected_on=row.expected_on,
    )


def project_rows(
    projects: QuerySet[Project] | None = None, *, asof: AsOf | None = None
) -> list[ProjectRow]:
    """Projects in force (or those of a query) with their newest reports, in one statement.

    Overdue ones come first, the longest delay at the top.
    """
    return rows_on(asof, projects=projects)[0]


def rows_on(
    *days: AsOf | None, projects: QuerySet[Project] | None = None
) -> tuple[list[ProjectRow], ...]:
    """The same on each of these days, in one statement."""
    newest = {f"newest_{place}": _newest(asof) for place, asof in enumerate(days)}
    found = Project.objects.in_force() if projects is None else projects
    records = list(found.select_related("category", "reporting_agency").annotate(**newest))
    return tuple(_rows(records, name, asof) for name, asof in zip(newest, days, strict=True))


def _rows(records: Sequence[Project], name: str, asof: AsOf | None) -> list[ProjectRow]:
    today = day_of(asof)
    rows = [ProjectRow(one, _report(one, name), today, asof is not None) for one in records]
    return sorted(rows, key=lambda row: row.sort_key)


_FIELDS = tuple(ProjectProgress._meta.concrete_fields)
_NAMES = [field.attname for field in _FIELDS]


def _newest(asof: AsOf | None) -> ArraySubquery:
    """The newest report of a project as an object; its amounts travel as text and stay exact."""
    columns: dict[str, str | Cast] = {name: name for name in _NAMES}
    for field in _FIELDS:
        if isinstance(field, DecimalField):
            columns[field.attname] = Cast(field.attname, CharField())
    reports = as_known(ProjectProgress.objects.filter(project=OuterRef("pk")), asof)
    newest = reports.order_by("-year", "-quarter").values(json=JSONRow(**columns))
    return ArraySubquery(newest[:1])


def _report(project: Project, name: str) -> ProjectProgress | None:
    """The record of the newest report; None of a project that was never reported."""
    for found in getattr(project, name):
        values = [field.to_python(found[field.attname]) for field in _FIELDS]
        report = ProjectProgress.from_db(DEFAULT_DB_ALIAS, _NAMES, values)
        report.project = project
        return report
    return None


@dataclass(frozen=True)
class ProjectsOverview:
    """A group of projects summed up, for the sentences above lists and on the dashboard."""

    rows: tuple[ProjectRow, ...]

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def completed(self) -> int:
        return sum(row.status == rules.Status.COMPLETED for row in self.rows)

    @property
    def open_rows(self) -> tuple[ProjectRow, ...]:
        """What is neither completed nor cancelled, overdue first."""
        return tuple(row for row in self.rows if row.is_open)

    @property
    def late_rows(self) -> tuple[ProjectRow, ...]:
        """The projects past their planned end, the longest delay first."""
        return tuple(row for row in self.rows if row.overdue)

    @property
    def standing(self) -> str:
        """20个项目：竣工11，在建8（超期7），取消或调整1; counts of zero are left out."""
        counts = Counter(row.status_word for row in self.rows)
        late = Counter(row.status_word for row in self.late_rows)
        words = (
            f"{word}{count}" + (f"（超期{late[word]}）" if late[word] else "")
            for word, count in counts.most_common()
        )
        return f"{self.total}个项目：{'，'.join(words)}"

    @property
    def overdue(self) -> int:
        return sum(row.overdue > 0 for row in self.rows)

    @property
    def overdue_not_reported(self) -> int:
        return sum(row.overdue > 0 and row.latest is None for row in self.rows)

    @property
    def unassigned(self) -> int:
        """Projects that nobody is named to report."""
        return sum(row.project.reporting_agency is None for row in self.rows)

    @cached_property
    def sums(self) -> rules.InvestmentSums:
        by_number = sorted(self.rows, key=lambda row: row.project.number)
        return rules.investment_sums(row.amount for row in by_number)

    @property
    def has_demo(self) -> bool:
        return any(row.latest and row.latest.is_demo for row in self.rows)

    @property
    def worst(self) -> ProjectRow | None:
        """The project that is overdue longest."""
        return next((row for row in self.rows if row.overdue), None)


def projects_overview(
    rows: Sequence[ProjectRow] | None = None, *, asof: AsOf | None = None
) -> ProjectsOverview:
    """All projects in force, or these rows, summed up."""
    return ProjectsOverview(tuple(project_rows(asof=asof) if rows is None else rows))


def timeline_rows(rows: Sequence[ProjectRow]) -> list[ProjectRow]:
    """The rows of the timeline: open projects, the longest delay first."""
    return [row for row in rows if row.is_open and row.plan.end_year is not None]


def investment_rows(rows: Sequence[ProjectRow]) -> list[ProjectRow]:
    """The rows of the investment chart: those with a total, least complete first.

    Where nothing was reported the project stands at the end, without a bar.
    """
    valued = [row for row in rows if row.project.total_investment_wan is not None]
    return sorted(
        valued,
        key=lambda row: (
            row.completion is None, row.completion or Decimal(0), row.project.number
        ),
    )  # fmt: skip
