"""The tolerance of 左右: ours until a document confirms it, which takes two persons."""

import datetime
from collections.abc import Sequence
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies.models import User
from audit import services as audit
from plan.models import DataState, Document
from targets.choices import ProposalKind, TargetKind
from targets.models import Proposal, Target
from targets.policies import check_can_settle
from targets.rules import plain
from targets.services.proposals import propose, takes_effect


@transaction.atomic
def propose_tolerance(
    *, target: Target, percent: Decimal, document: Document, confirmed_on: datetime.date, by: User
) -> Proposal:
    """Propose the tolerance that a document confirms, from a day on; another reviewer decides."""
    check_can_settle(by=by)
    if target.kind != TargetKind.ABOUT:
        raise ValidationError("只有“左右”的目标有容差")
    if not 0 < percent <= 20:
        raise ValidationError({"percent": "左右容差须大于0、不超过20"})
    if confirmed_on > timezone.localdate():
        raise ValidationError({"confirmed_on": "确认日期不能晚于今天"})
    row = Proposal(
        kind=ProposalKind.TOLERANCE,
        target=target,
        seen=_seen(target),
        content={
            "percent": str(percent),
            "document": document.pk,
            "confirmed_on": confirmed_on.isoformat(),
        },
        words=f"左右容差±{plain(percent)}%，依据{document}"[:400],
    )
    return propose(proposals=[row], by=by)[0]


@takes_effect(kind=ProposalKind.TOLERANCE)
def _confirmed(proposals: Sequence[Proposal], by: User) -> None:
    for row in proposals:
        target = Target.objects.select_for_update().get(pk=row.target_id)
        if _seen(target) != row.seen:
            raise ValidationError(f"{target.code}的容差在提出以后改过，退回后重新提出")
        target.tolerance_percent = Decimal(row.content["percent"])
        target.tolerance_document_id = row.content["document"]
        target.tolerance_confirmed_on = datetime.date.fromisoformat(row.content["confirmed_on"])
        audit.save(target, by=by)
    DataState.touch()


def _seen(target: Target) -> dict[str, str | int | None]:
    """What was in force when it was proposed; `selectors.reading` reads past days from it."""
    percent, day = target.tolerance_percent, target.tolerance_confirmed_on
    return {
        "tolerance_percent": "" if percent is None else plain(percent),
        "tolerance_confirmed_on": day.isoformat() if day else "",
        "tolerance_document": target.tolerance_document_id,
    }
