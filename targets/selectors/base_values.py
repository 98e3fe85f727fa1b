"""The base years that goals refer to, and base values that are entered."""

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
    """The target's base year and the previous milestone year, if a document may mean either.

    Empty if there is nothing to ask: no reduction, or the goal of the first milestone year.
    """
    target, year = milestone.target, milestone.year or 0
    is_reduction = target.kind in rules.REDUCTIONS and target.unit == "%"
    if not is_reduction or target.baseline_year is None:
        return ()
    before = milestone_years().before(year)
    return (target.baseline_year, before) if before else ()


def reduction_reached(*, milestone: Milestone) -> Decimal | None:
    """The largest cumulative reduction that an earlier goal requires or an earlier year reached."""
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
    """The question before a number becomes a current goal; empty if there is none.

    It depends on the milestone's base year; None means the target's own.
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
"""Targets whose base value has to be found out, like `Target.is_based` for current ones."""
_OBSERVED = Observation.objects.filter(
    Q(basis=None) | Q(basis=OuterRef("accounting_basis")),
    target=OuterRef("pk"),
    year=OuterRef("baseline_year"),
    quarter=None,
    is_current=True,
)
UNBASED = BASED & Q(baseline_value=None) & Q(~Exists(_OBSERVED))
"""Those of them whose base value was not entered."""


@dataclass(frozen=True)
class BaseEntry:
    """A target whose base value is entered: the present value, and the light of another one."""

    judged: Judged
    known: Observation | None

    @property
    def target(self) -> Target:
        return self.judged.target

    @property
    def now(self) -> str:
        """The current base: 12.3%（统计公报）; empty if there is none."""
        value = self.judged.terms.baseline_value
        if value is None:
            return ""
        source = self.known.source if self.known else self.target.baseline_note
        words = rules.with_unit(self.judged.terms, value)
        return f"{words}（{source}）" if source else words

    def doubt(self, value: Decimal) -> str:
        """The question about a value; empty if there is none."""
        return rules.doubt_of_percent(value, self.target.unit)

    def turned(self, value: Decimal) -> LightChange:
        """The light before and after, by today's rules and values."""
        return turned_by_base(self.judged, value)

    @property
    def back(self) -> Decimal | None:
        """The base after the current one is retracted; None if there is none."""
        return base_behind(self.known) if self.known else None

    @property
    def back_words(self) -> str:
        """恢复为12.3%, or that no base value is left."""
        back = self.back
        return f"恢复为{rules.with_unit(self.judged.terms, back)}" if back is not None else "待补录"

    @property
    def turned_back(self) -> LightChange:
        """The light before and after it is retracted."""
        return turned_by_base(self.judged, self.back)


def base_entry(*, code: str) -> BaseEntry:
    """The base entry of a target. Raises Target.DoesNotExist if it has no base to find out."""
    found = judged_targets(where=Q(code=code))
    if not found or not found[0].target.is_based:
        raise Target.DoesNotExist
    return BaseEntry(found[0], base_observation(found[0].target))


def base_observation(target: Target) -> Observation | None:
    """The current annual value of the base year, on the target's own basis."""
    return target.observations.filter(
        Q(basis=target.accounting_basis_id),
        year=target.baseline_year or 0,
        quarter=None,
        is_current=True,
    ).first()


def base_behind(row: Observation) -> Decimal | None:
    """The base after a value is retracted: the version before it, else the plan's."""
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
    """The light of a target with another base value, or without one."""
    terms, year = judged.terms, judged.target.baseline_year or 0
    others = tuple(a for a in terms.actuals if a.year != year or not terms.is_own_basis(a))
    base = () if value is None else (rules.Actual(year, value, rules.Grade.FINAL),)
    terms = replace(terms, actuals=(*others, *base), baseline_value=value)
    return LightChange(judged.target, judged.light, replace(judged, terms=terms).light)
