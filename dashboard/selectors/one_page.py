"""The one page for the leaders: the numbers of the overview, as text that fits a sheet."""

import datetime
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property

from common.quarters import Period
from dashboard.selectors.earlier_overview import Overview, overview
from dashboard.selectors.problems import Problem, problems
from plan.asof import AsOf, day_of
from targets import rules
from targets.rules import Grade, Level, Prospect, Verdict
from targets.selectors import Judged
from tasks.selectors import NOBODY_ASKED, Asked

ROOM = 26
"""How many rows stand at their full height; more stand closer."""
MOST = 30

_WHOLE_FROM = 10_000
_VERDICTS = {
    Verdict.FELL_SHORT: "未达力争",
    Verdict.PENDING: "待下达",
    Verdict.TO_RECOGNISE: "定性待认定",
    Verdict.BASIS_CHANGED: "口径待确认",
}
_DIRECTIONS = {"数据不足4年": "数据不足", "较上年下降": "有所下降"}
_GRADES = (Grade.FINAL, Grade.DEPARTMENT, Grade.PRELIMINARY, Grade.ESTIMATE)
_PROSPECTS = {Prospect.UNLIKELY: "难以达到"}


@dataclass(frozen=True)
class SheetRow:
    """A judged target as the cells of the sheet; values without their unit, which has a column."""

    judged: Judged

    @property
    def code(self) -> str:
        return self.judged.target.code

    @property
    def name(self) -> str:
        """The short name; ＊ for a target that is striven for (力争)."""
        return self.judged.target.short_name + ("＊" if self.judged.target.is_striven else "")

    @property
    def unit(self) -> str:
        return rules.unit_of(self.judged.terms) or "—"

    @property
    def first(self) -> str:
        """The value of the base year, else the baseline that the plan gives for it."""
        terms = self.judged.terms
        base = self.judged.years.base or terms.baseline_year
        if base is None:
            return "—"
        is_base = terms.baseline_year == base and self._own(base) is None
        if is_base and terms.baseline_value is not None:
            return _figure(terms, rules.Actual(base, terms.baseline_value, Grade.FINAL))
        return self._value(base)

    @property
    def before(self) -> str:
        return self._value(self.judged.years.settled - 1)

    @property
    def settled(self) -> str:
        return self._value(self.judged.years.settled)

    @property
    def is_preliminary(self) -> bool:
        """Whether the value of the settled year waits for its final figure."""
        own = self._own(self.judged.years.settled)
        return own is not None and own.value is not None and not own.is_settled

    @property
    def grade(self) -> str:
        """数据状态 of the value of the settled year, empty without one."""
        own = self._own(self.judged.years.settled)
        return rules.grade(own) if own is not None and own.value is not None else ""

    @property
    def settled_goal(self) -> str:
        return self._bare(self.judged.settled_goal).removesuffix("达峰")

    @property
    def verdict(self) -> str:
        judgement = self.judged.settled
        short = _VERDICTS.get(judgement.outcome or judgement.verdict)
        if judgement.is_provisional:
            return f"初步{short}" if short else judgement.preliminary_words
        return short or judgement.verdict.label

    @property
    def has_mark(self) -> bool:
        return self.judged.settled.verdict not in {Verdict.NOT_APPLICABLE, Verdict.AHEAD}

    @property
    def latest(self) -> str:
        """The newest value of the target's own basis; none where a newer one is of another."""
        newest = self.judged.newest
        if newest is None:
            return "—"
        return _figure(self.judged.terms, newest.actual) if newest.is_own_basis else "口径不同"

    @property
    def latest_when(self) -> str:
        """When the newest value is of, where that is not the settled year; ○ while it waits for
        its final figure."""
        newest = self.judged.newest
        if (
            newest is None
            or not newest.is_own_basis
            or newest.actual == self._own(self.judged.years.settled)
        ):
            return ""
        short = _short(newest.actual.period, self.judged.today.year)
        return short if newest.actual.is_settled else f"○{short}"

    @property
    def ahead_goal(self) -> str:
        """巩固 where the year has no goal of its own and the earlier one has to be kept."""
        if self.outlook.is_floor:
            return "巩固"
        return self._bare(self.judged.ahead_goal).removesuffix("达峰")

    @cached_property
    def outlook(self) -> rules.Outlook:
        return self.judged.outlook

    @property
    def prospect(self) -> str:
        """The prospect in few words; of a peak its direction."""
        found = self.outlook
        if found.peak is not None:
            return _direction(found.peak)
        if found.prospect == Prospect.NOT_PROJECTED:
            return "待下达" if found.goal is not None and found.goal.is_pending else "—"
        return _PROSPECTS.get(found.prospect, found.prospect.label)

    @property
    def lead(self) -> str:
        agency = self.judged.target.reporting_agency
        return agency.short_name if agency else "牵头单位待定"

    def _own(self, year: int) -> rules.Actual | None:
        """The value of a year in the target's own basis: no other stands beside it."""
        actual, terms = self.judged.terms.actual(year), self.judged.terms
        return actual if actual is not None and terms.is_own_basis(actual) else None

    def _value(self, year: int) -> str:
        own = self._own(year)
        return _figure(self.judged.terms, own) if own else "—"

    def _bare(self, text: str) -> str:
        unit = rules.unit_of(self.judged.terms)
        return text.replace(unit, "") if unit else text


def _short(period: Period, this_year: int) -> str:
    """'24, Q3 of this year, 25Q4 of another."""
    if period.quarter is None:
        return f"'{period.year % 100:02d}"
    return f"Q{period.quarter}" if period.year == this_year else period.short_label


def _figure(terms: rules.Terms, actual: rules.Actual) -> str:
    """As everywhere; from 10,000 on whole, so that no column has to cut a number."""
    is_long = actual.value is not None and abs(actual.value) >= _WHOLE_FROM
    return rules.actual_figure(replace(terms, decimals=0) if is_long else terms, actual)


def _direction(peak: rules.Peak) -> str:
    """疑似达峰, 仍在上升: in four characters."""
    if peak.level == Level.GREEN:
        return "疑似达峰"
    head = peak.words.split("，")[0]
    return _DIRECTIONS.get(head, head)


@dataclass(frozen=True)
class OnePage:
    """All that the sheet shows of a quarter."""

    overview: Overview
    problems: tuple[Problem, ...]
    today: datetime.date
    is_past: bool = False

    @property
    def period(self) -> Period:
        return self.overview.period

    @property
    def years(self) -> rules.MilestoneYears:
        return self.overview.targets.years

    @cached_property
    def rows(self) -> tuple[SheetRow, ...]:
        return tuple(SheetRow(row) for row in self.overview.targets.rows[:MOST])

    @property
    def left_out(self) -> int:
        """How many targets the sheet has no room for."""
        return max(0, len(self.overview.targets.rows) - MOST)

    @property
    def is_dense(self) -> bool:
        return len(self.rows) > ROOM

    @property
    def is_empty(self) -> bool:
        return self.overview.is_empty

    @cached_property
    def rule(self) -> rules.JudgingRules:
        """The rule in force, under which the rows were judged."""
        rows = self.overview.targets.rows
        return rows[0].terms.judging if rows else rules.JudgingRules()

    @property
    def near_words(self) -> str:
        """What ▲ means on this page: also a 力争 target that fell short, where there is one."""
        fell = any(row.judged.settled.verdict == Verdict.FELL_SHORT for row in self.rows)
        short = f"、{_VERDICTS[Verdict.FELL_SHORT]}" if fell else ""
        return f"{self.rule.gap_words}≤{self.rule.near_words}{short}"

    @property
    def far_words(self) -> str:
        return f"超过{self.rule.near_words}、未达标或不降反升"

    @property
    def rule_words(self) -> str:
        """The rule in force as a sentence."""
        cap = "；力争目标最高二级" if self.rule.caps_striven else ""
        band = rules.plain(self.rule.tolerance_percent)
        return f"第{self.rule.version}版，差距按{self.rule.gap_formula}；“左右”容差±{band}%{cap}。"

    @property
    def grades_words(self) -> str:
        """How many values of the settled year are of which grade: 最终核实5项、初步核算4项."""
        counts = Counter(grade for row in self.rows if (grade := row.grade))
        said = "、".join(f"{g.label}{counts[g.label]}项" for g in _GRADES if counts[g.label])
        return said or "还没有"

    @property
    def projects_sentence(self) -> str:
        """20个项目：竣工11个，超期7个，累计完成投资…."""
        found = self.overview.projects
        if not found.total:
            return "还没有项目。"
        late = f"，超期{found.overdue}个" if found.overdue else ""
        head = f"{found.total}个项目：已竣工{found.completed}个{late}"
        return f"{head}；{self.overview.investment_finding.removeprefix('项目')}。"


def one_page(*, period: Period, opened: Asked = NOBODY_ASKED, asof: AsOf | None = None) -> OnePage:
    """The sheet of a quarter: the overview's statements and one more; of a past day two more."""
    seen = overview(period=period, opened=opened, asof=asof)
    told = problems(period=period, projects=seen.projects, asof=asof)
    return OnePage(seen, told, day_of(asof), asof is not None)
