"""Where the trends lead by a milestone year: each target in one group, counted once."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from dashboard.rules.overview.score import AheadGroup, ahead_group
from targets import rules
from targets.rules import Prospect
from targets.selectors import Judged, OutlookRow

_WORST_FIRST = (
    Prospect.UNLIKELY,
    Prospect.UNCERTAIN,
    Prospect.LIKELY,
    Prospect.TOO_LITTLE,
    Prospect.NOT_PROJECTED,
)


class OutlookGroup(StrEnum):
    """What a target is held to in the year; a target is in one group."""

    OWN = "own"
    STRIVEN = "striven"
    FLOOR = "floor"
    PEAK = "peak"
    OTHER = "other"

    def label(self, years: rules.MilestoneYears) -> str:
        """Its name for the year ahead and the milestone year before it."""
        return _GROUPS[self].format(ahead=years.ahead, earlier=_earlier(years))


def _earlier(years: rules.MilestoneYears) -> str:
    """2025年: the milestone year whose level has to be kept until the year ahead."""
    before = years.before(years.ahead)
    return f"{before}年" if before else "此前"


_GROUPS = {
    OutlookGroup.OWN: "{ahead}年有目标值",
    OutlookGroup.STRIVEN: "力争目标，不作约束",
    OutlookGroup.FLOOR: "保持{earlier}目标（巩固）",
    OutlookGroup.PEAK: "达峰目标",
    OutlookGroup.OTHER: "等市下达、凭材料认定或没有目标",
}


@dataclass(frozen=True)
class AheadRow:
    """One target as the page, the panel, the chart and the workbook show it."""

    row: OutlookRow

    @property
    def judged(self) -> Judged:
        return self.row.judged

    @property
    def terms(self) -> rules.Terms:
        return self.judged.terms

    @property
    def outlook(self) -> rules.Outlook:
        return self.row.outlook

    @property
    def code(self) -> str:
        return self.judged.target.code

    @property
    def name(self) -> str:
        return self.judged.target.short_name

    @property
    def group_label(self) -> str:
        return self.group.label(self.judged.years)

    @cached_property
    def group(self) -> OutlookGroup:
        goal = self.outlook.goal
        if self.outlook.peak is not None:
            return OutlookGroup.PEAK
        if self.judged.target.is_striven:
            return OutlookGroup.STRIVEN
        if goal is None or not goal.is_number:
            return OutlookGroup.OTHER
        return OutlookGroup.FLOOR if self.outlook.is_floor else OutlookGroup.OWN

    @property
    def index(self) -> tuple[Decimal, Decimal, Decimal] | None:
        """Low, expected and high degree of completion, goal = 100; None if not projected.

        A reduction that is none lies before the axis begins.
        """
        found = self.outlook.index
        if found is None:
            return None
        nothing = Decimal(0) if self.terms.compounds else None
        ends = [nothing if e is None else e for e in (found.low, found.expected, found.high)]
        low, expected, high = ends
        if low is None or expected is None or high is None:
            return None
        return low, expected, high

    @property
    def goal(self) -> str:
        found = self.outlook.goal
        if found is None:
            return "—"
        words = rules.goal_value(self.terms, found)
        return f"{words}（巩固）" if self.outlook.is_floor else words

    @property
    def newest(self) -> rules.Newest | None:
        return self.judged.newest

    @property
    def expected(self) -> str:
        at = self.outlook.projection
        return rules.with_unit(self.terms, at.expected) if at else "—"

    @property
    def between(self) -> str:
        """The 80 % interval: 21.5%—21.9%."""
        at = self.outlook.projection
        if at is None:
            return "—"
        return rules.span(self.terms, at.low, at.high)

    @property
    def word(self) -> str:
        """The prospect, or why there is none, in few words."""
        goal = self.outlook.goal
        if self.outlook.prospect != Prospect.NOT_PROJECTED:
            waits = f"，{rules.UNREVIEWED}" if self.terms.has_unreviewed else ""
            return f"{self.outlook.prospect.label}{waits}"
        if goal is not None and goal.is_pending:
            return "目标待下达"
        return "看方向" if self.outlook.peak else self.outlook.prospect.label

    @property
    def reason(self) -> str:
        """Why nothing is projected; empty if something is."""
        return self.outlook.reason

    @property
    def pace(self) -> rules.Pace | None:
        """The pace that the goal needs; none where it only has to be kept."""
        goal, latest = self.outlook.goal, self.judged.latest
        if goal is None or latest is None or latest.value is None or self.judged.pace is None:
            return None
        kept = rules.meets(goal, latest.value, self.terms.tolerance)
        return None if kept else self.judged.pace

    @property
    def needed(self) -> str:
        """提高0.56个百分点, 须保持 or a dash."""
        if self.pace:
            return rules.needed_step(self.terms, self.pace.needed)
        band = self.outlook.goal is not None and self.outlook.goal.is_band
        return "须保持" if self.judged.pace or (band and self.judged.latest) else "—"

    @property
    def recent(self) -> str:
        found = self.judged.pace
        if found is None or found.recent is None:
            return "—"
        return rules.yearly_step(self.terms, found.recent)

    @property
    def best(self) -> str:
        """2023年提高0.60个百分点: the largest step ever made towards the goal."""
        return rules.best_step(self.terms, self.judged.pace) or "—"

    @property
    def sentence(self) -> str:
        """Pace and outlook, ready to be pasted into a report."""
        return f"{self.judged.target.name}：{self.row.sentence}{self._pace_words()}"

    def _pace_words(self) -> str:
        return rules.pace_words(self.terms, self.outlook.goal, self.judged.pace)

    @property
    def order(self) -> tuple[int, int, Decimal, int]:
        """By group, then worst first."""
        expected = self.index[1] if self.index else Decimal(0)
        prospect = _WORST_FIRST.index(self.outlook.prospect)
        return list(OutlookGroup).index(self.group), prospect, expected, self.judged.target.position


@dataclass(frozen=True)
class OutlookCount:
    """How many targets, with the list behind the number."""

    label: str
    rows: tuple[AheadRow, ...]
    url: str

    @property
    def number(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Outlooks:
    """The outlook of the plan, by group and worst first within it."""

    rows: tuple[AheadRow, ...]
    years: rules.MilestoneYears

    @property
    def year(self) -> int:
        """The milestone year that is looked ahead to."""
        return self.years.ahead

    @property
    def earlier(self) -> str:
        """2025年: whose level has to be kept where the year sets no goal."""
        return _earlier(self.years)

    @cached_property
    def scores(self) -> dict[str, AheadGroup | None]:
        """In which group of the score on the overview each target is counted, by its code."""
        has_values = any(row.newest is not None for row in self.rows)
        return {row.code: ahead_group(row.outlook, has_values=has_values) for row in self.rows}

    def of(self, group: OutlookGroup) -> tuple[AheadRow, ...]:
        return tuple(row for row in self.rows if row.group == group)

    @cached_property
    def groups(self) -> tuple[OutlookCount, ...]:
        """The groups that have targets, in order."""
        found = (
            OutlookCount(group.label(self.years), self.of(group), _list(self.year, group=group))
            for group in OutlookGroup
        )
        return tuple(group for group in found if group.rows)

    @cached_property
    def prospects(self) -> tuple[OutlookCount, ...]:
        """Of the targets with a number of their own for the year: how many stand where."""
        own = self.of(OutlookGroup.OWN)
        found = (
            OutlookCount(
                prospect.label,
                tuple(row for row in own if row.outlook.prospect == prospect),
                _list(self.year, group=OutlookGroup.OWN, prospect=prospect),
            )
            for prospect in Prospect
        )
        return tuple(count for count in found if count.rows)

    @cached_property
    def projected(self) -> tuple[AheadRow, ...]:
        """The rows that have an interval."""
        return tuple(row for row in self.rows if row.index is not None)

    @cached_property
    def panel(self) -> tuple[AheadRow, ...]:
        """What the overview lists: every target with a milestone in the year itself."""
        return tuple(
            row for row in self.rows if row.outlook.goal is not None and not row.outlook.is_floor
        )

    @property
    def finding(self) -> str:
        """2030年：3项预计可达，2项按现趋势难以达到; striven ones are not counted."""
        own = self.of(OutlookGroup.OWN)
        words = [
            f"{count}项{prospect.label}"
            for prospect in (Prospect.LIKELY, Prospect.UNCERTAIN, Prospect.UNLIKELY)
            if (count := sum(row.outlook.prospect == prospect for row in own))
        ]
        return f"{self.year}年：" + ("，".join(words) or "还没有可作外推的指标")

    @property
    def span(self) -> str:
        """The years of the values that the trends run through: 2020—2025年."""
        trends = [row.outlook.trend for row in self.rows if row.outlook.trend]
        if not trends:
            return ""
        first, last = min(t.first_year for t in trends), max(t.last_year for t in trends)
        return f"{first}—{last}年"

    @property
    def method(self) -> str:
        """按2020—2025年趋势外推，不是承诺；满4个年度值才作外推。"""
        span = f"按{self.span}趋势" if self.span else "按年度值趋势"
        return f"{span}{rules.DISCLAIMER}；满4个年度值才作外推。"

    @property
    def has_demo(self) -> bool:
        return any(row.judged.has_demo for row in self.rows)


def outlooks_of(rows: Iterable[OutlookRow], years: rules.MilestoneYears) -> Outlooks:
    """The outlook from the rows that a page has already."""
    return Outlooks(tuple(sorted(map(AheadRow, rows), key=lambda row: row.order)), years)


def _list(year: int, **filters: str) -> str:
    return f"{reverse('dashboard:year', args=[year])}?{urlencode(filters)}"
