"""Matters as they stood on several days, in one statement."""

import datetime
from collections.abc import Sequence

from agencies.choices import Role
from agencies.models import User
from reporting.matters.selectors.asof import kept_rows, lines_at
from reporting.matters.selectors.lines import MatterLine

MattersByDay = tuple[MatterLine, ...]


def matters_on_days(
    *, moments: Sequence[datetime.datetime], reader: User
) -> tuple[MattersByDay, ...]:
    """The matters known before each moment that the reader may see."""
    rows = [row["json"] for row in kept_rows(since=min(moments))]
    return tuple(
        tuple(line for line in lines_at(rows, moment) if line.is_seen_by(reader))
        for moment in moments
    )


def reader_scope(reader: User) -> str:
    """A key that distinguishes readers who may see different matters; part of cache keys."""
    if reader.has_role(Role.REVIEWER, Role.LEADER):
        return "all"
    return str(reader.agency_id or "") if reader.has_role(Role.REPORTER, Role.SIGNER) else ""
