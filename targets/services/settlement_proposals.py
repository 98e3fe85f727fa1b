"""Verdicts, recognitions and their undoing as proposals: what is put forward, what it writes."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from agencies.models import User
from plan.models import Document
from targets.choices import ProposalKind
from targets.models import Milestone, Proposal, Settlement
from targets.policies import check_can_settle
from targets.rules import REASON_LEAST
from targets.services.proposals import propose, proposer_of, takes_effect
from targets.services.settlements import (
    Pick,
    recognise,
    recognition,
    retract_settlement,
    settle_many,
    settlements_by_value,
)


@transaction.atomic
def propose_settlements(*, picks: Sequence[Pick], by: User) -> list[Proposal]:
    """Propose the verdicts that picked versions give, all or nothing."""
    rows = settlements_by_value(picks=picks, by=by)
    _check_reasons(rows)
    return propose(proposals=[_of(row, ProposalKind.SETTLEMENT) for row in rows], by=by)


@transaction.atomic
def propose_recognition(
    *,
    milestone: Milestone,
    verdict: str,
    document: Document,
    note: str,
    by: User,
    reason: str = "",
) -> list[Proposal]:
    """Propose the verdict of a milestone without a number, by a document."""
    row = recognition(
        milestone=milestone, verdict=verdict, document=document, note=note, by=by, reason=reason
    )
    _check_reasons([row])
    return propose(proposals=[_of(row, ProposalKind.RECOGNITION)], by=by)


@transaction.atomic
def propose_retraction(*, settlement: Settlement, reason: str, by: User) -> list[Proposal]:
    """Propose to take a settlement in force back, with the reason."""
    check_can_settle(by=by)
    if len(reason.strip()) < REASON_LEAST:
        raise ValidationError({"reason": f"写明撤销的原因（至少{REASON_LEAST}个字）"})
    row = Proposal(
        kind=ProposalKind.RETRACTION,
        target=settlement.target,
        year=settlement.year,
        seen={"settlement": settlement.pk},
        content={"reason": reason.strip()},
        words=f"撤销{settlement.says.label}：{reason.strip()}",
    )
    return propose(proposals=[row], by=by)


def _of(row: Settlement, kind: ProposalKind) -> Proposal:
    """An unsaved settlement as a proposal."""
    return Proposal(
        kind=kind,
        target=row.target,
        year=row.year,
        seen={
            "milestone": row.milestone_id,
            "observation": row.observation_id,
            "base": row.base_id,
        },
        content={
            "verdict": row.verdict,
            "document": row.document_id,
            "note": row.note,
            "reason": row.reason,
        },
        words=row.words,
    )


def _check_reasons(rows: Sequence[Settlement]) -> None:
    """Settling again asks for the reason when it is proposed, not only when it is confirmed."""
    bare = {row.target_id: row for row in rows if not row.reason}
    known = Settlement.objects.filter(target__in=bare, is_current=True)
    if any(bare[row.target_id].year == row.year for row in known):
        raise ValidationError({"reason": "写明为什么重新判定"})


@takes_effect(kind=ProposalKind.SETTLEMENT)
def _settle(proposals: Sequence[Proposal], by: User) -> None:
    picks = [
        Pick(
            row.seen["milestone"],
            row.seen["observation"],
            row.year,
            row.content["reason"],
            row.content["note"],
            proposer_of(proposal=row, by=by),
            row.words,
        )
        for row in proposals
    ]
    settle_many(picks=picks, by=by)


@takes_effect(kind=ProposalKind.RECOGNITION)
def _recognise(proposals: Sequence[Proposal], by: User) -> None:
    for row in proposals:
        recognise(
            milestone=Milestone(pk=row.seen["milestone"]),
            verdict=row.content["verdict"],
            document=Document.objects.get(pk=row.content["document"]),
            note=row.content["note"],
            reason=row.content["reason"],
            by=by,
            proposed_by=proposer_of(proposal=row, by=by),
        )


@takes_effect(kind=ProposalKind.RETRACTION)
def _retract(proposals: Sequence[Proposal], by: User) -> None:
    for row in proposals:
        found = Settlement.objects.filter(pk=row.seen["settlement"], is_current=True).first()
        if found is None:
            raise ValidationError(f"{row.code}的判定刚刚变了，看过现行判定再撤销")
        retract_settlement(
            settlement=found,
            by=by,
            reason=row.content["reason"],
            proposed_by=proposer_of(proposal=row, by=by),
        )
