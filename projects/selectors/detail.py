"""One project with everything about it."""

from dataclasses import dataclass

from common.formats import DASH, number, wan
from common.repeated_texts import RepeatedText
from projects import rules
from projects.models import Project, ProjectProgress
from projects.selectors.node_line import NodeLine
from projects.selectors.rows import ProjectRow
from records.asof import AsOf, as_they_stood, day_of
from records.shares import NamedAgency, agencies_of, with_agencies
from targets.models import Target
from targets.selectors import Judged, judged_targets
from tasks.rules import progress as tasks


@dataclass(frozen=True)
class ProjectNode:
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
    owners: tuple[NamedAgency, ...]
    versions: tuple[ProjectProgress, ...]
    served: tuple[Judged, ...]

    @property
    def project(self) -> Project:
        return self.row.project

    @property
    def sole_owner(self) -> NamedAgency | None:
        """The one owner whose name is printed as it is known."""
        named = [owner for owner in self.owners if owner.name == self.project.owner_text]
        return named[0] if len(self.owners) == 1 and named else None

    @property
    def reports(self) -> tuple[ProjectProgress, ...]:
        """The versions in force, oldest first."""
        return tuple(reversed([row for row in self.versions if row.is_current]))

    @property
    def has_demo(self) -> bool:
        return any(row.is_demo for row in self.versions)

    @property
    def problems(self) -> tuple[RepeatedText, ...]:
        """What the reports named as problems, the open ones first."""
        return tasks.reported_problems([(row.period, row.problems) for row in self.reports])

    @property
    def nodes(self) -> tuple[ProjectNode, ...]:
        latest = self.row.latest
        start, end = self.project.start_year, self.project.end_year
        return (
            ProjectNode("开工", _year(start), _month(latest.started_on if latest else ""), ""),
            ProjectNode(
                "竣工",
                _year(end),
                _month(latest.completed_on if latest else ""),
                _month(latest.expected_on if latest else ""),
            ),
        )

    @property
    def node_line(self) -> NodeLine:
        return NodeLine(self.row)

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
            return f"，应竣工未竣工，{row.overdue_text}{self._expected}"
        if row.past_expected:
            return self._expected
        finished = self.nodes[1].actual
        return f"（{finished}）" if finished and row.status == rules.Status.COMPLETED else ""

    @property
    def _expected(self) -> str:
        """When it is to be completed, or that this is past and has to be said anew."""
        if self.row.past_expected:
            return f"，{self.row.past_expected}，须更新"
        expected = self.nodes[1].expected
        return f"，预计{expected}竣工" if expected else ""

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


def project_detail(*, code: str, asof: AsOf | None = None) -> ProjectDetail:
    """One project with everything about it, in three statements. Raise Project.DoesNotExist."""
    projects = Project.objects.select_related("category", "reporting_agency", "clause")
    project = with_agencies(projects, "owner_rows").get(code=code)
    versions = as_they_stood(project.progress.order_by("-year", "-quarter", "-version"), asof)
    served = Target.objects.in_force().filter(projects=project).order_by("position", "code")
    latest = next((row for row in versions if row.is_current), None)
    return ProjectDetail(
        row=ProjectRow(project, latest, day_of(asof), asof is not None),
        owners=agencies_of(project),
        versions=versions,
        served=tuple(judged_targets(targets=served, asof=asof)),
    )


def _year(year: int | None) -> str:
    return f"{year}年" if year else ""


def _month(text: str) -> str:
    month = rules.month_of(text)
    return f"{month.year}年{month.month}月" if month else text
