"""Matters on the pages of what they are about, and of the agency whose they are."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q

from agencies.models import User
from common.database.annotations import Annotation
from plan.models import DataState
from records.asof import AsOf, day_of
from reporting.matters.selectors.asof import kept_rows, lines_at, lines_now
from reporting.matters.selectors.lines import MatterLine
from reporting.matters.selectors.matters import urgency_first
from reporting.models import Matter


@dataclass(frozen=True)
class RelatedMatters:
    """Matters, the open ones first, and the state of the plan's data, read with them."""

    lines: tuple[MatterLine, ...]
    state: DataState | None


def matters_about(*, target: str, reader: User, asof: AsOf | None = None) -> RelatedMatters:
    """Those of a target that the reader may see.

    One statement, with the state of the data: a page reads that anyway. Of a past day all matters
    are looked at, since what they named may have been changed.
    """
    mine = Matter.objects.filter(target__code=target)
    rows = kept_rows(since=asof.until) if asof else kept_rows(mine)
    state = DataState.objects.filter(pk=1).annotate(matters=ArraySubquery(rows)).first()
    if state is None:
        return RelatedMatters((), None)
    found = lines_at(state.matters, asof.until) if asof else lines_now(state.matters)
    about = (line for line in found if line.about == target)
    return RelatedMatters(open_first(about, reader=reader, today=day_of(asof)), state)


def _of_agency() -> ArraySubquery:
    named = Q(agency=OuterRef("pk")) | Q(handler=OuterRef("pk"))
    return ArraySubquery(kept_rows(Matter.objects.filter(named)))


MATTERS_OF_AGENCY = Annotation("told_matters", _of_agency, lines_now)
"""What an agency raised or carries out."""


def open_first(
    found: Iterable[MatterLine], *, reader: User, today: datetime.date
) -> tuple[MatterLine, ...]:
    """What the reader may see, the open and most urgent ones first."""
    shown = [line for line in found if line.is_seen_by(reader)]
    return tuple(sorted(shown, key=lambda line: (not line.is_open, urgency_first(line, today))))
