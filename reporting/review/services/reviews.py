"""Decisions of the bureau: only approved figures reach the plan."""

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from agencies.models import User
from audit import services as audit
from plan.models import DataState
from reporting.answers.selectors.checking import first_errors
from reporting.answers.services.steps import move, record
from reporting.choices import DecisionKind, ObligationState
from reporting.filling.services.entries import label_of, locked
from reporting.models import Decision, Evidence, FieldComment, Obligation, SubmittedItem
from reporting.periods.selectors.calendar import working_days
from reporting.periods.selectors.thresholds import thresholds
from reporting.policies import ConflictError, check_can_review, check_step
from reporting.review.selectors.review_parts import EVIDENCE
from reporting.review.services import approved_records
from reporting.rules.fields import field
from reporting.workflow import Step


@dataclass(frozen=True)
class FieldRemark:
    """A comment at a field, with an optional value that the agency can accept with a click."""

    field: str
    text: str
    suggested: str = ""


@transaction.atomic
def begin(*, pk: int, by: User) -> Obligation:
    """Begin a review: from now on the agency cannot withdraw. Idempotent."""
    check_can_review(by=by)
    (obligation,) = locked(pks=[pk])
    if obligation.state == ObligationState.REVIEWING:
        return obligation
    check_step(step=Step.BEGIN_REVIEW, obligation=obligation, by=by)
    move(obligation=obligation, step=Step.BEGIN_REVIEW)
    obligation.save(update_fields=["state"])
    record(obligations=[obligation], step=Step.BEGIN_REVIEW, by=by)
    return obligation


@transaction.atomic
def give_back(
    *,
    pk: int,
    round: int,
    comment: str,
    remarks: Sequence[FieldRemark] = (),
    answer_due: datetime.date | None = None,
    by: User,
) -> Decision:
    """Return an obligation with comments at its fields, each of which must be answered.

    `round` is the one that the reviewer saw; without `answer_due` the setting gives the day.
    Raises ConflictError where it is decided already.
    """
    (obligation,) = locked(pks=[pk])
    check_step(step=Step.RETURN, obligation=obligation, by=by)
    copy = _same_round(obligation, _latest([obligation]), round)
    if not comment.strip() and not remarks:
        raise ValidationError("退回要写明意见")
    if answer_due and answer_due < timezone.localdate():
        raise ValidationError("修改期限不能早于今天")
    labels = {remark.field: _checked(obligation, remark) for remark in remarks}
    _check_suggested(obligation, remarks, labels)
    decision = _decision(obligation, copy, DecisionKind.RETURNED, by, timezone.now())
    decision.comment = comment.strip() or "见各栏意见"
    decision.save()
    FieldComment.objects.bulk_create(
        FieldComment(
            decision=decision,
            field=remark.field,
            text=remark.text.strip() or "建议改为右边的值",
            suggested=remark.suggested.strip(),
        )
        for remark in remarks
    )
    move(obligation=obligation, step=Step.RETURN)
    obligation.returns += 1
    obligation.answer_due, obligation.decided_at = answer_due or _usual(), decision.decided_at
    obligation.save(update_fields=["state", "returns", "answer_due", "decided_at"])
    said = tuple((labels[remark.field], remark.text, remark.suggested) for remark in remarks)
    record(obligations=[obligation], step=Step.RETURN, by=by, reason=decision.comment, said=said)
    return decision


def _usual() -> datetime.date:
    """The day by which what is returned today is usually answered."""
    return working_days().after(timezone.localdate(), thresholds().whole("RETURNED_DAYS"))


@transaction.atomic
@audit.batched()
def approve(
    *, rounds: dict[int, int], by: User, comment: str = "", batch: bool = False
) -> list[Decision]:
    """Approve obligations (key → the round that was seen): their figures reach the plan at once.

    All or nothing. A batch accepts only clean ones. Raises ConflictError where one was decided or
    submitted again meanwhile, ValidationError where the plan refuses a figure.
    """
    obligations = locked(pks=list(rounds))
    if not obligations:
        raise ValidationError("先选出要通过的事项")
    # Read after the lock: a submission at the same time is complete, or waits for this decision.
    latest = _latest(obligations)
    for obligation in obligations:
        check_step(step=Step.APPROVE, obligation=obligation, by=by)
        _same_round(obligation, latest, rounds[obligation.pk])
        if batch and (obligation.doubts or obligation.returns or obligation.is_correction):
            raise ConflictError(f"{obligation.subject_code}有疑点、退回过或是更正，须逐项打开审核")
    written = approved_records.put_in_force(
        pairs=[(obligation, latest[obligation.pk]) for obligation in obligations], by=by
    )
    now = timezone.now()
    group = uuid.uuid4().hex if batch else ""
    decisions = []
    for obligation in obligations:
        decision = _decision(obligation, latest[obligation.pk], DecisionKind.APPROVED, by, now)
        decision.comment, decision.batch = comment.strip(), group
        # What `undo` needs: the record written, and the reason of a correction to restore.
        decision.effect = written[obligation.pk] | {
            "correction_reason": obligation.correction_reason
        }
        decisions.append(decision)
        move(obligation=obligation, step=Step.APPROVE)
        obligation.decided_at, obligation.answer_due, obligation.correction_reason = now, None, ""
    Decision.objects.bulk_create(decisions)
    Obligation.objects.bulk_update(
        obligations, ("state", "decided_at", "answer_due", "correction_reason")
    )
    _lock_evidence(_files(latest.values()), effects=written.values())
    size = len(obligations)
    record(
        obligations=obligations,
        step=Step.APPROVE,
        by=by,
        reason=f"批量{size}项之一" if batch else comment.strip(),
    )
    return decisions


@transaction.atomic
@audit.batched()
def undo(*, decisions: Sequence[int], by: User) -> list[Obligation]:
    """Undo approvals within ten minutes: the figures leave the plan, the obligations wait again."""
    # Lock decisions first: of two people who undo at once the second finds `undone_at` set.
    kept = list(
        Decision.objects.select_for_update(of=("self",))
        .select_related("item")
        .filter(pk__in=decisions, kind=DecisionKind.APPROVED)
        .order_by("pk")
    )
    found = locked(pks=[one.obligation_id for one in kept])
    obligations = {obligation.pk: obligation for obligation in found}
    if not kept or any(one.undone_at for one in kept):
        raise ConflictError("这次通过已经撤销")
    latest = _latest(list(obligations.values()))
    for one in kept:
        obligation = obligations[one.obligation_id]
        check_step(step=Step.UNDO_APPROVAL, obligation=obligation, by=by)
        # A later round was submitted: undoing would take back what the correction is based on.
        if latest[obligation.pk].pk != one.item_id:
            raise ConflictError("这次通过之后已经更正，不能再撤销")
        move(obligation=obligation, step=Step.UNDO_APPROVAL)
        obligation.correction_reason = one.effect.get("correction_reason", "")
        one.undone_at = timezone.now()
    approved_records.take_back(effects=[one.effect for one in kept], by=by)
    Decision.objects.bulk_update(kept, ("undone_at",))
    Obligation.objects.bulk_update(obligations.values(), ("state", "correction_reason"))
    _unlock_evidence(kept)
    record(obligations=list(obligations.values()), step=Step.UNDO_APPROVAL, by=by)
    return list(obligations.values())


_LONGEST, _LONGEST_SUGGESTED = 500, 800


def _checked(obligation: Obligation, remark: FieldRemark) -> str:
    """The label of the field of a comment. Raises ValidationError for an empty comment."""
    is_file = remark.field == EVIDENCE
    label = "佐证材料" if is_file else label_of(obligation=obligation, name=remark.field)
    if is_file and remark.suggested.strip():
        raise ValidationError("佐证材料不能给建议值，写明要补充什么")
    if not remark.text.strip() and not remark.suggested.strip():
        raise ValidationError("每条字段意见要写明问题或建议值")
    if len(remark.text.strip()) > _LONGEST:
        raise ValidationError(f"“{label}”的意见不超过{_LONGEST}字")
    known = field(obligation.kind, remark.field)
    longest = min(known.most if known else 0, _LONGEST_SUGGESTED)
    if len(remark.suggested.strip()) > longest:
        raise ValidationError(f"“{label}”的建议值不超过{longest}字")
    return label


def _check_suggested(
    obligation: Obligation, remarks: Sequence[FieldRemark], labels: Mapping[str, str]
) -> None:
    """Check a suggested value like one of the agency's own. Raises ValidationError by field."""
    texts = {one.field: one.suggested.strip() for one in remarks if one.suggested.strip()}
    problems = first_errors(obligation=obligation, texts=texts) if texts else {}
    if problems:
        raise ValidationError(
            {name: f"“{labels[name]}”的建议值：{said}" for name, said in problems.items()}
        )


def _latest(obligations: list[Obligation]) -> dict[int, SubmittedItem]:
    """The waiting round of each obligation, with the texts approved last, in one statement."""
    newest = SubmittedItem.objects.filter(obligation=OuterRef("obligation")).order_by("-round")
    found = (
        SubmittedItem.objects.filter(
            obligation__in=obligations, pk=Subquery(newest.values("pk")[:1])
        )
        .select_related("submission")
        .annotate(**approved_records.APPROVED_TEXTS.column())
    )
    return {copy.obligation_id: copy for copy in found}


def _same_round(
    obligation: Obligation, latest: Mapping[int, SubmittedItem], round: int
) -> SubmittedItem:
    """The waiting round. Raises ConflictError unless it is the one that the reviewer saw."""
    copy = latest.get(obligation.pk)
    if copy is None or copy.round != round:
        raise ConflictError(f"{obligation.subject_code}已经重新报送，刷新页面看最新的内容再决定")
    return copy


def _lock_evidence(files: set[int], *, effects: Iterable[Mapping[str, Any]]) -> None:
    """Lock approved files. The plan's pages list them, so the data's version always changes."""
    if not files:
        return
    Evidence.objects.filter(pk__in=files, removed_at=None).update(is_locked=True)
    if not all(effects):
        DataState.touch()


def _unlock_evidence(undone: list[Decision]) -> None:
    """Unlock the files of these rounds, except files of another approved round."""
    mine = _files(one.item for one in undone if one.item)
    approved = SubmittedItem.objects.filter(
        obligation__in=[one.obligation_id for one in undone],
        decisions__kind=DecisionKind.APPROVED,
        decisions__undone_at=None,
    )
    if gone := mine - _files(approved):
        Evidence.objects.filter(pk__in=gone).update(is_locked=False)
        DataState.touch()


def _files(copies: Iterable[SubmittedItem]) -> set[int]:
    return {file["id"] for copy in copies for file in copy.evidence}


def _decision(
    obligation: Obligation,
    copy: SubmittedItem,
    kind: DecisionKind,
    by: User,
    now: datetime.datetime,
) -> Decision:
    return Decision(
        obligation=obligation,
        item=copy,
        kind=kind,
        by_name=by.display_name,
        by_id=by.pk,
        by_agency=by.agency_name,
        is_own_agency=by.agency_id == obligation.agency_id,
        decided_at=now,
    )
