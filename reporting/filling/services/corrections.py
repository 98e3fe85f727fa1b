"""Corrections: an approved obligation is reopened, or its correction is abandoned."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies.models import User
from common.web.input_cleaning import fitting
from reporting.answers.services.steps import move, record
from reporting.choices import DecisionKind
from reporting.filling.services.entries import label_of, locked
from reporting.models import Obligation, SubmittedItem
from reporting.papers import services as papers
from reporting.policies import check_step
from reporting.workflow import Step


@transaction.atomic
def correct(*, pk: int, reason: str, by: User) -> Obligation:
    """Reopen an approved obligation for a correction; until then the value stays current."""
    (obligation,) = locked(pks=[pk])
    check_step(step=Step.CORRECT, obligation=obligation, by=by)
    if len(reason.strip()) < 5:
        raise ValidationError("写明更正的原因（至少5个字）")
    move(obligation=obligation, step=Step.CORRECT)
    obligation.correction_reason = fitting(reason, label="更正的原因", most=200)
    obligation.save(update_fields=["state", "correction_reason"])
    record(obligations=[obligation], step=Step.CORRECT, by=by, reason=obligation.correction_reason)
    return obligation


@transaction.atomic
def drop_correction(*, pk: int, by: User) -> Obligation:
    """Abandon a correction: the approved answers are restored, also in the form."""
    (obligation,) = locked(pks=[pk])
    check_step(step=Step.DROP_CORRECTION, obligation=obligation, by=by)
    approved = (
        SubmittedItem.objects.filter(
            obligation=obligation, decisions__kind=DecisionKind.APPROVED, decisions__undone_at=None
        )
        .order_by("-round")
        .first()
    )
    move(obligation=obligation, step=Step.DROP_CORRECTION)
    obligation.correction_reason = ""
    obligation.version += 1
    said = []
    for name in {*obligation.content, *(approved.texts if approved else ())}:
        text = approved.texts.get(name, "") if approved else ""
        old = obligation.content.get(name, {}).get("text", "")
        if old != text:
            said.append((label_of(obligation=obligation, name=name), old, text))
            # New versions: forms that are still open must not save the abandoned texts.
            entry = {"text": text, "v": obligation.version, "by": by.pk, "name": by.display_name}
            at = timezone.localtime().isoformat(timespec="seconds")
            obligation.content[name] = entry | {"at": at}
    obligation.save(update_fields=["state", "correction_reason", "content", "version"])
    record(obligations=[obligation], step=Step.DROP_CORRECTION, by=by, said=tuple(said))
    papers.renew(obligations=[pk], by=by)  # the approved round stands again
    return obligation
