"""The rows of the overview: one target each, in four groups, worst first."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cached_property

from common.quarters import Period
from dashboard.rules.changes.change import UNASSIGNED, short_period
from dashboard.rules.overview.schedule_lag import lag_words
from dashboard.selectors.overview import verdict_cells
from targets import rules
from targets.models.targets import value_address
from targets.rules import Prospect
from targets.rules.levels import Level
from targets.rules.words.provenance import Stamp
from targets.selectors import Judged


class RowGroupKind(StrEnum):
    """What the rows of a group have in common."""

    HEADLINE = "headline"
    SHORT = "short"
    OPEN = "open"
    MET = "met"

    @property
    def label(self) -> str:
        return _KINDS[self]


class _Rank(IntEnum):
    """How bad it stands."""

    RISING = 0
    MISSED = 1
    UNLIKELY = 2
    OPEN = 3
    MET = 4


_KINDS = {
    RowGroupKind.HEADLINE: "主要目标",
    RowGroupKind.SHORT: "没有达到，或按现趋势难以达到",
    RowGroupKind.OPEN: "还不能判断",
    RowGroupKind.MET: "已达到，或预计可达",
}
_KIND_OF = {_Rank.OPEN: RowGroupKind.OPEN, _Rank.MET: RowGroupKind.MET}
_NOTES = {
    RowGroupKind.HEADLINE: "",
    RowGroupKind.SHORT: "除主要目标外",
    RowGroupKind.OPEN: "缺年度值、等下达、口径待确认或趋势不明",
    RowGroupKind.MET: "{until}",
}
_TIGHT_UNITS = {"万立方米": "万m³"}


@dataclass(frozen=True)
class OverviewRow:
    """All that the overview says of a target, `day` being the end of the quarter shown."""

    judged: Judged
    day: datetime.date

    @property
    def code(self) -> str:
        return self.judged.target.code

    @property
    def name(self) -> str:
        return self.judged.target.short_name

    @property
    def url(self) -> str:
        return self.judged.target.get_absolute_url()

    @property
    def is_striven(self) -> bool:
        return self.judged.target.is_striven

    @property
    def terms(self) -> rules.Terms:
        return self.judged.terms

    # the newest value

    @property
    def figure(self) -> str:
        """Empty if there is none."""
        return self.judged.newest.figure if self.judged.newest else ""

    @property
    def unit(self) -> str:
        unit = rules.unit_of(self.terms)
        return _TIGHT_UNITS.get(unit, unit)

    @property
    def when(self) -> str:
        """三季度 of the year shown, 2025年三季度 of another, 2025年."""
        newest = self.judged.newest
        return short_period(newest.actual.period, self.day) if newest else ""

    @property
    def no_value(self) -> str:
        """What stands in its place."""
        return "凭材料认定" if self.terms.is_qualitative else "还没有数值"

    @property
    def stamp(self) -> Stamp | None:
        newest = self.judged.newest
        if newest is None:
            return None
        return verdict_cells.stamp(newest.actual, is_settled=self._settles(newest.actual))

    @property
    def source_url(self) -> str:
        newest = self.judged.newest
        return value_address(self.code, newest.actual.period.code) if newest else ""

    def _settles(self, actual: rules.Actual) -> bool:
        """Whether a verdict that holds rests on a value."""
        if actual.quarter or self.judged.is_outdated:
            return False
        return actual.year == self.judged.years.settled and self.judged.standing is not None

    # what is said of it

    @cached_property
    def verdict(self) -> verdict_cells.VerdictCell:
        """Of the milestone year that is settled, or being settled."""
        return verdict_cells.verdict(self.judged)

    @cached_property
    def outlook(self) -> str:
        """Of the milestone year ahead."""
        return verdict_cells.outlook(self.judged)

    @property
    def is_outlook_weak(self) -> bool:
        """Whether nothing can be said of it for want of data or a goal."""
        return verdict_cells.is_weak(self.judged.outlook)

    @property
    def is_outlook_strong(self) -> bool:
        return self.judged.outlook.prospect == Prospect.UNLIKELY

    @property
    def has_owner(self) -> bool:
        return self.judged.target.reporting_agency is not None

    @property
    def owner(self) -> str:
        agency = self.judged.target.reporting_agency
        return agency.short_name if agency else UNASSIGNED

    @cached_property
    def lag(self) -> str:
        """慢15个月, 三季度还差3.8; empty if nothing lacks."""
        return lag_words(self.terms, self.day)

    @property
    def said(self) -> str:
        """非化石能源比重：慢15个月, for who cannot see its figure."""
        return f"{self.name}：{self.lag or self.verdict.words}"

    # its place

    @property
    def kind(self) -> RowGroupKind:
        if self.judged.target.is_headline:
            return RowGroupKind.HEADLINE
        return _KIND_OF.get(self._rank, RowGroupKind.SHORT)

    @cached_property
    def order(self) -> tuple[object, ...]:
        """Worst first; of those alike what has to be judged again, then what has a distance."""
        judged = self.judged
        return self._rank, not judged.is_outdated, not self.lag, *judged.sort_key

    @cached_property
    def _rank(self) -> _Rank:
        found, met = self.judged.outlook, self.judged.settled.met
        if found.peak is not None:
            return _rank_of_peak(found.peak)
        if met is False:
            return _Rank.MISSED
        if found.prospect == Prospect.UNLIKELY:
            return _Rank.UNLIKELY
        return _Rank.MET if met or found.prospect == Prospect.LIKELY else _Rank.OPEN


@dataclass(frozen=True)
class RowGroup:
    """Rows of one kind, worst first."""

    kind: RowGroupKind
    rows: tuple[OverviewRow, ...]

    @property
    def label(self) -> str:
        return self.kind.label

    @property
    def note(self) -> str:
        """9项，须保持到2030年."""
        years = self.rows[0].judged.years
        until = f"须保持到{years.ahead}年" if years.looks_ahead else "须保持"
        said = _NOTES[self.kind].format(until=until)
        return f"{len(self.rows)}项" + (f"，{said}" if said else "")


def overview_rows(judged: Sequence[Judged], period: Period) -> tuple[RowGroup, ...]:
    """The groups that have targets, the headline targets first, as of the quarter shown.

    The row of a target is made once as long as its judgement holds.
    """
    name, day = f"overview row {period.code}", period.end
    made = (one.cached(name, lambda one: OverviewRow(one, day)) for one in judged)
    rows = sorted(made, key=lambda row: row.order)
    groups = (RowGroup(kind, tuple(r for r in rows if r.kind == kind)) for kind in RowGroupKind)
    return tuple(group for group in groups if group.rows)


def _rank_of_peak(peak: rules.Peak) -> _Rank:
    if peak.level == Level.GREEN:
        return _Rank.MET
    return _Rank.RISING if peak.level == Level.RED or peak.is_rising else _Rank.OPEN
