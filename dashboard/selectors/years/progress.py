"""What a year between milestones asked of each target, and what was reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from django.urls import reverse

from dashboard.rules.overview.phrases import Phrase
from dashboard.rules.overview.score import progress_words
from records.asof import AsOf
from targets import rules
from targets.rules.levels import Level
from targets.selectors import Judged, judged_targets


class ProgressGroup(StrEnum):
    """Where a target stands in the year: by the light of its value, or by what is missing."""

    RED = "red"
    ORANGE = "orange"
    GREEN = "green"
    MISSING = "missing"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _GROUPS[self]


_GROUPS = {
    ProgressGroup.RED: "一级",
    ProgressGroup.ORANGE: "二级",
    ProgressGroup.GREEN: "三级，达到进度要求",
    ProgressGroup.MISSING: "没有年度值",
    ProgressGroup.OTHER: "当年不按进度要求判断",
}
_OF_LEVEL = {
    Level.RED: ProgressGroup.RED,
    Level.ORANGE: ProgressGroup.ORANGE,
    Level.GREEN: ProgressGroup.GREEN,
}


@dataclass(frozen=True)
class ProgressRow:
    """A target with what the year required, by the path to its next goal, and its own value."""

    judged: Judged
    year: int

    @property
    def terms(self) -> rules.Terms:
        return self.judged.terms

    @cached_property
    def actual(self) -> rules.Actual | None:
        """The annual value of the year, also one that says 不适用."""
        return self.terms.actual(self.year)

    @cached_property
    def goal(self) -> rules.Goal | None:
        """What the end of the year required; None if nothing is, or a document decides."""
        is_number = not (self.terms.is_peak or self.terms.is_qualitative)
        return rules.goal_at(self.terms, self.year) if is_number else None

    @cached_property
    def light(self) -> rules.Light:
        """The warning level of the year's value, as it was judged when it was the newest."""
        if self.actual is None:
            return rules.Light(
                Level.GREY, f"还没有{self.year}年的年度值" if self.goal else _NOTHING
            )
        if self.actual.not_applicable or self.actual.value is None:
            return rules.Light(Level.GREY, "当年没有新建，不适用")
        if self.terms.is_peak:
            known = self.terms.ending_with(self.actual)
            return rules.Light(Level.GREY, rules.peak(known, today_year=self.year).words)
        return self.judged.light_of(self.actual)

    @property
    def group(self) -> ProgressGroup:
        if self.actual is None and self.goal is not None:
            return ProgressGroup.MISSING
        return _OF_LEVEL.get(self.light.level, ProgressGroup.OTHER)

    @property
    def is_hollow(self) -> bool:
        """Whether the value, or the base of the requirement, may still change."""
        if self.actual is None:
            return False
        open_base = rules.rests_on_open_base(self.terms.ending_with(self.actual))
        return open_base or not self.actual.is_settled

    @property
    def level_words(self) -> str:
        """二级; 二级，人工判定."""
        return self.light.level.label + ("，人工判定" if self.light.is_by_hand else "")

    @property
    def required(self) -> str:
        return rules.goal_value(self.terms, self.goal) if self.goal else "—"

    @property
    def number(self) -> Decimal | None:
        """The value as it is printed."""
        if self.actual is None or self.actual.value is None:
            return None
        return rules.shown_actual(self.terms, self.actual, self.goal)

    @property
    def value(self) -> str:
        """19.6%; empty without one."""
        has_value = self.number is not None
        return rules.actual_words(self.terms, self.actual, self.goal) if has_value else ""

    @property
    def grade(self) -> str:
        return rules.grade(self.actual) if self.actual else ""

    @property
    def gap(self) -> str:
        """差0.8个百分点 of what is compared; else empty."""
        if self.goal is None or self.actual is None or self.group == ProgressGroup.OTHER:
            return ""
        return rules.distance_words(self.terms, self.goal, self.actual)

    @property
    def sentence(self) -> str:
        """2026年进度要求20.4%以上，实际19.6%（最终核实），差0.8个百分点，一级：……。"""
        need = rules.goal_words(self.terms, self.goal) if self.goal else ""
        said = [f"{self.year}年进度要求{need}" if need else f"{self.year}年没有进度要求"]
        if self.value:
            said.append(f"实际{self.value}（{self.grade}）")
        if self.gap and self.gap != rules.REACHED:
            said.append(self.gap)
        level = "" if self.light.level.is_grey else f"{self.level_words}："
        if self.light.reason and self.light.reason != _NOTHING:
            said.append(f"{level}{self.light.reason}")
        return f"{self.judged.target.name}：{'，'.join(said)}。"

    @property
    def order(self) -> tuple[int, int]:
        return list(ProgressGroup).index(self.group), self.judged.target.position


_NOTHING = "没有进度要求"


@dataclass(frozen=True)
class ProgressCount:
    """How many targets of a group, in order."""

    label: str
    rows: tuple[ProgressRow, ...]

    @property
    def number(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Progress:
    """The targets of the plan in a year between milestones, the worst first."""

    rows: tuple[ProgressRow, ...]
    year: int
    years: rules.MilestoneYears

    @cached_property
    def groups(self) -> tuple[ProgressCount, ...]:
        """The groups that have targets, in order."""
        found = (
            ProgressCount(group.label, tuple(row for row in self.rows if row.group == group))
            for group in ProgressGroup
        )
        return tuple(count for count in found if count.rows)

    def number(self, group: ProgressGroup) -> int:
        return sum(row.group == group for row in self.rows)

    @property
    def others(self) -> tuple[int, ...]:
        """The other years of the kind."""
        return tuple(year for year in self.years.between if year != self.year)

    @property
    def url(self) -> str:
        return reverse("dashboard:progress", args=[self.year])

    @property
    def finding(self) -> str:
        """2026年进度：20项有年度值，达到要求15项，二级2项、一级3项；4项没有年度值."""
        behind = ((ProgressGroup.ORANGE, "二级"), (ProgressGroup.RED, "一级"))
        known = sum(self.number(group) for group in _OF_LEVEL.values())
        missing = self.number(ProgressGroup.MISSING)
        lack = f"{missing}项没有年度值" if missing else ""
        if not known:
            return f"{self.year}年进度：{lack or _NOTHING}"
        words = [f"{known}项有年度值", f"达到要求{self.number(ProgressGroup.GREEN)}项"]
        short = "、".join(f"{name}{n}项" for group, name in behind if (n := self.number(group)))
        return f"{self.year}年进度：{'，'.join(filter(None, (*words, short)))}" + (
            f"；{lack}" if lack else ""
        )

    @property
    def has_demo(self) -> bool:
        return any(row.judged.has_demo for row in self.rows)


def progress_of(rows: Sequence[Judged], year: int, years: rules.MilestoneYears) -> Progress:
    """The year from rows that a page has already."""
    found = sorted((ProgressRow(row, year) for row in rows), key=lambda row: row.order)
    return Progress(tuple(found), year, years)


def progress(*, year: int, asof: AsOf | None = None) -> Progress | None:
    """A year that is over and no milestone year, in one statement; None of any other."""
    rows = judged_targets(asof=asof)
    if not rows or year not in rows[0].years.between:
        return None
    return progress_of(rows, year, rows[0].years)


def ended_last(rows: Sequence[Judged], years: rules.MilestoneYears) -> Phrase | None:
    """How the year that ended last went, where it is no milestone year."""
    if years.running_up is None or not rows:
        return None
    found = progress_of(rows, years.running_up, years)
    behind = found.number(ProgressGroup.ORANGE) + found.number(ProgressGroup.RED)
    words = progress_words(found.year, met=found.number(ProgressGroup.GREEN), behind=behind)
    return Phrase(words, found.url)
