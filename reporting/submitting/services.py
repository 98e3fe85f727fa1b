"""Submitting: by the preparer or the agency's own signer; sending back, and withdrawal."""

from collections.abc import Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from agencies.choices import Role
from agencies.models import Agency, User
from common.database.annotations import Annotation, hand_on
from common.database.json_rows import JSONRow
from reporting.answers.selectors.checking import CheckedObligation, checked_by_key
from reporting.answers.selectors.history import HISTORY, with_history
from reporting.answers.services.steps import move, record
from reporting.choices import DecisionKind
from reporting.filling.services.entries import locked
from reporting.models import Decision, Evidence, Obligation, Submission, SubmittedItem
from reporting.papers import services as papers
from reporting.papers.selectors.hand_ins import hand_ins_of
from reporting.policies import ConflictError, check_step, report_day
from reporting.workflow import Step

_SENT = (
    "state",
    "handed_over_at",
    "submitted_at",
    "first_submitted_at",
    "was_due_on",
    "doubts",
    "prepared_by",
    "preparer_id",
    "phone",
    "signer_id",
)


def has_signer(*, agency: Agency) -> bool:
    """Whether the agency has a signer of its own: then preparer and signer are two people."""
    return User.objects.filter(
        agency=agency, is_active=True, roles__contains=[Role.SIGNER]
    ).exists()


@transaction.atomic
def send(*, pks: Sequence[int], by: User, phone: str = "") -> Submission | None:
    """Pass obligations to the agency's own signer, or submit them where it has none.

    Returns the receipt, None where the signer comes first. Raises like `submit`.
    """
    rows = _sending(pks)
    if rows and _HAS_SIGNER.of(rows[0]):
        _hand_over(rows, by, phone)
        return None
    return _submit(rows, by, phone)


@transaction.atomic
def hand_over(*, pks: Sequence[int], by: User, phone: str = "") -> list[Obligation]:
    """Pass obligations to the agency's own signer. Raises like `submit`."""
    return _hand_over(_sending(pks), by, phone)


@transaction.atomic
def submit(*, pks: Sequence[int], by: User, phone: str = "") -> Submission:
    """Submit obligations to the bureau, where the agency has no signer; returns the receipt.

    All or nothing. Raises ValidationError naming every obligation that still has an error, a doubt
    without reason or a comment without answer; PermissionDenied and ConflictError by the policies.
    """
    return _submit(_sending(pks), by, phone)


@transaction.atomic
def sign(*, pks: Sequence[int], by: User) -> Submission:
    """Sign obligations prepared by another person and submit them; returns the receipt."""
    obligations = _sending(pks)
    _check(obligations, Step.SIGN, by)
    for obligation in obligations:
        obligation.signer_id = by.pk
    return _hand_in(obligations, Step.SIGN, by, signed_by=by.display_name)


@transaction.atomic
def send_back(*, pk: int, comment: str, by: User) -> Obligation:
    """Send an obligation back to the preparer inside the agency, with a comment."""
    (obligation,) = locked(pks=[pk])
    _check([obligation], Step.SEND_BACK, by)
    if not comment.strip():
        raise ValidationError("退回要写明意见")
    move(obligation=obligation, step=Step.SEND_BACK)
    obligation.save(update_fields=["state"])
    Decision.objects.create(
        obligation=obligation,
        kind=DecisionKind.SENT_BACK,
        comment=comment.strip(),
        by_name=by.display_name,
        by_id=by.pk,
        by_agency=by.agency_name,
        decided_at=timezone.now(),
    )
    record(obligations=[obligation], step=Step.SEND_BACK, by=by, reason=comment.strip())
    return obligation


@transaction.atomic
def withdraw(*, pks: Sequence[int], by: User) -> list[Obligation]:
    """Withdraw obligations before their review begins."""
    obligations = locked(pks=pks)
    _check(obligations, Step.WITHDRAW, by)
    was = {obligation.pk: obligation.get_state_display() for obligation in obligations}
    for obligation in obligations:
        move(obligation=obligation, step=Step.WITHDRAW)
        obligation.signer_id = None
    Obligation.objects.bulk_update(obligations, ("state", "signer_id"))
    SubmittedItem.objects.filter(
        obligation__in=obligations, withdrawn_at=None, decisions=None
    ).update(withdrawn_at=timezone.now())
    record(obligations=obligations, step=Step.WITHDRAW, by=by, was=was)
    papers.renew(obligations=pks, by=by)
    return obligations


def _sending(pks: Sequence[int]) -> list[Obligation]:
    """The obligations, locked, with all that submitting needs: in two statements.

    The agency's row is locked too, so that receipt numbers stay unique. Only a statement that
    begins after the lock sees what others have just written, so the rest is read by a second one.
    """
    obligations = locked(pks=pks, also=("agency",))
    found = with_history(Obligation.objects.filter(pk__in=pks)).annotate(
        **_LAST_ROUND.column(),
        **_HAS_SIGNER.column(),
        **_FILES.column(),
    )
    known = found.in_bulk()
    for obligation in obligations:
        hand_on(_READ, source=known[obligation.pk], to=obligation)
    return obligations


def _last_round() -> Coalesce:
    newest = SubmittedItem.objects.filter(obligation=OuterRef("pk")).order_by("-round")
    return Coalesce(Subquery(newest.values("round")[:1]), 0)


def _signers() -> Exists:
    return Exists(
        User.objects.filter(
            agency=OuterRef("agency"), is_active=True, roles__contains=[Role.SIGNER]
        )
    )


def _files() -> ArraySubquery:
    files = Evidence.objects.filter(obligation=OuterRef("pk"), removed_at=None).order_by("pk")
    return ArraySubquery(files.values(json=JSONRow(id="pk", name="name")))


_LAST_ROUND = Annotation("last_round", _last_round, int)
_HAS_SIGNER = Annotation("has_signer", _signers, bool)
_FILES = Annotation("files", _files, list)
_READ = (*HISTORY, _LAST_ROUND, _HAS_SIGNER, _FILES)


def _hand_over(obligations: list[Obligation], by: User, phone: str) -> list[Obligation]:
    _check(obligations, Step.HAND_OVER, by)
    if not _HAS_SIGNER.of(obligations[0]):
        raise ConflictError("本单位没有设审核人，直接报送区发改局")
    _refuse_unready(checked_by_key(obligations=obligations))
    was = {obligation.pk: obligation.get_state_display() for obligation in obligations}
    for obligation in obligations:
        move(obligation=obligation, step=Step.HAND_OVER)
        obligation.handed_over_at = timezone.now()
        obligation.prepared_by, obligation.preparer_id = by.display_name, by.pk
        obligation.phone = phone
    Obligation.objects.bulk_update(obligations, _SENT)
    record(obligations=obligations, step=Step.HAND_OVER, by=by, was=was)
    return obligations


def _submit(obligations: list[Obligation], by: User, phone: str) -> Submission:
    _check(obligations, Step.SUBMIT, by)
    if _HAS_SIGNER.of(obligations[0]):
        raise PermissionDenied("本单位设有审核人，填报员报送给本单位审核人")
    for obligation in obligations:
        obligation.prepared_by, obligation.preparer_id = by.display_name, by.pk
        obligation.phone = phone
    return _hand_in(obligations, Step.SUBMIT, by, signed_by="")


def _hand_in(obligations: list[Obligation], step: Step, by: User, *, signed_by: str) -> Submission:
    found = checked_by_key(obligations=obligations)
    _refuse_unready(found)
    first = obligations[0]
    now = timezone.now()
    was = {obligation.pk: obligation.get_state_display() for obligation in obligations}
    (before,) = hand_ins_of(agencies=[first.agency], periods=[first.period])
    number, version = before.next_number(sending=[obligation.pk for obligation in obligations])
    submission = Submission.objects.create(
        number=number,
        version=version,
        period=first.period,
        agency=first.agency,
        agency_name=first.agency.name,
        agency_short_name=first.agency.short_name,
        prepared_by=first.prepared_by,
        preparer_id=first.preparer_id or by.pk,
        signed_by=signed_by,
        phone=first.phone,
        submitted_at=now,
    )
    for obligation in obligations:
        move(obligation=obligation, step=step)
        obligation.submitted_at = now
        # Punctuality is judged by the due day of this moment: later extensions do not count.
        if obligation.first_submitted_at is None:
            obligation.first_submitted_at = now
            obligation.was_due_on = report_day(obligation=obligation)
        obligation.doubts = len(found[obligation.pk].doubts)
    Obligation.objects.bulk_update(obligations, _SENT)
    # Snapshots: the obligation may be edited again, the submitted texts and files stay.
    SubmittedItem.objects.bulk_create(
        SubmittedItem(
            submission=submission,
            obligation=obligation,
            round=_LAST_ROUND.of(obligation) + 1,
            texts=obligation.texts,
            doubts=found[obligation.pk].doubts_with_reasons,
            evidence=_FILES.of(obligation),
        )
        for obligation in obligations
    )
    record(
        obligations=obligations,
        step=step,
        by=by,
        was=was,
        said=(("报送编号", "", submission.full_number),),
    )
    papers.renew(obligations=[obligation.pk for obligation in obligations], by=by)
    return submission


def _check(obligations: list[Obligation], step: Step, by: User) -> None:
    if not obligations:
        raise ValidationError("先选出要报送的事项")
    for obligation in obligations:
        check_step(step=step, obligation=obligation, by=by)
    if len({(obligation.agency_id, obligation.period_id) for obligation in obligations}) > 1:
        raise ValidationError("一次只能报送一个单位一个填报期的事项")


def _refuse_unready(found: dict[int, CheckedObligation]) -> None:
    unready = [one for one in found.values() if not one.is_ready]
    if unready:
        raise ValidationError([one.refusal for one in unready])
