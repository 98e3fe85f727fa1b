"""Who else has an obligation open, and what they changed since."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from agencies.models import User
from common.formats import zh_day
from reporting.models import Obligation, Presence

STAYS = datetime.timedelta(seconds=75)
"""A page reports every 30 seconds; a person who missed two reports has left."""


@dataclass(frozen=True)
class ChangedField:
    """A field's last change. `at` is the time of day, with the date where it is another day."""

    name: str
    text: str
    version: int
    by: str
    at: str


def others_words(*, obligation: Obligation, reader: User) -> str:
    """刘强、王芳 也在填写本项（14:31）; empty where nobody else is there."""
    rows = list(
        Presence.objects.filter(obligation=obligation, seen_at__gte=timezone.now() - STAYS)
        .exclude(user=reader)
        .order_by("-seen_at")
        .select_related("user")
    )
    if not rows:
        return ""
    names = "、".join(row.user.display_name for row in rows)
    return f"{names} 也在填写本项（{timezone.localtime(rows[0].seen_at):%H:%M}）"


def changed_since(*, obligation: Obligation, version: int) -> Iterable[ChangedField]:
    """The fields that were changed after a row version."""
    return tuple(
        ChangedField(name, entry["text"], entry["v"], entry["name"], moment(iso=entry["at"]))
        for name, entry in obligation.content.items()
        if entry["v"] > version
    )


def moment(*, iso: str) -> str:
    """14:33, or 11月20日 14:33 where it was not today."""
    at = datetime.datetime.fromisoformat(iso)
    if timezone.is_naive(at):
        at = timezone.make_aware(at)
    local = timezone.localtime(at)
    same = local.date() == timezone.localdate()
    return f"{local:%H:%M}" if same else f"{zh_day(local)} {local:%H:%M}"
