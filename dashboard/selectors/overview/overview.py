"""The overview: where the district stands, from one small set of statements."""

from dataclasses import dataclass
from functools import cached_property

from common.quarters import Period
from dashboard.selectors.overview.parts import OverviewParts
from dashboard.selectors.overview.summary import Summary, summary_of
from dashboard.selectors.part_cache import PageMemory, PartCache
from plan.models import DataState
from records.asof import AsOf
from reporting.matters.selectors.on_days import MattersByDay
from targets.selectors import (
    NOTHING,
    Unreviewed,
)
from tasks.selectors import (
    NOTHING_OPENED,
    OpenedQuarters,
)

_NOTHING_HELD: tuple[MattersByDay, MattersByDay] = ((), ())


@dataclass(frozen=True)
class Overview(OverviewParts):
    """The parts of the overview and what it says of them first."""

    @cached_property
    def summary(self) -> Summary:
        return summary_of(self)


def overview(
    *,
    period: Period,
    opened: OpenedQuarters = NOTHING_OPENED,
    asof: AsOf | None = None,
    unreviewed: Unreviewed = NOTHING,
    ledger: tuple[MattersByDay, MattersByDay] | None = _NOTHING_HELD,
    waiting: int = 0,
    kept: PartCache | None = None,
    state: DataState | None = None,
    decides: bool = True,
) -> Overview:
    """The overview of a quarter: targets, tasks and projects in three statements.

    `opened` are the quarters in which agencies were asked to report, with what waits in them.
    """
    kept = PageMemory() if kept is None else kept
    return Overview(period, opened, asof, unreviewed, ledger, waiting, kept, state, decides)
