"""Which milestone year of the plan is due, which is next, which are past: asked once, of a day."""

import datetime
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self


@dataclass(frozen=True)
class MilestoneYears:
    """The milestone years of the plan as they stand on a day.

    A year is past from the first of January after it. `base` is the year from which the plan
    counts; goals beyond the plan, or of a plan that names no years, make their years milestones.
    """

    today: datetime.date
    plan_years: tuple[int, ...] = ()
    goal_years: tuple[int, ...] = ()
    base: int | None = None
    shown: int | None = None
    """The year that a page is about, where that is not for the day to say."""

    @cached_property
    def years(self) -> tuple[int, ...]:
        """All of them, the earliest first."""
        beyond = {year for year in self.goal_years if year > (self.horizon or 0)}
        return tuple(sorted({*self.plan_years, *beyond}))

    @property
    def first(self) -> int:
        """The first of them, since which values are settled; of a plan without any this year."""
        return min(self.years, default=self.today.year)

    @property
    def horizon(self) -> int | None:
        """The last milestone year of the plan itself; None of a plan that names none."""
        return max(self.plan_years, default=None)

    @property
    def due(self) -> int | None:
        """The newest one that is past, which is settled or being settled."""
        return max(filter(self.has_ended, self.years), default=None)

    @property
    def next(self) -> int | None:
        """The first one that is not past, the running year too; None once the last is."""
        return min((year for year in self.years if not self.has_ended(year)), default=None)

    @cached_property
    def settled(self) -> int:
        """The year whose verdict is shown: the one due, before the first one that one.

        A plan without milestones is asked for the year before.
        """
        if self.shown is not None and self.has_ended(self.shown):
            return self.shown
        return self.due or self.next or self.today.year - 1

    @cached_property
    def ahead(self) -> int:
        """The year that is looked ahead to: the next one, after the last one that one."""
        if self.shown is not None and not self.has_ended(self.shown):
            return self.shown
        return self.next or self.due or self.today.year

    @property
    def looks_ahead(self) -> bool:
        """Whether another year than the settled one is looked ahead to; none after the last."""
        return self.ahead != self.settled

    @property
    def words(self) -> str:
        """2025年目标已到期，2030年目标在前."""
        past = f"{self.due}年目标已到期" if self.due else ""
        ahead = f"{self.next}年目标在前" if self.next else ""
        return "，".join(filter(None, (past, ahead)))

    @cached_property
    def between(self) -> tuple[int, ...]:
        """The years that are over and no milestone years, from the first after the base year."""
        first = self.base or min(self.years, default=self.today.year)
        return tuple(year for year in range(first + 1, self.today.year) if year not in self.years)

    @property
    def running_up(self) -> int | None:
        """The year that ended last, where it is no milestone year: it has its own requirement."""
        last = self.today.year - 1
        return last if last in self.between else None

    @property
    def earlier(self) -> tuple[int, ...]:
        """Those that are over and not the one due: nothing leads to them but the later ones."""
        return tuple(year for year in self.years if year < (self.due or 0))

    def showing(self, year: int) -> Self:
        """The same for a page about one year."""
        return replace(self, shown=year)

    def has_ended(self, year: int) -> bool:
        """Whether a year is over; on 31 December it is not."""
        return year < self.today.year

    def before(self, year: int) -> int | None:
        """The milestone year that leads to a year; None of the first."""
        return max((one for one in self.years if one < year), default=None)

    def after(self, year: int) -> int | None:
        """The milestone year that follows a year; None of the last."""
        return min((one for one in self.years if one > year), default=None)

    def __contains__(self, year: object) -> bool:
        return year in self.years


def through_words(years: MilestoneYears) -> str:
    """经2025年到2030年: the milestones that the way of a target leads through."""
    *inner, last = years.years or (years.ahead,)
    through = "、".join(f"{year}年" for year in inner)
    return f"经{through}到{last}年" if inner else f"到{last}年"
