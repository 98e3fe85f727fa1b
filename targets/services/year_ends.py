"""The fourth quarter of a stock as the annual value that is missing: by two persons."""

from collections.abc import Sequence
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from agencies.models import User
from targets import rules
from targets.choices import ProposalKind
from targets.models import Observation, Proposal, Target
from targets.policies import check_can_settle
from targets.selectors.judging.facts import actual_of, year_ends_known
from targets.selectors.judging.judged import judged_targets
from targets.services.observations import record_observations
from targets.services.proposals import propose, proposer_of, takes_effect

_REASON = "四季度末值作为年度值"


@transaction.atomic
def propose_year_end(*, target: Target, year: int, value: Decimal, by: User) -> Proposal:
    """Propose the value of the fourth quarter, which was seen, for the annual value.

    It becomes one with its grade and source when another reviewer confirms. Raises ValidationError.
    """
    check_can_settle(by=by)
    quarter = year_ends_known().filter(target=target, year=year).first()
    if quarter is None or quarter.value != value:
        raise ValidationError(f"{target.code}的四季度末值刚刚变了，核对后再提出")
    _check_missing(target, year)
    row = Proposal(
        kind=ProposalKind.YEAR_END,
        target=target,
        year=year,
        seen={"quarter": quarter.pk},
        words=_words(quarter)[:400],
    )
    return propose(proposals=[row], by=by)[0]


@takes_effect(kind=ProposalKind.YEAR_END)
def _confirmed(proposals: Sequence[Proposal], by: User) -> None:
    locked = Target.objects.select_for_update().order_by("pk")
    targets = locked.in_bulk([row.target_id for row in proposals])
    quarters = year_ends_known().in_bulk([row.seen["quarter"] for row in proposals])
    values = []
    for row in proposals:
        quarter = quarters.get(row.seen["quarter"])
        if quarter is None:
            raise ValidationError(f"{row.code}的四季度末值在提出以后变了，退回后重新提出")
        target = targets[row.target_id]
        _check_missing(target, quarter.year)
        two = f"{proposer_of(proposal=row, by=by)}提出，{by.display_name}确认"
        values.append(_annual(target, quarter, two))
    record_observations(observations=values, by=by)


def _annual(target: Target, quarter: Observation, two: str) -> Observation:
    """The unsaved annual value that says what the quarter says, and who vouches for it."""
    facts = ("value", "grade", "basis_id", "source", "numerator", "denominator", "is_demo")
    return Observation(
        target=target,
        year=quarter.year,
        reason=_REASON,
        note=f"{quarter.period.label}末值作为年度值，{two}",
        **{name: getattr(quarter, name) for name in facts},
    )


def _check_missing(target: Target, year: int) -> None:
    own = Q(basis=None) | Q(basis=target.accounting_basis_id)
    annual = target.observations.filter(own, year=year, quarter=None, is_current=True)
    if annual.exists():
        raise ValidationError(f"{target.code}已有{year}年的年度值，不用四季度末值")


def _words(quarter: Observation) -> str:
    """2025年四季度末41.0%，低于目标：部门统计，来源…；上一个年度值2024年38.0%."""
    (judged,) = judged_targets(targets=Target.objects.filter(pk=quarter.target_id))
    terms, year = judged.terms, quarter.year
    said = rules.year_end_words(terms, actual_of(quarter), terms.goal(year))
    before = [actual for actual in terms.series if actual.year < year]
    last = "此前没有年度值"
    if before:
        last = f"上一个年度值{before[-1].year}年{rules.actual_words(terms, before[-1])}"
    return f"{said}：{quarter.get_grade_display()}，{quarter.source}；{last}"
