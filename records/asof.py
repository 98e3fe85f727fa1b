"""What was known at the end of a day, derived from versioned records.

Nothing is stored for it: the times of recording and retraction of each version are enough.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Q, QuerySet, UniqueConstraint
from django.utils import timezone

from plan.models import AgencyName, Recorded

V = TypeVar("V", bound=Recorded)


@dataclass(frozen=True)
class AsOf:
    """The end of a day, in local time: later records are unknown."""

    day: datetime.date

    @property
    def until(self) -> datetime.datetime:
        """The first moment after the day."""
        after = self.day + datetime.timedelta(days=1)
        return timezone.make_aware(datetime.datetime.combine(after, datetime.time.min))


def day_of(asof: AsOf | None) -> datetime.date:
    """The day on which is judged: that of `asof`, else today."""
    return asof.day if asof else timezone.localdate()


def as_known(rows: QuerySet[V], asof: AsOf | None) -> QuerySet[V]:
    """The current versions among these, now or as known at the end of a day.

    For each key that is the highest version that was recorded and not yet retracted.
    """
    if asof is None:
        return rows.filter(is_current=True)
    key = key_of(rows.model)
    known = rows.model._base_manager.filter(_had_come(asof))
    newest = known.order_by(*key, "-version").distinct(*key)
    return rows.filter(pk__in=newest.values("pk"))


def as_they_stood(rows: Iterable[V], asof: AsOf | None) -> tuple[V, ...]:
    """All versions recorded by then, each marked current, replaced or retracted as it was then.

    The records are marked in memory only; they must not be saved.
    """
    if asof is None:
        return tuple(rows)
    had_come = [row for row in rows if row.recorded_at < asof.until]
    newest: dict[tuple[object, ...], V] = {}
    for row in had_come:
        row.is_current = False
        if row.retracted_at is not None and row.retracted_at >= asof.until:
            row.retracted_at = None
        if row.retracted_at is None:
            key = tuple(getattr(row, name) for name in key_of(type(row)))
            known = newest.setdefault(key, row)
            newest[key] = max(known, row, key=lambda found: found.version)
    for row in newest.values():
        row.is_current = True
    return tuple(had_come)


def key_of(model: type[Recorded]) -> tuple[str, ...]:
    """The fields that identify one record among versions: one version per key may be current."""
    one_current = next(
        found
        for found in model._meta.constraints
        if isinstance(found, UniqueConstraint) and found.condition == Q(is_current=True)
    )
    return tuple(model._meta.get_field(name).attname for name in one_current.fields)  # type: ignore[union-attr]


def names_then(asof: AsOf) -> QuerySet[AgencyName]:
    """The agencies renamed after a day, with their present name and the one of then."""
    return as_known(AgencyName.objects.all(), asof).filter(is_current=False).order_by()


def _had_come(asof: AsOf) -> Q:
    not_yet_back = Q(retracted_at=None) | Q(retracted_at__gte=asof.until)
    return Q(recorded_at__lt=asof.until) & not_yet_back
