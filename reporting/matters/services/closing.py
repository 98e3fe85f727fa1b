"""销号 of a matter: proposed with text and evidence, confirmed by another reviewer; reopened."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies.models import User
from reporting.choices import MatterStep
from reporting.matters.services.steps import Files, begin, finish, said
from reporting.models import Matter, MatterFile

_PROOFS = (MatterStep.REPORT_BACK, MatterStep.PROPOSE_CLOSING)


@transaction.atomic
def propose_closing(
    *, matter: Matter, text: str, by: User, files: Files = (), seen: str = ""
) -> Matter:
    """提出销号: with what was done and its evidence; another reviewer confirms."""
    begin(step=MatterStep.PROPOSE_CLOSING, matter=matter, by=by, seen=seen)
    words = said(text=text, field="text", missing="写明办结情况")
    proved = MatterFile.objects.filter(note__matter=matter, note__step__in=_PROOFS)
    if not files and not proved.exists():
        raise ValidationError({"files": "销号要有佐证：上传材料，或先由承办单位反馈并附佐证"})
    matter.closing_note, matter.closing_by, matter.closing_by_id = words, by.display_name, by.pk
    finish(step=MatterStep.PROPOSE_CLOSING, matter=matter, by=by, text=words, files=files)
    return matter


@transaction.atomic
def withdraw_closing(*, matter: Matter, by: User, seen: str = "") -> Matter:
    """Withdraw one's own proposal."""
    begin(step=MatterStep.WITHDRAW_CLOSING, matter=matter, by=by, seen=seen)
    _drop_closing(matter)
    finish(step=MatterStep.WITHDRAW_CLOSING, matter=matter, by=by, text="")
    return matter


@transaction.atomic
def refuse_closing(*, matter: Matter, text: str, by: User, seen: str = "") -> Matter:
    """Refuse another reviewer's proposal, with the reason."""
    begin(step=MatterStep.REFUSE_CLOSING, matter=matter, by=by, seen=seen)
    _drop_closing(matter)
    finish(
        step=MatterStep.REFUSE_CLOSING,
        matter=matter,
        by=by,
        text=said(text=text, field="text", missing="写明不同意的原因"),
    )
    return matter


@transaction.atomic
def close(*, matter: Matter, by: User, seen: str = "") -> Matter:
    """确认销号, by another reviewer than the one who proposed it."""
    begin(step=MatterStep.CLOSE, matter=matter, by=by, seen=seen)
    matter.closed_by, matter.closed_at = by.display_name, timezone.now()
    finish(step=MatterStep.CLOSE, matter=matter, by=by, text=matter.closing_note)
    return matter


@transaction.atomic
def reopen(*, matter: Matter, text: str, by: User, seen: str = "") -> Matter:
    """Reopen a closed matter that turns out not to be done."""
    begin(step=MatterStep.REOPEN, matter=matter, by=by, seen=seen)
    _drop_closing(matter)
    matter.closed_by, matter.closed_at = "", None
    finish(
        step=MatterStep.REOPEN,
        matter=matter,
        by=by,
        text=said(text=text, field="text", missing="写明重新办理的原因"),
    )
    return matter


def _drop_closing(matter: Matter) -> None:
    matter.closing_note, matter.closing_by, matter.closing_by_id = "", "", None
