"""Presence of editors. Not audited, since nothing depends on it; deleted after a day."""

import datetime

from django.utils import timezone

from agencies.models import User
from reporting.models import Obligation, Presence
from reporting.policies import check_can_edit

_KEPT = datetime.timedelta(days=1)


def touch(*, obligation: Obligation, by: User) -> None:
    """Record that the person has the obligation open. Raises where they may not write into it."""
    check_can_edit(obligation=obligation, by=by)
    Presence.objects.bulk_create(
        [Presence(obligation=obligation, user=by, seen_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["obligation", "user"],
        update_fields=["seen_at"],
    )


def sweep() -> int:
    """Delete presence older than a day; returns how many."""
    return Presence.objects.filter(seen_at__lt=timezone.now() - _KEPT).delete()[0]
