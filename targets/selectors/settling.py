"""The milestones of a year: settlements, present verdicts, and what is carried over."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.utils import timezone

from common.database.annotations import Annotation
from records.asof import AsOf, as_known, day_of
from targets import rules
from targets.choices import Nature, ProposalKind, SettledVerdict
from targets.models import Milestone, Observation, Settlement
from targets.selectors.judging.facts import (
    GOAL_FACTS,
    actual_of,
    milestones_known,
)
from targets.selectors.judging.judged import Judged, judged_targets, years_among
from targets.selectors.judging.quotations import Quoted, quoted_subquery, read_quoted
from targets.selectors.judging.unreviewed import NOTHING, Unreviewed
from targets.selectors.waiting.proposals import PendingProposal, asked_subquery, read_asked

T = TypeVar("T", Milestone, Settlement)
QUOTED = Annotation("quoted", quoted_subquery, read_quoted)
ASKED = Annotation("asked", asked_subquery, read_asked)
RECOGNISED = (Nature.EVENT, Nature.JUDGEMENT)
"""Natures without a number, settled by a document."""


@dataclass(frozen=True)
class SettlingRow:
    """One milestone of a year: its settlement, if any, and the present facts.

    The terms of `judged` are under the rules of the day. `observation` is the current annual value
    on the target's own basis: the one that settled, while that is current.
    """

    judged: Judged
    year: int
    milestone: Milestone
    observation: Observation | None = None
    settlement: Settlement | None = None
    base: Observation | None = None
    """The current value of the year that the goal is stated against, if it has its own base year.
    """
    asked: tuple[PendingProposal, ...] = ()
    """Proposals of the year that wait for a second person."""
    is_named: bool = True
    """Whether the reader may read who settled."""

    @property
    def terms(self) -> rules.Terms:
        return self.judged.terms

    @property
    def until(self) -> int | None:
        """The year until which a missed goal is carried over; None if none comes."""
        return self.judged.years.after(self.year)

    @cached_property
    def present(self) -> rules.Judgement:
        """The verdict by the present facts, settled or not."""
        return rules.judge(self.terms, self.year, today_year=self.judged.today.year)

    @cached_property
    def then(self) -> rules.Grounds | None:
        """The grounds of the settlement; None if there is none."""
        return grounds_of(self.settlement) if self.settlement else None

    @cached_property
    def now(self) -> rules.Grounds:
        """The grounds that it would have now."""
        row = self.observation
        if self.settlement is not None and self.settlement.is_recognised:
            row = None
        return rules.grounds_of(
            self.terms,
            goal_of(self.milestone, self.year),
            self.milestone.version,
            actual_of(row) if row else None,
            row.version if row else None,
            self.base.version if self.base else None,
        )

    @cached_property
    def quoted(self) -> Quoted | None:
        """The quotation of the plan; None if none is registered."""
        return QUOTED.of(self.milestone)

    def was_seen(self, asked: PendingProposal) -> bool:
        """Whether the versions that a proposal rests on are current."""
        now = {
            "milestone": self.milestone.pk,
            "observation": self.observation and self.observation.pk,
            "base": self.base and self.base.pk,
            "settlement": self.settlement and self.settlement.pk,
        }
        return all(now[name] == key for name, key in asked.seen.items() if key and name in now)

    @property
    def year_end_offer(self) -> str:
        """Year and value of the fourth quarter, to be proposed for the missing annual value.

        Empty if there is nothing to propose, or it waits for a second person.
        """
        found = self.present.year_end
        waits = any(asked.kind == ProposalKind.YEAR_END for asked in self.asked)
        if found is None or found.value is None or waits or self.judged.is_past:
            return ""
        return f"{found.year} {rules.plain(found.value)}"

    @property
    def changes(self) -> tuple[rules.GroundChange, ...]:
        return rules.ground_changes(self.then, self.now) if self.then else ()

    @property
    def changed_words(self) -> str:
        """The changes of the grounds in words, from what to what and by how much."""
        if self.then is None:
            return ""
        said = (rules.change_words(self.terms, one, self.then, self.now) for one in self.changes)
        return "；".join(said)

    @cached_property
    def state(self) -> rules.Settled:
        if self.then is None:
            return rules.Settled.OPEN
        outdated = rules.is_outdated(self.then, self.now)
        return rules.Settled.OUTDATED if outdated else rules.Settled.STANDS

    @property
    def verdict(self) -> rules.Verdict:
        """The current verdict: the settled one until it is settled again."""
        return self.settlement.says if self.settlement else self.present.verdict

    @property
    def can_be_settled(self) -> bool:
        """Whether the present value can settle it, first or again, and nobody has proposed it."""
        due = self.state != rules.Settled.STANDS and not self.asked
        return due and self.present.verdict in rules.SETTLED and self.observation is not None

    @property
    def waits_for_recognition(self) -> bool:
        due = self.state != rules.Settled.STANDS and not self.asked
        return due and self.present.verdict == rules.Verdict.TO_RECOGNISE

    @property
    def sentence(self) -> str:
        """The settlement with the changes since, or the verdict by the present facts."""
        if self.settlement is None or self.then is None:
            return rules.verdict_sentence(self.terms, self.present)
        signed = signature_of(self.settlement, is_named=self.is_named)
        if self.state == rules.Settled.STANDS:
            return rules.settlement_sentence(self.terms, self.year, self.verdict, self.then, signed)
        said = rules.verdict_sentence(self.terms, self.present, with_label=False)
        return said + rules.outdated_sentence(
            self.terms, self.verdict, self.then, self.now, self.present, signed
        )


@dataclass(frozen=True)
class CarriedOver:
    """A missed milestone and what is left of it; without numbers for a recognised one."""

    row: SettlingRow
    left: rules.CarryOver | None
    until: int | None

    @property
    def sentence(self) -> str:
        if self.left is not None:
            return rules.carry_over_sentence(self.row.terms, self.left)
        carried = rules.carried_words(self.until)
        return f"{self.row.year}年目标未完成，{carried}：由区发改局凭材料认定。"


@dataclass(frozen=True)
class OutlookRow:
    """A target with its outlook."""

    judged: Judged
    outlook: rules.Outlook

    @property
    def sentence(self) -> str:
        return rules.outlook_sentence(self.judged.terms, self.outlook, today=self.judged.today)


@dataclass(frozen=True)
class SettledYear:
    """The milestones of a year in the order of the targets, and the targets that have none."""

    rows: tuple[SettlingRow, ...]
    others: tuple[Judged, ...]
    years: rules.MilestoneYears


def settled_year(*, year: int, asof: AsOf | None = None) -> SettledYear:
    """Every current milestone of a year, in four statements.

    Includes standing ones and, once the year is past, earlier ones that it has to keep. In the
    order of the targets, so that no row moves when it is settled.
    """
    targets = judged_targets(asof=asof, year=year)
    all_years = years_among(targets, day_of(asof), year)
    milestones = _by_target(
        milestones_known(asof)
        .filter(Q(year=year) | Q(year=None) | _kept_in(year, all_years))
        .select_related("document")
        .annotate(**QUOTED.column("target_id"), **ASKED.column(year, target="target_id"))
        # The last row of a target counts: that of the year itself, else one without a year, else
        # the newest before it.
        .order_by(Case(When(year=year, then=2), When(year=None, then=1), default=0), "year")
    )
    settlements = _by_target(_settlements(year, asof))
    observations = defaultdict(list)
    years = {year, *(row.base_year for row in milestones.values() if row.base_year)}
    annual = Observation.objects.filter(year__in=years, quarter=None)
    for row in as_known(annual, asof).order_by("pk"):
        observations[row.target_id, row.year].append(row)
    rows, others = [], []
    for judged in targets:
        pk = judged.target.pk
        if pk not in milestones:
            others.append(judged)
            continue
        settlement = settlements.get(pk)
        if settlement is not None:
            settlement.target = judged.target
        goal, terms = goal_of(milestones[pk], year), judged.terms
        found = value_of(terms, goal, year, observations[pk, year], settlement)
        base_year = goal.base_year
        base = base_year and value_of(terms, goal, base_year, observations[pk, base_year], None)
        asked = () if asof else ASKED.of(milestones[pk])
        rows.append(
            SettlingRow(judged, year, milestones[pk], found, settlement, base or None, asked)
        )
    return SettledYear(tuple(rows), tuple(others), all_years)


def _kept_in(year: int, years: rules.MilestoneYears) -> Q:
    """Earlier numeric goals, which a past milestone year has to keep."""
    if year not in years or not years.has_ended(year):
        return Q(pk=None)
    return Q(year__lt=year, value__isnull=False) & ~Q(nature__in=RECOGNISED)


def missed_of(rows: Iterable[SettlingRow]) -> tuple[CarriedOver, ...]:
    """Milestones settled as missed, with what is left to do by the next ones."""
    return tuple(
        CarriedOver(row, _carry_over(row), row.until)
        for row in rows
        if row.settlement is not None and row.settlement.verdict == SettledVerdict.MISSED
    )


def _carry_over(row: SettlingRow) -> rules.CarryOver | None:
    return rules.carry_over(row.terms, row.year, until=row.until, today=row.judged.today)


def _was_settled(year: int) -> Exists:
    return Exists(
        Settlement.objects.filter(target=OuterRef("target_id"), year=year, is_current=True)
    )


WAS_SETTLED = Annotation("was_settled", _was_settled, bool)


def recognisable(*, year: int) -> QuerySet[Milestone]:
    """Milestones of a year that a document settles, with WAS_SETTLED if one did already."""
    return (
        Milestone.objects.select_related("target")
        .filter(nature__in=RECOGNISED, is_current=True, year=year, is_alternative=False)
        .annotate(**WAS_SETTLED.column(year))
    )


def outlooks(
    *, year: int, asof: AsOf | None = None, unreviewed: Unreviewed = NOTHING
) -> tuple[OutlookRow, ...]:
    """The outlook of every current target for a year ahead, in one statement."""
    return tuple(
        OutlookRow(judged, judged.outlook)
        for judged in judged_targets(asof=asof, unreviewed=unreviewed, year=year)
    )


def goal_of(milestone: Milestone, year: int | None = None) -> rules.Goal:
    """A version of a milestone in the form of the rules; for a later year as a floor."""
    goal = rules.Goal.stored(**{name: getattr(milestone, name) for name in GOAL_FACTS})
    return goal.kept_in(year) if year else goal


def base_of(milestone: Milestone) -> Observation | None:
    """The current annual value that a version's goal is stated against; None without one."""
    if milestone.base_year is None:
        return None
    target = milestone.target
    rows = target.observations.filter(year=milestone.base_year, quarter=None, is_current=True)
    return rows.filter(Q(basis=milestone.basis_id or target.accounting_basis_id)).first()


def grounds_of(settlement: Settlement) -> rules.Grounds:
    """The grounds of a settlement, from the versions it names."""
    row, base = settlement.observation, settlement.base
    goal = goal_of(settlement.milestone, settlement.year)
    return rules.Grounds(
        goal.on_base(base.value, settlement.target.decimals) if base else goal,
        settlement.milestone.version,
        actual_of(row) if row else None,
        row.version if row else None,
        settlement.tolerance_percent,
        settlement.rule_version,
        actual_of(base) if base else None,
        base.version if base else None,
        is_missed=settlement.verdict == SettledVerdict.MISSED,
    )


def signature_of(settlement: Settlement, *, is_named: bool = True) -> rules.Signature:
    """Who settled and when, with document and reason."""
    return rules.Signature(
        settlement.recorded_by,
        timezone.localdate(settlement.recorded_at),
        str(settlement.document or ""),
        settlement.note,
        settlement.proposed_by,
        is_named,
    )


def _settlements(year: int, asof: AsOf | None) -> Iterable[Settlement]:
    named = Settlement.objects.select_related(
        "milestone", "observation", "base", "rule", "document"
    )
    return as_known(named.filter(year=year), asof)


def _by_target(rows: Iterable[T]) -> Mapping[int, T]:
    return {row.target_id: row for row in rows}


def value_of(
    terms: rules.Terms,
    goal: rules.Goal,
    year: int,
    rows: Sequence[Observation],
    settlement: Settlement | None,
) -> Observation | None:
    """Among current annual values on a goal's basis the one that settled, else the one judged."""
    known = terms.actual(year, goal.basis)
    own = [row for row in rows if terms.fits(goal, actual_of(row))]
    used = next((row for row in own if settlement and row.pk == settlement.observation_id), None)
    return used or next((row for row in own if actual_of(row) == known), None)
