"""When the demonstration's records came: as if reported at their time, so that a past day shows
what was known then."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from common.quarters import Period
from plan.models import Recorded

ANNUAL_DAYS, QUARTER_DAYS, AGAIN_DAYS = 110, 20, 40
"""Days after the end of the year or quarter, and between one version and the next."""


def date_back(*, models: Iterable[type[Recorded]]) -> None:
    """Date the demonstration's records; one statement for each kind and thousand."""
    now = timezone.now()
    for model in models:
        rows = list(model._base_manager.filter(is_demo=True))
        for row in rows:
            period = Period(row.year, row.quarter)  # type: ignore[attr-defined]
            row.recorded_at = min(came_at(period=period, version=row.version), now)
        model._base_manager.bulk_update(rows, ["recorded_at"], batch_size=1000)


def came_at(*, period: Period, version: int) -> datetime.datetime:
    """The morning on which a version came: 2025年 on 20 April, 第三季度 on 20 October."""
    days = (QUARTER_DAYS if period.quarter else ANNUAL_DAYS) + (version - 1) * AGAIN_DAYS
    day = period.end + datetime.timedelta(days=days)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(9)))
