"""The overview: where the district stands, from one small set of statements."""

from dataclasses import dataclass

from common.formats import wan
from common.quarters import Period
from dashboard.selectors.targets import Phrase, TargetsOverview, targets_overview
from plan.asof import AsOf
from projects import selectors as projects
from projects.selectors import Overview as Projects
from projects.selectors import ProjectRow
from targets.selectors import NOTHING, Unreviewed, judged_targets
from tasks.selectors import NOBODY_ASKED, Asked, HeatMap, heat_map

QUARTERS_SHOWN, PROJECTS_SHOWN = 8, 8


@dataclass(frozen=True)
class Overview:
    """All that the overview shows for a quarter."""

    period: Period
    targets: TargetsOverview
    heat: HeatMap
    projects: Projects

    @property
    def tasks_finding(self) -> str:
        """How the tasks stand in the quarter, as a title."""
        return _tasks_finding(self.heat)

    @property
    def concerns(self) -> tuple[Phrase, ...]:
        """What the bureau should look at first, each linked to what is behind it."""
        worst = self.projects.worst
        if worst is None:
            return self.targets.concerns
        late = f"{worst.project.code}超过计划完成年{worst.overdue}个月"
        return (*self.targets.concerns, Phrase(late, worst.project.get_absolute_url()))

    @property
    def investment_finding(self) -> str:
        """How much has been invested, as a title."""
        invested = self.projects.sums.invested_wan
        if invested is None:
            return "项目投资：还没有填报"
        return f"项目累计完成投资{wan(invested)}"

    @property
    def investment_note(self) -> str:
        """What the sums leave out, and which projects the table shows."""
        return f"总投资{self.projects.sums.sentence}；表列超期最长的未竣工项目"

    @property
    def open_projects(self) -> tuple[ProjectRow, ...]:
        """The open projects that are overdue longest."""
        return self.projects.open_rows[:PROJECTS_SHOWN]

    @property
    def is_empty(self) -> bool:
        """True where no plan has been loaded."""
        return not self.targets.rows


def _tasks_finding(heat: HeatMap) -> str:
    last = [row.cells[-1] for row in heat.rows if row.cells]
    total = sum(cell.summary.total for cell in last)
    if not any(cell.is_open for cell in last):
        return f"{total}项任务：{heat.periods[-1].label}还没有进展"
    on_course = sum(cell.summary.on_course for cell in last)
    missing = sum(cell.summary.missing for cell in last)
    waiting = sum(cell.summary.waiting for cell in last)
    words = f"{total}项任务：正常推进或完成{on_course}项"
    behind = total - on_course - missing - waiting
    words += f"，滞后、停滞或未启动{behind}项" if behind else ""
    words += f"，待审核{waiting}项" if waiting else ""
    return words + (f"，缺报{missing}项" if missing else "")


def overview(
    *,
    period: Period,
    opened: Asked = NOBODY_ASKED,
    asof: AsOf | None = None,
    unreviewed: Unreviewed = NOTHING,
) -> Overview:
    """The overview of a quarter, in a constant number of statements.

    `opened` are the quarters in which agencies were asked to report, with what waits in them.
    """
    return Overview(
        period=period,
        targets=targets_overview(rows=judged_targets(asof=asof, unreviewed=unreviewed)),
        heat=heat_map(period.back(QUARTERS_SHOWN), opened=opened, asof=asof),
        projects=projects.overview(asof=asof),
    )
