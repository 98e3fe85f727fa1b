"""When the demonstration's records came: as if reported at their time, so that a past day shows
what was known then."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from common.quarters import Period
from demo import rules
from plan.models import Recorded
from targets.models import Settlement

_SETTLED_ON = datetime.date(2026, 11, 30)
_MORNING, _EVENING = datetime.time(9), datetime.time(18)


def moment_of(*, day: datetime.date) -> datetime.datetime:
    """Now; the evening of a day that is past."""
    return timezone.now() if day == timezone.localdate() else _at(day, _EVENING)


def date_back(*, models: Iterable[type[Recorded]], until: datetime.datetime) -> None:
    """Date the demonstration's records; one statement for each kind and thousand."""
    for model in models:
        rows = list(model._base_manager.filter(is_demo=True))
        for row in rows:
            period = Period(row.year, row.quarter)  # type: ignore[attr-defined]
            came = rules.came_on(period=period, version=row.version, reason=row.reason)
            row.recorded_at = min(_at(came, _MORNING), until)
        model._base_manager.bulk_update(rows, ["recorded_at"], batch_size=1000)


def date_settlements(*, until: datetime.datetime) -> None:
    """Settled when the set was made, or when the value had come that they rest on."""
    rows = list(Settlement.objects.filter(is_demo=True).select_related("observation"))
    for row in rows:
        settled = _at(_SETTLED_ON, _EVENING)
        if row.observation:
            settled = max(settled, row.observation.recorded_at)
        row.recorded_at = min(settled, until)
    Settlement.objects.bulk_update(rows, ["recorded_at"])


def _at(day: datetime.date, time: datetime.time) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, time))
