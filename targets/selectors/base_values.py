"""Base years that goals refer to, and the base values that are entered."""

from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Exists, Max, OuterRef, Q

from targets import rules
from targets.models import Milestone, Observation, Target
from targets.rules import REDUCTIONS
from targets.selectors.judging.judged import Judged, judged_targets
from targets.selectors.judging.years import milestone_years
from targets.selectors.waiting.rule_change import LightChange


def base_years(milestone: Milestone) -> tuple[int, ...]:
    """The target's base year and the milestone year before, where a document may mean either.

    Empty if there is nothing to ask: no reduction, or the goal of the first milestone year.
    """
    target, year = milestone.target, milestone.year or 0
    is_reduction = target.kind in rules.REDUCTIONS and target.unit == "%"
    if not is_reduction or target.baseline_year is None:
        return ()
    before = milestone_years().before(year)
    return (target.baseline_year, before) if before else ()


def reduction_reached(*, milestone: Milestone) -> Decimal | None:
    """The largest cumulative reduction that an earlier goal asks for or an earlier year shows."""
    target = milestone.target
    if not base_years(milestone):
        return None
    goals = target.milestones.filter(
        is_current=True, is_alternative=False, year__lt=milestone.year, base_year=None
    )
    values = target.observations.filter(
        Q(basis=target.accounting_basis_id),
        is_current=True,
        quarter=None,
        year__lt=milestone.year,
    )
    found = [rows.aggregate(most=Max("value"))["most"] for rows in (goals, values)]
    return max((value for value in found if value is not None), default=None)


def doubt_of_goal(*, milestone: Milestone, value: Decimal) -> str:
    """What is to be asked before a number becomes a goal in force; empty if nothing is.

    Of the base year that the milestone has, none is the target's own.
    """
    target = milestone.target
    return rules.doubt_of_percent(value, target.unit) or (
        rules.doubt_of_reduction(
            value, reduction_reached(milestone=milestone), target.baseline_year
        )
        if milestone.base_year is None
        else ""
    )


BASED = Q(baseline_year__isnull=False) & ~Q(kind__in=REDUCTIONS)
"""Targets that have a base value to be found out, as `Target.is_based` says of those in force."""
_OBSERVED = Observation.objects.filter(
    Q(basis=None) | Q(basis=OuterRef("accounting_basis")),
    target=OuterRef("pk"),
    year=OuterRef("baseline_year"),
    quarter=None,
    is_current=True,
)
UNBASED = BASED & Q(baseline_value=None) & Q(~Exists(_OBSERVED))
"""Those of them for which none has been entered."""


@dataclass(frozen=True)
class BaseEntry:
    """A target whose base value is entered: what it is now, the light that another one turns."""

    judged: Judged
    known: Observation | None

    @property
    def target(self) -> Target:
        return self.judged.target

    @property
    def now(self) -> str:
        """The base in force: 12.3%（统计公报）; empty if there is none."""
        value = self.judged.terms.baseline_value
        if value is None:
            return ""
        source = self.known.source if self.known else self.target.baseline_note
        words = rules.with_unit(self.judged.terms, value)
        return f"{words}（{source}）" if source else words

    def doubt(self, value: Decimal) -> str:
        """What is to be asked of a value; empty if nothing is."""
        return rules.doubt_of_percent(value, self.target.unit)

    def turned(self, value: Decimal) -> LightChange:
        """The light before and after, by the rules and values of today."""
        return turned_by_base(self.judged, value)

    @property
    def back(self) -> Decimal | None:
        """The base that holds when the one in force is taken back; None if there is none."""
        return base_behind(self.known) if self.known else None

    @property
    def back_words(self) -> str:
        """恢复为12.3%, or that none is left."""
        back = self.back
        return f"恢复为{rules.with_unit(self.judged.terms, back)}" if back is not None else "待补录"

    @property
    def turned_back(self) -> LightChange:
        """The light before and after it is taken back."""
        return turned_by_base(self.judged, self.back)


def base_entry(*, code: str) -> BaseEntry:
    """Raises Target.DoesNotExist where the target is unknown or has no base to be found out."""
    found = judged_targets(where=Q(code=code))
    if not found or not found[0].target.is_based:
        raise Target.DoesNotExist
    return BaseEntry(found[0], base_observation(found[0].target))


def base_observation(target: Target) -> Observation | None:
    """The annual value of the base year in force, of the target's own basis."""
    return target.observations.filter(
        Q(basis=target.accounting_basis_id),
        year=target.baseline_year or 0,
        quarter=None,
        is_current=True,
    ).first()


def base_behind(row: Observation) -> Decimal | None:
    """What becomes the base when a value is taken back: the version before, else the plan's."""
    before = Observation.objects.filter(
        Q(basis=row.basis_id),
        target=row.target_id,
        year=row.year,
        quarter=None,
        version__lt=row.version,
        retracted_at=None,
    )
    found = before.order_by("-version").values_list("value", flat=True).first()
    return row.target.baseline_value if found is None else found


def turned_by_base(judged: Judged, value: Decimal | None) -> LightChange:
    """The light of a target with another value of its base year, or without one."""
    terms, year = judged.terms, judged.target.baseline_year or 0
    others = tuple(a for a in terms.actuals if a.year != year or not terms.is_own_basis(a))
    base = () if value is None else (rules.Actual(year, value, rules.Grade.FINAL),)
    terms = replace(terms, actuals=(*others, *base), baseline_value=value)
    return LightChange(judged.target, judged.light, replace(judged, terms=terms).light)
