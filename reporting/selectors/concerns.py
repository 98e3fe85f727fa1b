"""Risks and important matters as they stood on several days, in one statement."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, QuerySet, Value
from django.db.models.functions import Coalesce

from agencies.choices import Role
from agencies.models import User
from common.json_rows import JSONRow
from reporting.choices import MatterState
from reporting.models import Matter
from reporting.selectors.risks_then import RiskLine, as_they_were, kept_rows

_MATTERS = -1


@dataclass(frozen=True, slots=True)
class MatterLine:
    """A matter as it stood before a moment; `about` is the code of what it names."""

    pk: int
    about: str
    title: str
    state: MatterState
    agency: str


@dataclass(frozen=True)
class Concerns:
    """What the ledger held, and what agencies had raised, before a moment."""

    risks: tuple[RiskLine, ...]
    matters: tuple[MatterLine, ...]


def concerns_on(*, moments: Sequence[datetime.datetime], reader: User) -> tuple[Concerns, ...]:
    """The ledger before each moment, with those matters that the reader may see."""
    parts = [_tagged(kept_rows(moment=moment), place) for place, moment in enumerate(moments)]
    parts.append(_tagged(_matters(max(moments), reader), _MATTERS))
    rows = list(parts[0].union(*parts[1:], all=True))
    found: dict[int, list[Mapping[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: row["json"]["pk"]):
        found.setdefault(row["part"], []).append(row["json"])
    matters = found.get(_MATTERS, [])
    return tuple(
        Concerns(as_they_were(found.get(place, [])), _as_they_stood(matters, moment))
        for place, moment in enumerate(moments)
    )


def scope_of(reader: User) -> str:
    """What tells apart readers who see other matters."""
    return "all" if reader.has_role(Role.REVIEWER) else str(reader.agency_id or "")


def _tagged(rows: QuerySet[Any], part: int) -> QuerySet[Any]:
    tagged: QuerySet[Any] = rows.order_by().annotate(part=Value(part, IntegerField()))
    return tagged


def _matters(moment: datetime.datetime, reader: User) -> QuerySet[Any]:
    """All for reviewers, those of the own agency for others."""
    rows = Matter.objects.filter(reported_at__lt=moment)
    if not reader.has_role(Role.REVIEWER):
        rows = rows.filter(agency=reader.agency_id)
    json = JSONRow(
        pk="pk",
        title="title",
        state="state",
        agency="agency__short_name",
        about=Coalesce("target__code", "task__code", "project__code", Value("")),
        reported_at="reported_at",
        answered_at="answered_at",
    )
    return rows.values(json=json)


def _as_they_stood(
    rows: Sequence[Mapping[str, Any]], moment: datetime.datetime
) -> tuple[MatterLine, ...]:
    return tuple(
        MatterLine(row["pk"], row["about"], row["title"], _state(row, moment), row["agency"])
        for row in rows
        if datetime.datetime.fromisoformat(row["reported_at"]) < moment
    )


def _state(row: Mapping[str, Any], moment: datetime.datetime) -> MatterState:
    """As it stood: what was answered later still waited."""
    answered_at = row["answered_at"]
    is_handled = answered_at and datetime.datetime.fromisoformat(answered_at) < moment
    return MatterState(row["state"]) if is_handled else MatterState.REPORTED
