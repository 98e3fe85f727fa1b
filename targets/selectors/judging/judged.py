"""Judged targets: plan and values read in one statement, judged by the rules."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, lru_cache

from django.db.models import Q, QuerySet

from common.caching.cached_rows import CachedRow
from plan.choices import CategoryScope
from records.asof import AsOf, day_of
from targets import rules
from targets.models import Observation, Target
from targets.selectors.judging.day_facts import day_facts
from targets.selectors.judging.facts import (
    ACTUALS,
    FIRST_PUBLISHED,
    GOALS,
    HAS_DEMO,
    OVERRIDES,
    QUARTERLY,
    STANDINGS,
    YEAR_ENDS,
    actual_of,
)
from targets.selectors.judging.rules_in_force import JUDGING
from targets.selectors.judging.terms import (
    SettlementInForce,
    terms_of,
)
from targets.selectors.judging.unreviewed import NOTHING, Unreviewed
from targets.selectors.judging.years import years_of


@dataclass(frozen=True)
class Judged(CachedRow):
    """A target with its terms and its judgement on a day."""

    target: Target
    terms: rules.Terms
    years: rules.MilestoneYears
    has_demo: bool = False
    standings: tuple[SettlementInForce, ...] = ()
    """The current settlements, one a year."""
    is_past: bool = False
    """Judged on a past day, by what was known then."""
    waiting: tuple[Observation, ...] = ()
    """Quarterly values that wait for review, unsaved; they judge nothing."""
    overrides: tuple[rules.Override, ...] = ()
    """Overrides of the light by the bureau."""

    @property
    def today(self) -> datetime.date:
        """The day of the judgement."""
        return self.years.today

    @cached_property
    def standing(self) -> SettlementInForce | None:
        """The settlement of the settled year; None if there is none."""
        return next((row for row in self.standings if row.year == self.years.settled), None)

    @cached_property
    def present(self) -> rules.Judgement:
        """The verdict of the settled year by the current numbers, settled or not."""
        return rules.judge(self.terms, self.years.settled, today_year=self.today.year)

    @cached_property
    def settled(self) -> rules.Judgement:
        """The current numbers of the settled year with its settled verdict, if there is one."""
        return self.judgement_of(self.years.settled)

    def judgement_of(self, year: int) -> rules.Judgement:
        """The current numbers of a year with its settled verdict, if there is one."""
        today_year = self.today.year
        known = next((row for row in self.standings if row.year == year), None)
        if known is None:
            return rules.judge(self.terms, year, today_year=today_year)
        return rules.settled_judgement(
            self.terms, year, known.verdict, known.grounds, today_year=today_year
        )

    @property
    def is_outdated(self) -> bool:
        """Whether it has to be settled again: value, goal, tolerance or basis has changed."""
        if self.standing is None:
            return False
        grounds = self.standing.grounds
        is_band = grounds.goal is not None and grounds.goal.is_band
        is_met = self.standing.verdict == rules.Verdict.ACHIEVED
        is_open = not is_met and not self.terms.is_tolerance_confirmed
        differs = is_band and (is_open or grounds.tolerance_percent != self.terms.tolerance_percent)
        goal, actual = grounds.goal, grounds.actual
        other = bool(goal and actual and not self.terms.fits(goal, actual))
        return self.standing.is_outdated or differs or other

    @property
    def verdict_words(self) -> str:
        """The verdict of the settled year; for an outdated one its grounds, with a note."""
        if self.standing is None or not self.is_outdated:
            return self.settled.label
        then, goal = self.standing.grounds.actual, self.standing.grounds.goal
        is_other = then is not None and then != self.settled.actual
        by = f"（按{rules.actual_words(self.terms, then, goal)}）" if then and is_other else ""
        return f"{self.settled.label}{by}，须重新判定"

    @cached_property
    def ahead(self) -> rules.Judgement:
        """The verdict of the year ahead."""
        return rules.judge(self.terms, self.years.ahead, today_year=self.today.year)

    @cached_property
    def outlook(self) -> rules.Outlook:
        """The outlook for the year ahead."""
        return rules.outlook(self.terms, self.years.ahead, today_year=self.today.year)

    @cached_property
    def peak(self) -> rules.Peak | None:
        """The state of a target that has to peak; None for others and for a quarter's value."""
        if not self.terms.is_peak or (self.latest and self.latest.quarter):
            return None
        return rules.peak(self.terms, today_year=self.today.year)

    @cached_property
    def light(self) -> rules.Light:
        """The warning level of the newest value, or the override for it."""
        return rules.overridden(self.light_by_rule, self.override)

    def light_of(self, value: rules.Actual) -> rules.Light:
        """The light of one value by itself: of a year or a quarter, approved or not."""
        return replace(self, terms=self.terms.ending_with(value)).light

    @cached_property
    def override(self) -> rules.Override | None:
        """The override for the newest value."""
        return rules.override_in_force(self.terms, self.light_by_rule, self.overrides)

    @property
    def may_be_overridden(self) -> bool:
        return rules.can_be_overridden(self.terms, self.light_by_rule)

    @cached_property
    def light_by_rule(self) -> rules.Light:
        """The warning level by the rules; for a peak its direction."""
        if self.peak:
            return rules.Light(self.peak.level, self.peak.words, self.latest_year)
        return rules.light(self.terms)

    @property
    def waiting_words(self) -> str:
        """The values that wait for review: 2025年80.2%、2026年第三季度81.0%."""
        annual = ((f"{a.year}年", a) for a in self.terms.actuals if a.is_unreviewed)
        quarters = ((q.period.label, actual_of(q)) for q in self.waiting)
        said = (when + rules.actual_words(self.terms, a) for when, a in (*annual, *quarters))
        return "、".join(said)

    @property
    def is_light_unreviewed(self) -> bool:
        """Whether the light comes from a value that waits for review."""
        return self.latest is not None and self.latest.is_unreviewed

    @property
    def is_light_hollow(self) -> bool:
        """Whether the light may still change: its value, or the base of its goal, is not final."""
        return self.is_light_unreviewed or rules.rests_on_open_base(self.terms)

    @property
    def light_words(self) -> str:
        """The warning level, with a note if it is an override or its value waits for review."""
        waits = f"，{rules.UNREVIEWED}" if self.is_light_unreviewed else ""
        by_hand = "，人工判定" if self.light.is_by_hand else ""
        return f"{self.light.level.label}{by_hand}{waits}"

    @property
    def latest(self) -> rules.Actual | None:
        """The newest annual value, which the light judges."""
        return self.terms.latest

    @property
    def latest_year(self) -> int | None:
        return self.latest.year if self.latest else None

    @cached_property
    def newest(self) -> rules.Newest | None:
        """The newest current value, of a year or a quarter: 最新值 on the pages."""
        return rules.newest_of(self.terms, today=self.today)

    @property
    def light_when(self) -> str:
        """按2025年值: the value that the light judges, if the newest one is of a later quarter."""
        if self.newest is None or not self.newest.is_quarter or self.latest is None:
            return ""
        age = rules.stale_words(self.latest, self.today)
        return f"按{self.latest.year}年值" + (f"（{age}）" if age else "")

    @property
    def latest_text(self) -> str:
        """The newest annual value with its unit; empty if there is none."""
        return rules.actual_words(self.terms, self.latest) if self.latest else ""

    @cached_property
    def pace(self) -> rules.Pace | None:
        """The pace to the goal of the year ahead, or to the earlier one to keep until then."""
        goal = self.outlook.goal
        ahead = self.years.ahead
        return rules.pace_to(self.terms, goal, ahead, today=self.today) if goal else None

    @cached_property
    def on_the_way(self) -> rules.Goal | None:
        """The requirement of the newest annual value's own year, if that is after the settled year.

        None where nothing is required, or it cannot be compared.
        """
        latest = self.latest
        if latest is None or latest.year <= self.years.settled or self.light.required is None:
            return None
        return rules.goal_at(self.terms, latest.year)

    @property
    def way_goal(self) -> str:
        """2026年要求≥20.4%, next to the newest value and its light."""
        if self.on_the_way is None:
            return ""
        return f"{self.latest_year}年要求{_goal_text(self.terms, self.on_the_way)}"

    @property
    def way_gap(self) -> str:
        """差0.8个百分点: the newest annual value against its own year."""
        if self.on_the_way is None or self.latest is None:
            return ""
        return rules.distance_words(self.terms, self.on_the_way, self.latest)

    @property
    def way_sentence(self) -> str:
        """2026年实际19.6%（最终核实），当年进度要求20.4%以上，差0.8个百分点，一级：……。"""
        latest, goal = self.latest, self.on_the_way
        if latest is None or goal is None:
            return ""
        value = f"{rules.actual_words(self.terms, latest, goal)}（{rules.grade(latest)}）"
        need = f"当年进度要求{rules.goal_words(self.terms, goal)}"
        gap = "" if self.way_gap == rules.REACHED else f"，{self.way_gap}"
        level = f"{self.light_words}：{self.light.reason}"
        return f"{latest.year}年实际{value}，{need}{gap}，{level}。"

    @property
    def settled_goal(self) -> str:
        return _goal_text(self.terms, self.settled.goal)

    @property
    def ahead_goal(self) -> str:
        return _goal_text(self.terms, self.ahead.goal)

    @property
    def settled_gap(self) -> str:
        return rules.gap_words(self.terms, self.settled)

    @property
    def settled_actual(self) -> str:
        actual = self.settled.actual
        return rules.actual_words(self.terms, actual, self.settled.goal) if actual else ""

    @property
    def settled_sentence(self) -> str:
        """The target against the settled year; without one its present position."""
        if self.peak:
            return rules.peak_sentence(self.terms, self.peak, today=self.today)
        if self.settled.goal is None:
            return rules.latest_sentence(self.terms, self.years.settled, today=self.today)
        if self.standing is None or not self.is_outdated:
            return rules.verdict_sentence(self.terms, self.settled)
        said = rules.verdict_sentence(self.terms, self.settled, with_label=False)
        known = self.standing
        note = rules.settled_by_words(self.terms, self.settled.verdict, known.grounds)
        return f"{said.removesuffix('。')}；{note}。"

    @property
    def pace_sentence(self) -> str:
        return rules.pace_sentence(self.terms, self.pace)

    @property
    def needed_text(self) -> str:
        """The yearly change that the year ahead needs, signed; empty if there is none."""
        return rules.change(self.terms, self.pace.needed) if self.pace else ""

    @property
    def field(self) -> tuple[str, str]:
        """The category as a filter's value and its name: overall goals first, projects' last.

        Tasks and projects number their categories separately, so the number alone is ambiguous.
        """
        category = self.target.category
        if category is None:
            return "00", "总体目标"
        room = "p" if category.scope == CategoryScope.PROJECTS else ""
        return f"{room}{category.number:02d}", category.label

    @property
    def sort_key(self) -> tuple[int, Decimal, int]:
        """Worst first: missed, fallen short, provisional, then achieved, then what is not judged"""
        index = self.settled.index
        if index is None:
            index = Decimal(-1) if self.settled.met is False else Decimal(1000)
        return _ORDER[self.settled.verdict], index, self.target.position


_ORDER = {
    rules.Verdict.MISSED: 0,
    rules.Verdict.FELL_SHORT: 1,
    rules.Verdict.PROVISIONAL: 2,
    rules.Verdict.BASIS_CHANGED: 3,
    rules.Verdict.ACHIEVED: 4,
    rules.Verdict.MISSING: 5,
    rules.Verdict.TO_RECOGNISE: 6,
    rules.Verdict.PENDING: 7,
    rules.Verdict.NOT_APPLICABLE: 8,
    rules.Verdict.AHEAD: 9,
}

EACH = Q()


def judged_targets(
    *,
    targets: QuerySet[Target] | None = None,
    where: Q = EACH,
    asof: AsOf | None = None,
    unreviewed: Unreviewed = NOTHING,
    year: int | None = None,
) -> list[Judged]:
    """The current targets, or those of a query, with their judgement, in one statement.

    `where` filters them, without building the query anew.

    As of a past day by the values, goals, settlements and rules known then. `unreviewed` is laid
    over the values, for display only; `year` is the milestone year of the page, where the day does
    not decide it.
    """
    today = day_of(asof)
    if targets is None:
        rows = _with_facts(Target.objects.in_force(), today, asof) if asof else _in_force(today)
    else:
        rows = _with_facts(targets, today, asof)
    return [judged_of(row, today, asof, unreviewed, year) for row in rows.filter(where)]


def judged_of(
    target: Target,
    today: datetime.date,
    asof: AsOf | None = None,
    unreviewed: Unreviewed = NOTHING,
    year: int | None = None,
) -> Judged:
    """A target read with the columns of `day_facts`."""
    terms = terms_of(
        target,
        GOALS.of(target),
        ACTUALS.of(target),
        FIRST_PUBLISHED.of(target),
        QUARTERLY.of(target),
        YEAR_ENDS.of(target),
        day=today,
    ).under(JUDGING.of(target))
    return Judged(
        target,
        unreviewed.over(target.holder_id, terms),
        years_of(target, today, year),
        HAS_DEMO.of(target),
        STANDINGS.of(target),
        is_past=asof is not None,
        waiting=unreviewed.quarters.get(target.holder_id, ()),
        overrides=OVERRIDES.of(target),
    )


def years_among(
    rows: Sequence[Judged], today: datetime.date, year: int | None = None
) -> rules.MilestoneYears:
    """The milestone years that judged rows were read with; empty without rows."""
    return rows[0].years if rows else rules.MilestoneYears(today, shown=year)


@lru_cache(maxsize=2)
def _in_force(today: datetime.date) -> QuerySet[Target]:
    """Built once a day, because building takes longer than running; its rows are not kept."""
    return _with_facts(Target.objects.in_force(), today)


def _with_facts(
    rows: QuerySet[Target], today: datetime.date, asof: AsOf | None = None
) -> QuerySet[Target]:
    facts = day_facts(today, asof)
    return rows.select_related("lead", "convenor", "category").annotate(**facts)


def _goal_text(terms: rules.Terms, goal: rules.Goal | None) -> str:
    return rules.goal_value(terms, goal) if goal else "—"
