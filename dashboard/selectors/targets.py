"""The targets of a milestone year as its figure draws them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from targets import rules
from targets.selectors import Judged, years_among

AGAIN_MARK = "※"
"""Stands at a target whose verdict has to be settled again."""


@dataclass(frozen=True)
class TargetsOverview:
    """The judged targets of the plan, in plan order."""

    rows: tuple[Judged, ...]

    @cached_property
    def years(self) -> rules.MilestoneYears:
        """The milestone years on the day."""
        return years_among(self.rows, timezone.localdate())

    @cached_property
    def settled_rows(self) -> tuple[Judged, ...]:
        """Targets with a value for the settled year, worst first."""
        judged = [row for row in self.rows if row.settled.shortfall is not None]
        return tuple(sorted(judged, key=lambda row: row.sort_key))

    @property
    def settled_finding(self) -> str:
        """The finding of the settled year as a title."""
        count, met = len(self.settled_rows), sum(r.settled.met is True for r in self.settled_rows)
        if not count:
            return f"还没有指标有{self.years.settled}年的年度值"
        return f"有数据的{count}项指标中，{met}项达到或初步达到{self.years.settled}年目标"

    @property
    def has_demo(self) -> bool:
        return any(row.has_demo for row in self.rows)


def targets_overview(*, rows: Sequence[Judged]) -> TargetsOverview:
    """The overview of the judged targets."""
    return TargetsOverview(tuple(rows))
