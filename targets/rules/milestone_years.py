"""The milestone years of the plan on a day: which is due, which is next, which are past."""

import datetime
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self


@dataclass(frozen=True)
class MilestoneYears:
    """The milestone years of the plan as of a day.

    A year is past from 1 January after it. `base` is the year from which the plan counts. Years of
    goals are milestone years too, if they are beyond the plan or the plan names none.
    """

    today: datetime.date
    plan_years: tuple[int, ...] = ()
    goal_years: tuple[int, ...] = ()
    base: int | None = None
    shown: int | None = None
    """The year that a page is about, where the day does not decide it."""

    @cached_property
    def years(self) -> tuple[int, ...]:
        """All milestone years, earliest first."""
        beyond = {year for year in self.goal_years if year > (self.horizon or 0)}
        return tuple(sorted({*self.plan_years, *beyond}))

    @property
    def first(self) -> int:
        """The first one, from which values are settled; the current year for a plan without any."""
        return min(self.years, default=self.today.year)

    @property
    def horizon(self) -> int | None:
        """The last milestone year that the plan itself names; None if it names none."""
        return max(self.plan_years, default=None)

    @property
    def due(self) -> int | None:
        """The newest past one, which is settled or being settled."""
        return max(filter(self.has_ended, self.years), default=None)

    @property
    def next(self) -> int | None:
        """The first one that is not past, the current year included; None after the last one."""
        return min((year for year in self.years if not self.has_ended(year)), default=None)

    @cached_property
    def settled(self) -> int:
        """The year whose verdict is shown: the due one; before the first milestone year that one.

        The year before for a plan without milestones.
        """
        if self.shown is not None and self.has_ended(self.shown):
            return self.shown
        return self.due or self.next or self.today.year - 1

    @cached_property
    def ahead(self) -> int:
        """The year of the outlook: the next one; after the last milestone year that one."""
        if self.shown is not None and not self.has_ended(self.shown):
            return self.shown
        return self.next or self.due or self.today.year

    @property
    def looks_ahead(self) -> bool:
        """Whether the outlook is of another year than the settled one; false after the last."""
        return self.ahead != self.settled

    @property
    def words(self) -> str:
        """2025年目标已到期，2030年目标在前."""
        past = f"{self.due}年目标已到期" if self.due else ""
        ahead = f"{self.next}年目标在前" if self.next else ""
        return "，".join(filter(None, (past, ahead)))

    @cached_property
    def between(self) -> tuple[int, ...]:
        """Past years that are no milestone years, from the first after the base year."""
        first = self.base or min(self.years, default=self.today.year)
        return tuple(year for year in range(first + 1, self.today.year) if year not in self.years)

    @property
    def running_up(self) -> int | None:
        """The last past year, if it is no milestone year: it has a requirement of its own."""
        last = self.today.year - 1
        return last if last in self.between else None

    @property
    def earlier(self) -> tuple[int, ...]:
        """Past milestone years other than the due one: only pages of later ones link to them."""
        return tuple(year for year in self.years if year < (self.due or 0))

    def showing(self, year: int) -> Self:
        """These milestone years for a page about one year."""
        return replace(self, shown=year)

    def has_ended(self, year: int) -> bool:
        """Whether a year is past; on 31 December it is not."""
        return year < self.today.year

    def before(self, year: int) -> int | None:
        """The milestone year before a year; None for the first."""
        return max((one for one in self.years if one < year), default=None)

    def after(self, year: int) -> int | None:
        """The milestone year after a year; None for the last."""
        return min((one for one in self.years if one > year), default=None)

    def __contains__(self, year: object) -> bool:
        return year in self.years


def through_words(years: MilestoneYears) -> str:
    """经2025年到2030年: the milestone years of a target's required line."""
    *inner, last = years.years or (years.ahead,)
    through = "、".join(f"{year}年" for year in inner)
    return f"经{through}到{last}年" if inner else f"到{last}年"
