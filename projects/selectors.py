"""Projects as pages and charts read them: plan and newest report together."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from common.formats import DASH, number, wan
from projects import rules
from projects.models import Project, ProjectProgress
from targets.selectors import Judged, judged_targets


@dataclass(frozen=True)
class ProjectRow:
    """A project with its newest report, and what the rules say of it on a day."""

    project: Project
    latest: ProjectProgress | None
    today: datetime.date

    @cached_property
    def plan(self) -> rules.Plan:
        return plan_of(self.project)

    @cached_property
    def report(self) -> rules.Report | None:
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
        return rules.STATUS_WORDS[self.latest.status] if self.latest else rules.NOT_REPORTED

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
        """Why there is no share of completion."""
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
    def amount(self) -> rules.Amount:
        invested = self.latest.invested_wan if self.latest else None
        return rules.Amount(self.project.code, self.project.total_investment_wan, invested)

    @property
    def overdue_text(self) -> str:
        return f"超期{self.overdue}个月" if self.overdue else ""

    @property
    def sort_key(self) -> tuple[int, int, int]:
        """Overdue first, longest first; then what is open, then the completed."""
        return -self.overdue, not self.is_open, self.project.number


def plan_of(project: Project) -> rules.Plan:
    """What the rules need of a project."""
    return rules.Plan(project.start_year, project.end_year, project.total_investment_wan)


def report_of(row: ProjectProgress) -> rules.Report:
    """What the rules need of a report."""
    return rules.Report(
        period=row.period,
        status=row.status,
        invested_wan=row.invested_wan,
        started_on=row.started_on,
        completed_on=row.completed_on,
        expected_on=row.expected_on,
    )


def project_rows(projects: QuerySet[Project] | None = None) -> list[ProjectRow]:
    """Projects in force (or those of a query) with their newest reports, in two statements.

    Overdue ones come first, the longest delay at the top.
    """
    newest = (
        ProjectProgress.objects.filter(is_current=True)
        .order_by("project_id", "-year", "-quarter")
        .distinct("project_id")
    )
    found = Project.objects.in_force() if projects is None else projects
    found = found.select_related("category", "reporting_agency").prefetch_related(
        Prefetch("progress", newest, to_attr="newest")
    )
    today = timezone.localdate()
    rows = [
        ProjectRow(project, next(iter(project.newest), None), today)  # type: ignore[attr-defined]
        for project in found
    ]
    return sorted(rows, key=lambda row: row.sort_key)


@dataclass(frozen=True)
class Overview:
    """What a group of projects comes to, for sentences above lists and on the dashboard."""

    rows: tuple[ProjectRow, ...]

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def completed(self) -> int:
        return sum(row.status == rules.COMPLETED for row in self.rows)

    @property
    def open_rows(self) -> tuple[ProjectRow, ...]:
        """What is neither completed nor cancelled, overdue first."""
        return tuple(row for row in self.rows if row.is_open)

    @property
    def overdue(self) -> int:
        return sum(row.overdue > 0 for row in self.rows)

    @property
    def not_reported(self) -> int:
        return sum(row.latest is None for row in self.rows)

    @property
    def overdue_not_reported(self) -> int:
        return sum(row.overdue > 0 and row.latest is None for row in self.rows)

    @property
    def unassigned(self) -> int:
        """Projects that nobody is named to report."""
        return sum(row.project.reporting_agency is None for row in self.rows)

    @cached_property
    def sums(self) -> rules.Sums:
        by_number = sorted(self.rows, key=lambda row: row.project.number)
        return rules.sums(row.amount for row in by_number)

    @property
    def has_demo(self) -> bool:
        return any(row.latest and row.latest.is_demo for row in self.rows)

    @property
    def worst(self) -> ProjectRow | None:
        """The project that is overdue longest."""
        return next((row for row in self.rows if row.overdue), None)


def overview(rows: Sequence[ProjectRow] | None = None) -> Overview:
    """All projects in force, or these rows, summed up."""
    return Overview(tuple(project_rows() if rows is None else rows))


def timeline(rows: Sequence[ProjectRow]) -> list[ProjectRow]:
    """The rows of the timeline: open projects, the longest delay first."""
    return [row for row in rows if row.is_open and row.plan.end_year is not None]


def investment(rows: Sequence[ProjectRow]) -> list[ProjectRow]:
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


@dataclass(frozen=True)
class Owner:
    """An owner of a project that is known as an agency."""

    code: str
    name: str


@dataclass(frozen=True)
class Node:
    """Start or completion: planned, actual and expected, in words."""

    name: str
    planned: str
    actual: str
    expected: str

    @property
    def why_no_actual(self) -> str:
        return f"没有填报实际{self.name}时间"


@dataclass(frozen=True)
class ProjectDetail:
    """All that the page of one project shows."""

    row: ProjectRow
    owners: tuple[Owner, ...]
    versions: tuple[ProjectProgress, ...]
    served: tuple[Judged, ...]

    @property
    def project(self) -> Project:
        return self.row.project

    @property
    def reports(self) -> tuple[ProjectProgress, ...]:
        """The versions in force, oldest first."""
        return tuple(reversed([row for row in self.versions if row.is_current]))

    @property
    def has_demo(self) -> bool:
        return any(row.is_demo for row in self.versions)

    @property
    def nodes(self) -> tuple[Node, ...]:
        latest = self.row.latest
        start, end = self.project.start_year, self.project.end_year
        return (
            Node("开工", _year(start), _month(latest.started_on if latest else ""), ""),
            Node(
                "竣工",
                _year(end),
                _month(latest.completed_on if latest else ""),
                _month(latest.expected_on if latest else ""),
            ),
        )

    @property
    def sentence(self) -> str:
        """Where the project stands, first of all whether it is completed."""
        row, planned = self.row, self.row.years
        plan = f"计划{planned}" if planned else "方案未列计划年限"
        if row.latest is None:
            tail = f"，到期已{row.overdue}个月，没有竣工的记录" if row.overdue else ""
            return f"{plan}；还没有填报{tail}。"
        return f"{plan}；{row.latest.period.label}末{row.status_word}{self._delay}。"

    @property
    def _delay(self) -> str:
        row = self.row
        if row.overdue:
            expected = self.nodes[1].expected
            return f"，应竣工未竣工，{row.overdue_text}" + (
                f"，预计{expected}竣工" if expected else ""
            )
        finished = self.nodes[1].actual
        return f"（{finished}）" if finished and row.status == rules.COMPLETED else ""

    @property
    def investment_sentence(self) -> str:
        total = self.project.total_investment_wan
        if total is None:
            return "方案未列总投资，不计入投资合计。"
        if self.row.amount.invested_wan is None:
            return f"总投资{wan(total)}。"
        invested, share = number(self.row.amount.invested_wan, 0), number(self.row.completion, 1)
        light = self.row.light
        behind = f"，{light.reason}" if light.word == "投资滞后" else ""
        return f"总投资{wan(total)}，累计完成{invested}万元，投资完成率{share}%{behind}。"

    @property
    def nodes_note(self) -> str:
        return f"截至{self.row.latest.period.label}末" if self.row.latest else "还没有填报"

    @property
    def no_investment_text(self) -> str:
        by = self.project.reporting_agency
        who = by.name if by else "指定的填报责任单位"
        return f"填报期开放后由{who}填报，区发改局审核通过后在这里显示。"

    @property
    def progress_title(self) -> str:
        return f"{self.row.latest.period.label}进展" if self.row.latest else "进展"

    @property
    def latest_pairs(self) -> list[tuple[str, str]]:
        """What the newest report says beside dates and money."""
        latest = self.row.latest
        if latest is None:
            return []
        works = DASH if latest.works_percent is None else f"{number(latest.works_percent, 1)}%"
        note = f"，{latest.works_note}" if latest.works_note else ""
        pairs = [("形象进度", works + note), ("问题和需协调事项", latest.problems or "没有填写")]
        return [("项目状态", latest.get_status_display()), *pairs]

    @property
    def quote(self) -> str:
        """The project's row of the annex, its cells one after another."""
        clause = self.project.clause
        return "　".join(clause.words.split()) if clause else ""


def project_detail(*, code: str) -> ProjectDetail:
    """One project with everything about it, in three statements. Raise Project.DoesNotExist."""
    project = (
        Project.objects.select_related("category", "reporting_agency", "clause")
        .annotate(
            owner_codes=ArrayAgg("owner_rows__agency__code", order_by="owner_rows__position"),
            owner_names=ArrayAgg("owner_rows__agency__name", order_by="owner_rows__position"),
        )
        .get(code=code)
    )
    versions = tuple(project.progress.order_by("-year", "-quarter", "-version"))
    owners = zip(project.owner_codes, project.owner_names, strict=True)
    served = project.targets.in_force().order_by("position", "code")
    latest = next((row for row in versions if row.is_current), None)
    return ProjectDetail(
        row=ProjectRow(project, latest, timezone.localdate()),
        owners=tuple(Owner(code, name) for code, name in owners if code),
        versions=versions,
        served=tuple(judged_targets(targets=served)),
    )


def _year(year: int | None) -> str:
    return f"{year}年" if year else ""


def _month(text: str) -> str:
    month = rules.month_of(text)
    return f"{month.year}年{month.month}月" if month else text
