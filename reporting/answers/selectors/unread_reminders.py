"""Reminders that somebody has not marked as read."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from agencies.choices import Role
from agencies.models import User
from common.database.json_rows import JSONRow
from reporting.models import Reminder

MOST = 5
OUTCOME = "request"
"""How the keys of reminders begin that tell the outcome of a time request."""


def unread_reminders(*, reader: User) -> QuerySet[Reminder]:
    """The newest unread reminders of the reader and of the reader's agency; one statement."""
    mine = Q(user=reader)
    if reader.agency_id and reader.has_role(Role.REPORTER, Role.SIGNER):
        mine |= Q(agency=reader.agency_id)
    unread = Reminder.objects.filter(mine, read_at=None).select_related("period")
    return unread.order_by("-sent_at", "-pk")[:MOST]


def unread_reminders_column(*, reader: User) -> ArraySubquery:
    """`unread_reminders` as a column of another statement, read by `unread_reminders_of`."""
    json = JSONRow(
        pk="pk", key="key", tier="tier", text="text", sent_by="sent_by", sent_at="sent_at"
    )
    return ArraySubquery(unread_reminders(reader=reader).select_related(None).values(json=json))


def unread_reminders_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Reminder, ...]:
    """The reminders of an `unread_reminders_column`, at most as many as are shown."""
    return tuple(Reminder(**{**row, "sent_at": parse_datetime(row["sent_at"])}) for row in rows)


def is_outcome(reminder: Reminder) -> bool:
    """Whether it tells the outcome of a time request."""
    return reminder.key.startswith(f"{OUTCOME} ")
