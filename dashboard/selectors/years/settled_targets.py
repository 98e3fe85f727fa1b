"""The targets of a milestone year that is over, as its chart takes them."""

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from targets import rules
from targets.selectors import Judged, years_among

AGAIN_MARK = "※"
"""Stands at a target whose verdict has to be settled again."""


@dataclass(frozen=True)
class SettledTargets:
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
        return f"有数据的{count}项指标中，{met}项达到或初步达到{self.years.settled}年目标"

    @property
    def has_demo(self) -> bool:
        return any(row.has_demo for row in self.rows)
