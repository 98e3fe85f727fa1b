"""One target with all facts of its page."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from agencies.models import User
from agencies.policies import Action, can
from common.formats import rounded, zh_date
from common.web.addresses import detail_address
from records.asof import AsOf, as_they_stood, day_of
from records.shares import NamedAgency, agencies_of, with_agencies
from targets import rules
from targets.choices import TargetKind
from targets.models import Milestone, Observation, Target
from targets.selectors.judging.facts import (
    ACTUAL_FACTS,
    GOAL_FACTS,
    OVERRIDES,
    STANDINGS,
    actual_of,
    first_published_of,
    milestones_as_they_stood,
    quarters_of,
    tolerance_facts,
    year_ends_of,
)
from targets.selectors.judging.judged import Judged
from targets.selectors.judging.quotations import QUOTATIONS, Quoted
from targets.selectors.judging.rules_in_force import JUDGING
from targets.selectors.judging.terms import terms_of
from targets.selectors.judging.unreviewed import NOTHING, Unreviewed
from targets.selectors.judging.years import years_facts, years_of
from targets.selectors.page.milestone_rows import MilestoneRow, milestone_rows, older_rows
from targets.selectors.page.page_summary import SummaryPiece, page_summary
from targets.selectors.page.settlement_box import SettlementBox, settlement_boxes, settlement_facts
from targets.selectors.waiting.proposals import ASKED_OF_PLAN, PendingProposal

_RECEIPT = re.compile(r"，编号\S+$")


@dataclass(frozen=True)
class Related:
    """A task or project that serves a target."""

    code: str
    name: str

    @property
    def url(self) -> str:
        """The address of its page; codes of tasks are two numbers: 5-1."""
        room = "tasks" if "-" in self.code else "projects"
        return detail_address(room, self.code)


@dataclass(frozen=True)
class ValueRow:
    """One version of one value, with the requirement of its year or quarter."""

    observation: Observation
    figure: str
    need: Decimal | None = None
    required: str = ""
    gap: str = ""

    @property
    def reason(self) -> str:
        """The reason of the version, without its receipt number, which not all may read."""
        return _RECEIPT.sub("", self.observation.reason)


@dataclass(frozen=True)
class TargetDetail:
    """The page of one target."""

    judged: Judged
    settlements: tuple[SettlementBox, ...]
    """Settlements of the settled year and of those before it."""
    milestones: tuple[Milestone, ...]
    observations: tuple[Observation, ...]
    quotations: tuple[Quoted, ...]
    responsible: tuple[NamedAgency, ...]
    review_url: str = ""
    """The review of the waiting value that is shown; empty without one."""
    is_named: bool = True
    """Whether the reader may read who settled and proposed."""

    @property
    def target(self) -> Target:
        return self.judged.target

    def for_reader(self, reader: User) -> TargetDetail:
        """The page without who settled and proposed, for readers who may not read that."""
        if can(reader, Action.SEE_SETTLERS):
            return self
        boxes = tuple(box.unnamed for box in self.settlements)
        return replace(self, settlements=boxes, is_named=False)

    @property
    def terms(self) -> rules.Terms:
        return self.judged.terms

    @property
    def settlement(self) -> SettlementBox | None:
        """The settlement of the settled year."""
        return self.settlement_of(self.judged.years.settled)

    def settlement_of(self, year: int) -> SettlementBox | None:
        """The settlement of a milestone year; None if the year requires nothing or is not past."""
        return next((box for box in self.settlements if box.row.year == year), None)

    @cached_property
    def related(self) -> tuple[Related, ...]:
        """Tasks and projects that serve it; one more statement if they are shown."""
        return _related(self.target)

    @property
    def has_demo(self) -> bool:
        return any(observation.is_demo for observation in self.observations)

    @property
    def empty_title(self) -> str:
        """The words in place of a chart without values and dated goals."""
        standing = self.terms.standing_goal
        if standing is None or not standing.is_number:
            return "这项指标没有数值目标，也还没有数值"
        return f"{rules.goal_head(self.terms, standing)}，还没有数值"

    @property
    def empty_text(self) -> str:
        if self.terms.standing_goal is None:
            return "定性目标由区发改局凭材料认定；有数值后在这里画出走势。"
        return "逐年按年度值核对；有数值后在这里画出走势。"

    @property
    def answer(self) -> tuple[tuple[SummaryPiece, ...], ...]:
        """The lines at the top of the page."""
        return page_summary(self.judged)

    @property
    def judged_value(self) -> Observation | None:
        """The current annual value that the light judges; None for a qualitative target."""
        latest = self.judged.latest
        annual = (row for row in self.observations if row.is_current and row.quarter is None)
        return next((row for row in annual if actual_of(row) == latest), None)

    @property
    def override_typed(self) -> dict[str, str]:
        """The override's level and reason as initial data of its form."""
        known = self.judged.override
        return {"level": str(known.level), "reason": known.reason} if known else {}

    @property
    def milestone_rows(self) -> tuple[MilestoneRow, ...]:
        return milestone_rows(self.judged, self.milestones)

    @property
    def may_enter_base(self) -> bool:
        """Whether its base value has to be found out; only on the page of today."""
        return self.target.is_based and not self.judged.is_past

    @property
    def asked(self) -> tuple[PendingProposal, ...]:
        """The base or tolerance that waits for a second person; only on the page of today."""
        return () if self.judged.is_past else ASKED_OF_PLAN.of(self.target)

    @property
    def is_about(self) -> bool:
        """Whether its goal is a band (左右)."""
        return self.target.kind == TargetKind.ABOUT

    @property
    def older_milestones(self) -> tuple[MilestoneRow, ...]:
        return older_rows(self.terms, self.milestones)

    @property
    def table_note(self) -> str:
        if rules.needs_baseline(self.terms):
            return "基期值待补录，首个目标年以前没有进度要求"
        return self._pace_note

    @property
    def _pace_note(self) -> str:
        through = rules.through_words(self.judged.years)
        return _PACE_NOTES.get(self.target.pace, "").format(through=through)

    @property
    def yearly_rates(self) -> tuple[rules.YearRate, ...]:
        """The yearly rates within cumulative reductions; empty for other targets."""
        return rules.yearly_rates(self.terms)

    @property
    def published_rates(self) -> tuple[rules.AnnualRate, ...]:
        """Rates of single years as published, on any basis."""
        return tuple(
            rules.AnnualRate(row.year, row.annual_rate, row.basis_name)
            for row in self.observations
            if row.is_current and row.quarter is None and row.annual_rate is not None
        )

    @property
    def rate_rows(self) -> tuple[rules.RateRow, ...]:
        """The yearly rates of cumulative reductions, derived and published; else empty."""
        return rules.rate_rows(self.terms, self.published_rates)

    @property
    def needed_rates(self) -> tuple[rules.NeededRate, ...]:
        return rules.needed_rates(self.terms)

    @property
    def chained_sentence(self) -> str:
        return rules.chained_sentence(self.yearly_rates)

    @property
    def published_sentence(self) -> str:
        """Whether the published rates compound to the cumulative value; empty without any."""
        return rules.published_sentence(self.terms, self.published_rates)

    @property
    def definition_rows(self) -> tuple[tuple[str, str], ...]:
        target = self.target
        rows = (
            ("定义", target.definition),
            ("计算公式", target.formula),
            ("分子", target.numerator),
            ("分母", target.denominator),
            ("口径", target.basis_name),
            ("数据来源", target.data_source),
            ("发布周期", target.release_note),
            ("季度数据", target.quarterly_note),
            ("修约", target.rounding),
        )
        return tuple(row for row in rows if row[1])

    @property
    def rule_rows(self) -> tuple[tuple[str, str], ...]:
        target = self.target
        rows = (
            ("目标类型", target.get_kind_display()),
            ("约束性", target.get_commitment_display()),
            ("数值取自", str(target.values_of or "")),
            ("进度要求", self._pace_note or target.get_pace_display()),
            ("左右容差", self._tolerance_words()),
            ("基期", self.baseline_words),
        )
        return tuple(row for row in rows if row[1])

    @property
    def certainty_rows(self) -> tuple[tuple[str, str], ...]:
        return tuple(self.target.certainty.items())

    def _tolerance_words(self) -> str:
        target, percent = self.target, self.target.tolerance_percent
        if percent is None:
            return ""
        whose = "系统设置，方案未给出"
        if self.terms.is_tolerance_confirmed and target.tolerance_confirmed_on:
            whose = f"{target.tolerance_document}，{zh_date(target.tolerance_confirmed_on)}确认"
        return f"±{rules.plain(percent)}%（{whose}）"

    @property
    def baseline_words(self) -> str:
        """2020年：18.7%（统计公报）, 2020年：待补录; empty without a base."""
        target = self.target
        if target.baseline_year is None:
            return target.baseline_note
        value = self.terms.baseline_value
        words = rules.with_unit(self.terms, value) if value is not None else "待补录"
        source = next((row.source for row in self._of_base_year), target.baseline_note)
        return f"{target.baseline_year}年：{words}" + (f"（{source}）" if source else "")

    @property
    def _of_base_year(self) -> list[Observation]:
        """The current annual value of the base year, if it is the base."""
        year, own = self.target.baseline_year, {None, self.target.accounting_basis_id}
        return [
            row
            for row in self.observations
            if row.is_current and row.year == year and row.quarter is None
            if row.basis_id in own and row.value == self.terms.baseline_value
        ]

    @property
    def values(self) -> tuple[ValueRow, ...]:
        """Every version, newest first; old versions stay readable."""
        rows = sorted(
            self.observations, key=lambda o: (o.year, o.quarter or 5, o.version), reverse=True
        )
        return tuple(self._row(observation) for observation in rows)

    def _row(self, observation: Observation) -> ValueRow:
        goal, actual = self._asked(observation), actual_of(observation)
        figure = rules.actual_figure(self.terms, actual, goal)
        if goal is None or goal.value is None or observation.value is None:
            return ValueRow(observation, figure)
        return ValueRow(
            observation,
            figure,
            rounded(goal.value, self.target.decimals),
            rules.with_unit(self.terms, goal.value),
            rules.distance_words(self.terms, goal, actual),
        )

    def _asked(self, observation: Observation) -> rules.Goal | None:
        """The requirement of a value's year or quarter; None on another basis or for the base."""
        is_base = observation.year == self.target.baseline_year
        if is_base or not self.terms.is_own_basis(actual_of(observation)):
            return None
        return rules.goal_at(self.terms, observation.year, observation.quarter)


def target_detail(
    *, code: str, asof: AsOf | None = None, unreviewed: Unreviewed = NOTHING
) -> TargetDetail:
    """One target with all facts of its page, in three statements. Raises Target.DoesNotExist.

    As of a past day with the versions recorded by then, each as it was then. `unreviewed` is laid
    over the values, for display only: settlements ignore it.
    """
    targets = Target.objects.select_related(
        "lead", "convenor", "category", "tolerance_document", "values_of"
    )
    today = day_of(asof)
    target = with_agencies(targets, "shares").annotate(**_columns(asof)).get(code=code)
    milestones = milestones_as_they_stood(target.milestones.select_related("document"), asof)
    values = Observation.objects.filter(target=target.holder_id)
    observations = as_they_stood(values.order_by("year", "quarter", "version"), asof)
    in_force = [o for o in observations if o.is_current]
    annual = [o for o in in_force if o.quarter is None]
    current = [row for row in milestones if row.is_current and not row.is_alternative]
    judged = Judged(
        target,
        terms_of(
            target,
            [{name: getattr(row, name) for name in GOAL_FACTS} for row in current],
            [{name: getattr(row, name) for name in ACTUAL_FACTS} for row in annual],
            first_published_of(observations),
            quarters_of(in_force),
            year_ends_of(target, in_force),
            day=today,
        ).under(JUDGING.of(target)),
        years_of(target, today),
        standings=STANDINGS.of(target),
        is_past=asof is not None,
        overrides=OVERRIDES.of(target),
    )
    return TargetDetail(
        judged=replace(
            judged,
            terms=unreviewed.over(target.holder_id, judged.terms),
            waiting=unreviewed.quarters.get(target.holder_id, ()),
        ),
        review_url=unreviewed.urls.get(target.holder_id, ""),
        settlements=settlement_boxes(judged, milestones, observations, asof),
        milestones=milestones,
        observations=observations,
        quotations=QUOTATIONS.of(target),
        responsible=agencies_of(target),
    )


def _columns(asof: AsOf | None) -> dict[str, Any]:
    """The annotations of the target."""
    return {
        **STANDINGS.column(asof),
        **settlement_facts(),
        **OVERRIDES.column(asof),
        **years_facts(asof),
        **tolerance_facts(asof),
        **ASKED_OF_PLAN.column(),
        **JUDGING.column(day_of(asof)),
        **QUOTATIONS.column(),
    }


_PACE_NOTES = {
    "linear": "从基期{through}目标的直线",
    "geometric": "按每年相同的降低率复合计算：R(n)＝1−(1−R)^(n/N)",
    "hold": "各年都按目标值要求",
    "step": "到目标年一次达到，此前不作进度要求",
    "assigned": "以市下达的目标为准",
    "manual": "由区发改局凭材料认定",
}


def _related(target: Target) -> tuple[Related, ...]:
    tasks = target.tasks.order_by().values_list("code", "title")  # type: ignore[attr-defined]
    projects = target.projects.order_by().values_list("code", "name")  # type: ignore[attr-defined]
    found = tasks.union(projects)
    return tuple(
        Related(code, name)
        for code, name in sorted(found, key=lambda row: ("-" not in row[0], row))
    )
