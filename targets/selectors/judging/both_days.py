"""Targets judged now and as known on an earlier day, in one statement."""

import datetime
from copy import copy
from functools import lru_cache

from django.db.models import QuerySet

from records.asof import AsOf, day_of
from targets.models import Target
from targets.selectors.judging.day_facts import day_facts
from targets.selectors.judging.judged import Judged, judged_of
from targets.selectors.judging.unreviewed import NOTHING, Unreviewed

_THEN = "then_"


def judged_on_both(
    *, before: AsOf, asof: AsOf | None = None, unreviewed: Unreviewed = NOTHING
) -> tuple[list[Judged], list[Judged]]:
    """The current targets as they are, and as they were at the end of the day `before`."""
    today = day_of(asof)
    rows = list(_with_both(today, before, asof) if asof else _of_today(today, before).all())
    now = [judged_of(row, today, asof, unreviewed) for row in rows]
    return now, [judged_of(_as_then(row), before.day, before) for row in rows]


def _as_then(target: Target) -> Target:
    """A copy of the record with the columns of the earlier day in place of today's."""
    then = copy(target)
    for name, value in vars(target).items():
        if name.startswith(_THEN):
            setattr(then, name.removeprefix(_THEN), value)
    return then


def _with_both(today: datetime.date, before: AsOf, asof: AsOf | None) -> QuerySet[Target]:
    then = {f"{_THEN}{name}": fact for name, fact in day_facts(before.day, before).items()}
    rows = Target.objects.in_force().select_related("lead", "convenor", "category")
    return rows.annotate(**day_facts(today, asof), **then)


@lru_cache(maxsize=4)
def _of_today(today: datetime.date, before: AsOf) -> QuerySet[Target]:
    """Built once a day, because building takes longer than running; its rows are not kept."""
    return _with_both(today, before, None)
