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
    (row,) = locked(pks=[pk])
    if row.state == ObligationState.REVIEWING:
        return row
    check_step(step=Step.BEGIN_REVIEW, obligation=row, by=by)
    move(row=row, step=Step.BEGIN_REVIEW)
    row.save(update_fields=["state"])
    record(rows=[row], step=Step.BEGIN_REVIEW, by=by)
    return row


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

    `round` is the one that the reviewer saw. Raises ConflictError where it is decided already.
    """
    (row,) = locked(pks=[pk])
    check_step(step=Step.RETURN, obligation=row, by=by)
    item = _same_round(row, _latest([row]), round)
    if not comment.strip() and not remarks:
        raise ValidationError("退回要写明意见")
    if answer_due and answer_due < timezone.localdate():
        raise ValidationError("修改期限不能早于今天")
    labels = {remark.field: _checked(row, remark) for remark in remarks}
    _check_suggested(row, remarks, labels)
    decision = _decision(row, item, DecisionKind.RETURNED, by, timezone.now())
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
    move(row=row, step=Step.RETURN)
    row.returns += 1
    row.answer_due, row.decided_at = answer_due, decision.decided_at
    row.save(update_fields=["state", "returns", "answer_due", "decided_at"])
    said = tuple((labels[remark.field], remark.text, remark.suggested) for remark in remarks)
    record(rows=[row], step=Step.RETURN, by=by, reason=decision.comment, said=said)
    return decision


@transaction.atomic
@audit.batched()
def approve(
    *, rounds: dict[int, int], by: User, comment: str = "", batch: bool = False
) -> list[Decision]:
    """Approve obligations (key → the round that was seen): their figures reach the plan at once.

    All or nothing. A batch accepts only clean ones. Raises ConflictError where one was decided or
    submitted again meanwhile, ValidationError where the plan refuses a figure.
    """
    rows = locked(pks=list(rounds))
    if not rows:
        raise ValidationError("先选出要通过的事项")
    latest = _latest(rows)
    for row in rows:
        check_step(step=Step.APPROVE, obligation=row, by=by)
        _same_round(row, latest, rounds[row.pk])
        if batch and (row.doubts or row.returns or row.is_correction):
            raise ConflictError(f"{row.subject_code}有疑点、退回过或是更正，须逐项打开审核")
    written = approved_records.put_in_force(items=[(row, latest[row.pk]) for row in rows], by=by)
    now = timezone.now()
    group = uuid.uuid4().hex if batch else ""
    decisions = []
    for row in rows:
        decision = _decision(row, latest[row.pk], DecisionKind.APPROVED, by, now)
        decision.comment, decision.batch = comment.strip(), group
        decision.effect = written[row.pk] | {"correction_reason": row.correction_reason}
        decisions.append(decision)
        move(row=row, step=Step.APPROVE)
        row.decided_at, row.answer_due, row.correction_reason = now, None, ""
    Decision.objects.bulk_create(decisions)
    Obligation.objects.bulk_update(rows, ("state", "decided_at", "answer_due", "correction_reason"))
    _lock_evidence(_files(latest.values()), effects=written.values())
    size = len(rows)
    record(
        rows=rows,
        step=Step.APPROVE,
        by=by,
        reason=f"批量{size}项之一" if batch else comment.strip(),
    )
    return decisions


@transaction.atomic
@audit.batched()
def undo(*, decisions: Sequence[int], by: User) -> list[Obligation]:
    """Undo approvals within ten minutes: the figures leave the plan, the obligations wait again."""
    kept = list(
        Decision.objects.select_for_update(of=("self",))
        .select_related("item")
        .filter(pk__in=decisions, kind=DecisionKind.APPROVED)
        .order_by("pk")
    )
    rows = {row.pk: row for row in locked(pks=[one.obligation_id for one in kept])}
    if not kept or any(one.undone_at for one in kept):
        raise ConflictError("这次通过已经撤销")
    latest = _latest(list(rows.values()))
    for one in kept:
        row = rows[one.obligation_id]
        check_step(step=Step.UNDO_APPROVAL, obligation=row, by=by)
        if latest[row.pk].pk != one.item_id:
            raise ConflictError("这次通过之后已经更正，不能再撤销")
        move(row=row, step=Step.UNDO_APPROVAL)
        row.correction_reason = one.effect.get("correction_reason", "")
        one.undone_at = timezone.now()
    approved_records.take_back(effects=[one.effect for one in kept], by=by)
    Decision.objects.bulk_update(kept, ("undone_at",))
    Obligation.objects.bulk_update(rows.values(), ("state", "correction_reason"))
    _unlock_evidence(kept)
    record(rows=list(rows.values()), step=Step.UNDO_APPROVAL, by=by)
    return list(rows.values())


_LONGEST, _LONGEST_SUGGESTED = 500, 800


def _checked(row: Obligation, remark: FieldRemark) -> str:
    """The label of the field of a comment. Raises ValidationError for an empty comment."""
    is_file = remark.field == EVIDENCE
    label = "佐证材料" if is_file else label_of(obligation=row, name=remark.field)
    if is_file and remark.suggested.strip():
        raise ValidationError("佐证材料不能给建议值，写明要补充什么")
    if not remark.text.strip() and not remark.suggested.strip():
        raise ValidationError("每条字段意见要写明问题或建议值")
    if len(remark.text.strip()) > _LONGEST:
        raise ValidationError(f"“{label}”的意见不超过{_LONGEST}字")
    known = field(row.kind, remark.field)
    longest = min(known.most if known else 0, _LONGEST_SUGGESTED)
    if len(remark.suggested.strip()) > longest:
        raise ValidationError(f"“{label}”的建议值不超过{longest}字")
    return label


def _check_suggested(
    row: Obligation, remarks: Sequence[FieldRemark], labels: Mapping[str, str]
) -> None:
    """Check a suggested value like one of the agency's own. Raises ValidationError by field."""
    texts = {one.field: one.suggested.strip() for one in remarks if one.suggested.strip()}
    problems = first_errors(obligation=row, texts=texts) if texts else {}
    if problems:
        raise ValidationError(
            {name: f"“{labels[name]}”的建议值：{said}" for name, said in problems.items()}
        )


def _latest(rows: list[Obligation]) -> dict[int, SubmittedItem]:
    """The waiting round of each obligation, with the texts approved last, in one statement."""
    newest = SubmittedItem.objects.filter(obligation=OuterRef("obligation")).order_by("-round")
    found = (
        SubmittedItem.objects.filter(obligation__in=rows, pk=Subquery(newest.values("pk")[:1]))
        .select_related("submission")
        .annotate(**approved_records.APPROVED_TEXTS.column())
    )
    return {item.obligation_id: item for item in found}


def _same_round(row: Obligation, latest: Mapping[int, SubmittedItem], round: int) -> SubmittedItem:
    """The waiting round. Raises ConflictError unless it is the one that the reviewer saw."""
    item = latest.get(row.pk)
    if item is None or item.round != round:
        raise ConflictError(f"{row.subject_code}已经重新报送，刷新页面看最新的内容再决定")
    return item


def _lock_evidence(files: set[int], *, effects: Iterable[Mapping[str, Any]]) -> None:
    """Lock approved files, which the plan's pages show, even where no figure has changed."""
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


def _files(items: Iterable[SubmittedItem]) -> set[int]:
    return {file["id"] for item in items for file in item.evidence}


def _decision(
    row: Obligation, item: SubmittedItem, kind: DecisionKind, by: User, now: datetime.datetime
) -> Decision:
    return Decision(
        obligation=row,
        item=item,
        kind=kind,
        by_name=by.display_name,
        by_id=by.pk,
        by_agency=by.agency_name,
        is_own_agency=by.agency_id == row.agency_id,
        decided_at=now,
    )
