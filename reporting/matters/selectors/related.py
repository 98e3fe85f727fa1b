"""Matters for the pages of their subjects, and for the page of an agency."""

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
    """Matters, open ones first, and the data state read with them."""

    lines: tuple[MatterLine, ...]
    state: DataState | None


def matters_about(*, target: str, reader: User, asof: AsOf | None = None) -> RelatedMatters:
    """Matters of a target that the reader may see.

    One statement, with the data state, which the page reads anyway. For a past day all matters are
    read, since their subjects may have changed since.
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
"""Matters that an agency raised or carries out."""


def open_first(
    found: Iterable[MatterLine], *, reader: User, today: datetime.date
) -> tuple[MatterLine, ...]:
    """Those that the reader may see, open and most urgent ones first."""
    shown = [line for line in found if line.is_seen_by(reader)]
    return tuple(sorted(shown, key=lambda line: (not line.is_open, urgency_first(line, today))))
