"""Matters as they stood on several days, in one statement."""

import datetime
from collections.abc import Sequence

from agencies.choices import Role
from agencies.models import User
from reporting.matters.selectors.matter_lines import MatterLine
from reporting.matters.selectors.matters_then import kept_rows, lines_at

Concerns = tuple[MatterLine, ...]


def concerns_on(*, moments: Sequence[datetime.datetime], reader: User) -> tuple[Concerns, ...]:
    """What was known before each moment, of that what the reader may see."""
    rows = [row["json"] for row in kept_rows(since=min(moments))]
    return tuple(
        tuple(line for line in lines_at(rows, moment) if line.is_seen_by(reader))
        for moment in moments
    )


def scope_of(reader: User) -> str:
    """What tells apart readers who see other matters."""
    if reader.has_role(Role.REVIEWER, Role.LEADER):
        return "all"
    return str(reader.agency_id or "") if reader.has_role(Role.REPORTER, Role.SIGNER) else ""
