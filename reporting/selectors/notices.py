"""Reminders that somebody has not marked as read."""

from django.db.models import Q, QuerySet

from agencies.choices import Role
from agencies.models import User
from reporting.models import Reminder

MOST = 5


def notices(*, reader: User) -> QuerySet[Reminder]:
    """The newest unread reminders of the reader and of the reader's agency; one statement."""
    mine = Q(user=reader)
    if reader.agency_id and reader.has_role(Role.REPORTER, Role.SIGNER):
        mine |= Q(agency=reader.agency_id)
    unread = Reminder.objects.filter(mine, read_at=None).select_related("period")
    return unread.order_by("-sent_at", "-pk")[:MOST]
