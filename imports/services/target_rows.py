"""Targets that the sentences of the overall goals promise, into the register."""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db.models import Max

from imports.rules import PromisedTarget
from imports.selectors.promised_targets import MilestoneLine, TargetLine
from imports.services.record_changes import write_shares
from imports.services.writing import WriteLog
from targets.choices import (
    Commitment,
    Comparison,
    MilestoneState,
    Nature,
    Pace,
    TargetKind,
)
from targets.models import Milestone, Target

_PACES = {
    TargetKind.REDUCTION: Pace.GEOMETRIC,
    TargetKind.ABOUT: Pace.HOLD,
    TargetKind.ASSIGNED: Pace.ASSIGNED,
    TargetKind.PEAK_BY: Pace.MANUAL,
}
_TOLERANCE = Decimal(2)
"""Percent either way for 左右: the plan gives none (see the field's help text)."""


def write_targets(
    *, lines: Iterable[TargetLine], agencies: Mapping[str, int], written: WriteLog
) -> None:
    """Add the accepted targets and the milestones that the register does not have."""
    accepted = [line for line in lines if line.accepted and (line.is_new or line.additions)]
    if not accepted:
        return
    place = Target.objects.aggregate(last=Max("position"))["last"] or 0
    new = [
        (line, _target(line, place + number, agencies))
        for number, line in enumerate((one for one in accepted if one.is_new), start=1)
    ]
    Target.objects.bulk_create(target for _, target in new)
    lists = {target.pk: [agencies[name] for name in _responsible(line)] for line, target in new}
    write_shares(register="targets", lists=lists, fresh=True)
    for _, target in new:
        written.added_plainly("targets", target, lists[target.pk])
    keys = {line.key: target for line, target in new}
    found = Target.objects.in_bulk([line.pk for line in accepted if line.pk])
    milestones = [
        _milestone(keys.get(line.key) or found[line.pk or 0], milestone)
        for line in accepted
        for milestone in line.additions
    ]
    for milestone in Milestone.objects.bulk_create(milestones):
        written.added_plainly("milestones", milestone)


def _responsible(line: TargetLine) -> tuple[str, ...]:
    names = line.goal.values["responsible"]
    return tuple(names) if isinstance(names, tuple) else ()


def _target(line: TargetLine, position: int, agencies: Mapping[str, int]) -> Target:
    proposals = [milestone.proposal for milestone in line.milestones]
    lead = line.goal.values["lead"]
    base = next((p.base_year for p in proposals if p.base_year), None)
    kind = TargetKind(line.kind)
    return Target(
        code=line.code,
        name=line.name[:60],
        short_name=line.name[:24],
        kind=kind,
        commitment=Commitment.STRIVEN if any(p.striven for p in proposals) else Commitment.BINDING,
        unit=next((p.unit for p in proposals if p.unit), ""),
        decimals=max((_decimals(p.value) for p in proposals), default=1),
        pace=_PACES.get(kind, Pace.LINEAR),
        tolerance_percent=_TOLERANCE if kind == TargetKind.ABOUT else None,
        baseline_year=base,
        baseline_value=Decimal(0) if kind == TargetKind.REDUCTION and base else None,
        lead_id=agencies[str(lead)] if lead else None,
        position=position,
        is_headline=True,
    )


def _decimals(value: Decimal | None) -> int:
    exponent = value.as_tuple().exponent if value is not None else 0
    return max(1, -exponent) if isinstance(exponent, int) else 1


def _milestone(target: Target, line: MilestoneLine) -> Milestone:
    proposal = line.proposal
    return Milestone(
        target=target,
        year=proposal.year,
        due=datetime.date(proposal.year, 12, 31) if proposal.year else None,
        nature=Nature.EVENT if proposal.kind == TargetKind.PEAK_BY else Nature.NUMBER,
        comparison=_comparison(proposal),
        state=MilestoneState(proposal.state),
        value=proposal.value,
        text=proposal.text[:200],
    )


def _comparison(proposal: PromisedTarget) -> str:
    return Comparison(proposal.comparison) if proposal.comparison else ""
