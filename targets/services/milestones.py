"""What a target has to reach: versions, of which one for each year is in force."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from agencies.models import User
from agencies.policies import check_can_manage
from audit import services as audit
from audit.models import AuditEvent
from common.database.constraints import explained
from plan.models import DataState, Document
from targets.choices import MilestoneState
from targets.models import AccountingBasis, Milestone, Target
from targets.rules import REDUCTIONS

_FACTS = (
    "due",
    "nature",
    "comparison",
    "state",
    "value",
    "base_year",
    "basis_id",
    "text",
    "effective_from",
    "document_id",
    "note",
)


@transaction.atomic
def set_milestone(*, milestone: Milestone, by: User | None, reason: str = "") -> Milestone | None:
    """Put a milestone (unsaved, with target and year) in force; None if it is already.

    The one before it stays as an older version. From the second version on the document that
    sets it and the day from which it holds are asked for.
    """
    check_can_manage(by)
    target = Target.objects.select_for_update().get(pk=milestone.target_id)
    _check_base(milestone, target)
    current = _versions(milestone).filter(is_current=True).first()
    if current is not None:
        if all(getattr(current, name) == getattr(milestone, name) for name in _FACTS):
            return None
        _check_change(milestone)
    return _put_in_force(milestone, current, by=by, reason=reason)


def assign_milestone(
    *,
    milestone: Milestone,
    value: Decimal,
    document: Document,
    effective_from: date,
    note: str = "",
    by: User | None,
    reason: str = "",
    base_year: int | None = None,
    basis: AccountingBasis | None = None,
) -> Milestone | None:
    """Enter the value that the city has sent down for a milestone, with its document.

    As the document says it: of a reduction since another year than the target's, with that year;
    in another accounting basis than the target's own, with that basis.
    """
    return set_milestone(
        milestone=_successor(
            milestone,
            state=MilestoneState.SET,
            value=value,
            base_year=base_year,
            basis=basis,
            document=document,
            effective_from=effective_from,
            note=note or milestone.note,
        ),
        by=by,
        reason=reason or "录入市下达值",
    )


def withdraw_milestone(
    *,
    milestone: Milestone,
    document: Document,
    effective_from: date,
    by: User | None,
    reason: str,
) -> Milestone | None:
    """Note that a value is not going to be sent down any more, with the document that says so."""
    if not reason.strip():
        raise ValidationError({"reason": "写明不再下达的原因"})
    return set_milestone(
        milestone=_successor(
            milestone,
            state=MilestoneState.WITHDRAWN,
            value=None,
            base_year=None,
            document=document,
            effective_from=effective_from,
        ),
        by=by,
        reason=reason,
    )


def describe_milestone(
    *, milestone: Milestone, document: Document | None, note: str, by: User | None
) -> AuditEvent | None:
    """Say which document set a milestone and what is to be noted; what it asks for stays."""
    check_can_manage(by)
    milestone.document = document
    milestone.note = note
    with transaction.atomic():
        event = audit.save(milestone, by=by)
        if event is not None:
            DataState.touch()
    return event


def _successor(milestone: Milestone, **changes: object) -> Milestone:
    """An unsaved copy of a milestone with changes."""
    facts = {name: getattr(milestone, name) for name in _FACTS if name not in changes}
    for name in {"document", "basis"} & set(changes):
        facts.pop(f"{name}_id")
    return Milestone(
        target=milestone.target,
        year=milestone.year,
        is_alternative=milestone.is_alternative,
        **facts,
        **changes,
    )


def _check_base(milestone: Milestone, target: Target) -> None:
    """Only a compounding reduction is said against a year, and that of the target needs no word."""
    if milestone.base_year is None:
        return
    if not (target.kind in REDUCTIONS and target.unit == "%" and target.baseline_year):
        raise ValidationError({"base_year": "只有累计降低率可以另写比较基年"})
    if milestone.base_year <= target.baseline_year:
        raise ValidationError({"base_year": "与指标的基期相同时不填比较基年，也不能早于基期"})


def _check_change(milestone: Milestone) -> None:
    if milestone.document_id is None:
        raise ValidationError({"document": "改变阶段目标要写明依据文件"})
    if milestone.effective_from is None:
        raise ValidationError({"effective_from": "改变阶段目标要写明生效日期"})
    if milestone.effective_from > timezone.localdate():
        raise ValidationError({"effective_from": "生效日期不能晚于今天"})


def _put_in_force(
    milestone: Milestone, current: Milestone | None, *, by: User | None, reason: str
) -> Milestone:
    before = audit.snapshot(current) if current else {}
    if current is not None:
        milestone.version = _last_version(milestone) + 1
        Milestone.objects.filter(pk=current.pk).update(is_current=False)
    milestone.is_current = True
    # The target is locked, the document was chosen: neither is looked up again.
    milestone.full_clean(exclude=["target", "document"], validate_constraints=False)
    with explained(Milestone):
        milestone.save()
    action = "新增" if current is None else "改变目标值"
    entry = audit.entry_of(milestone, before, action=action, reason=reason)
    if entry is not None:
        audit.record(entry, by=by)
    DataState.touch()
    return milestone


def _last_version(milestone: Milestone) -> int:
    return _versions(milestone).aggregate(last=Max("version"))["last"] or 0


def _versions(milestone: Milestone) -> QuerySet[Milestone]:
    return Milestone.objects.filter(
        target=milestone.target_id, year=milestone.year, is_alternative=milestone.is_alternative
    )
