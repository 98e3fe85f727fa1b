"""The value of a target's base year: with a document, in versions, by two persons."""

from collections.abc import Sequence
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from agencies.models import User
from plan.models import Document
from targets import rules
from targets.choices import DataGrade, ProposalKind
from targets.models import Observation, Proposal, Target
from targets.policies import check_can_propose_base
from targets.selectors.base_values import base_behind, base_observation
from targets.services.observations import (
    check_observation,
    record_observations,
    retract_observations,
)
from targets.services.proposals import propose, proposer_of, takes_effect

_GONE = "的基期值在提出以后变了，退回后按现行值重新提出"


@transaction.atomic
def propose_base(
    *,
    target: Target,
    value: Decimal,
    grade: str,
    document: Document,
    by: User,
    note: str = "",
    reason: str = "",
) -> Proposal:
    """Propose the value of the base year that a document gives; another reviewer decides.

    It becomes the annual value of that year; another one than before is a correction and asks for
    the reason. Raises ValidationError.
    """
    check_can_propose_base(by=by)
    if not target.is_based:
        raise ValidationError("这项指标不需要基期值")
    known = base_observation(target)
    row = Proposal(
        kind=ProposalKind.BASE,
        target=target,
        year=target.baseline_year,
        seen={"observation": known.pk if known else None},
        content={
            "value": rules.plain(value),
            "grade": grade,
            "document": document.pk,
            "source": str(document)[:160],
            "note": note.strip(),
            "reason": reason.strip(),
        },
    )
    value_of_base = _observation(row)
    check_observation(observation=value_of_base, target=target)
    _check_reason(known, value_of_base)
    words = f"{rules.plain(value)}{target.unit}（{value_of_base.get_grade_display()}）"
    row.words = f"{words}，依据{document}"[:400]
    return propose(proposals=[row], by=by)[0]


@transaction.atomic
def propose_base_gone(*, observation: Observation, reason: str, by: User) -> Proposal:
    """Propose to take the base value that was seen back; another reviewer decides.

    Then the version before it holds again, else what the plan gives. Raises ValidationError.
    """
    check_can_propose_base(by=by)
    target = observation.target
    known = base_observation(target) if target.is_based else None
    if known is None or known.pk != observation.pk:
        raise ValidationError("基期值刚刚更新，看过现行值再撤销")
    if len(reason.strip()) < rules.REASON_LEAST:
        raise ValidationError({"reason": f"写明撤销的原因（至少{rules.REASON_LEAST}个字）"})
    back = base_behind(observation)
    value = rules.plain(known.value or Decimal(0))
    row = Proposal(
        kind=ProposalKind.BASE_GONE,
        target=target,
        year=target.baseline_year,
        seen={"observation": known.pk},
        content={
            "value": None if back is None else rules.plain(back),
            "reason": reason.strip(),
        },
        words=f"撤销{value}{target.unit}（{known.source}）：{reason.strip()}"[:400],
    )
    return propose(proposals=[row], by=by)[0]


@takes_effect(kind=ProposalKind.BASE)
def _enter(proposals: Sequence[Proposal], by: User) -> None:
    rows = []
    for row, _ in _as_seen(proposals):
        value = _observation(row)
        value.note = "；".join(part for part in (value.note, _two(row, by)) if part)
        rows.append(value)
    record_observations(observations=rows, by=by)


@takes_effect(kind=ProposalKind.BASE_GONE)
def _take_back(proposals: Sequence[Proposal], by: User) -> None:
    for row, known in _as_seen(proposals):
        if known is not None:
            reason = f"{row.content['reason']}；{_two(row, by)}"
            retract_observations(rows=[known], by=by, reason=reason)


def _as_seen(proposals: Sequence[Proposal]) -> list[tuple[Proposal, Observation | None]]:
    """The proposals with their targets locked and the base that they saw, which is in force."""
    targets = Target.objects.select_for_update().order_by("pk")
    locked = targets.in_bulk([row.target_id for row in proposals])
    found = []
    for row in proposals:
        row.target = locked[row.target_id]
        known = base_observation(row.target)
        if (known.pk if known else None) != row.seen["observation"]:
            raise ValidationError(f"{row.target.code}{_GONE}")
        found.append((row, known))
    return found


def _two(row: Proposal, by: User) -> str:
    return f"{proposer_of(proposal=row, by=by)}提出，{by.display_name}确认"


def _observation(row: Proposal) -> Observation:
    """The unsaved value that a proposal is about."""
    said = row.content
    return Observation(
        target=row.target,
        year=row.year or 0,
        value=Decimal(said["value"]),
        grade=DataGrade(said["grade"]),
        basis_id=row.target.accounting_basis_id,
        source=said["source"],
        note=said["note"],
        reason=said["reason"],
    )


def _check_reason(known: Observation | None, new: Observation) -> None:
    if known is None:
        return
    if (known.value, known.grade, known.source) == (new.value, new.grade, new.source):
        raise ValidationError("和现行的基期值相同，没有改动")
    if len(new.reason) < rules.REASON_LEAST:
        raise ValidationError({"reason": f"写明更正的原因（至少{rules.REASON_LEAST}个字）"})
