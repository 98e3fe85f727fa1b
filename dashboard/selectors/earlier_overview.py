"""The overview: where the district stands, from one small set of statements."""

from dataclasses import dataclass

from common.formats import wan
from common.owed import words as owed_words
from common.quarters import Period
from dashboard.selectors.targets import Phrase, TargetsOverview, targets_overview
from plan.asof import AsOf
from projects import selectors as projects
from projects.selectors import Overview as Projects
from targets.selectors import NOTHING, Unreviewed, judged_targets
from tasks.selectors import NOBODY_ASKED, Asked, HeatMap, heat_map

QUARTERS_SHOWN = 8


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
        return tasks_finding(self.heat)

    @property
    def concerns(self) -> tuple[Phrase, ...]:
        """What the bureau should look at first, each linked to what is behind it."""
        return (*self.targets.concerns, *late_phrases(self.projects))

    @property
    def investment_finding(self) -> str:
        """How much has been invested, as a title."""
        return investment_finding(self.projects)

    @property
    def is_empty(self) -> bool:
        """True where no plan has been loaded."""
        return not self.targets.rows


def tasks_finding(heat: HeatMap) -> str:
    """How the tasks stand in the map's last quarter, as a title."""
    last = [row.cells[-1] for row in heat.rows if row.cells]
    total = sum(cell.summary.total for cell in last)
    if not any(cell.is_open for cell in last):
        return f"{total}项任务：{heat.periods[-1].label}还没有进展"
    on_course = sum(cell.summary.on_course for cell in last)
    missing = sum(cell.summary.missing for cell in last)
    awaited = sum(cell.summary.awaited for cell in last)
    waiting = sum(cell.summary.waiting for cell in last)
    words = f"{total}项任务：正常推进或完成{on_course}项"
    behind = total - on_course - missing - awaited - waiting
    words += f"，滞后、停滞或未启动{behind}项" if behind else ""
    words += f"，待审核{waiting}项" if waiting else ""
    return "，".join((words, *owed_words(awaited, missing, "项")))


def late_phrases(found: Projects) -> tuple[Phrase, ...]:
    """The project that is overdue longest, as linked words; nothing where none is."""
    worst = found.worst
    if worst is None:
        return ()
    words = f"{worst.project.code}超过计划完成年{worst.overdue}个月"
    words += f"，{worst.past_expected}" if worst.past_expected else ""
    return (Phrase(words, worst.project.get_absolute_url()),)


def investment_finding(found: Projects) -> str:
    """How much has been invested, as a title."""
    invested = found.sums.invested_wan
    return "项目投资：还没有填报" if invested is None else f"项目累计完成投资{wan(invested)}"


def tasks_of(*, period: Period, opened: Asked = NOBODY_ASKED, asof: AsOf | None = None) -> HeatMap:
    """The map of the tasks in the quarters up to this one, of which `opened` were asked for."""
    return heat_map(period.back(QUARTERS_SHOWN), opened=opened, asof=asof)


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
        heat=tasks_of(period=period, opened=opened, asof=asof),
        projects=projects.overview(asof=asof),
    )
