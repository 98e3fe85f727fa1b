"""The buttons of the home that settle several obligations: ticks of 与上季度相比."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from agencies.models import Agency, User
from common.web.input_cleaning import fitting
from reporting.choices import ObligationKind, ObligationState
from reporting.models import Obligation, ReportingPeriod
from reporting.periods.selectors.thresholds import thresholds
from reporting.unchanged.rules import Tick
from reporting.unchanged.selectors.offers import offers_by_key
from reporting.unchanged.services import ticks


@transaction.atomic
def nothing_to_contribute(*, agency: Agency, period: ReportingPeriod, by: User) -> int:
    """全部填“本季度无配合事项”: only contributions that nobody has begun; returns how many.

    One that did contribute last quarter is left: there it is 没有新情况, or something new.
    """
    empty = Obligation.objects.owed().filter(
        agency=agency,
        period=period,
        kind=ObligationKind.CONTRIBUTION,
        state=ObligationState.EMPTY,
    )
    found = offers_by_key(obligations=empty, limits=thresholds())
    nothing = [
        pk
        for pk, one in found.items()
        if isinstance(one.offer, Tick) and "nothing" in one.offer.texts
    ]
    return ticks.tick(pks=nothing, by=by)


@transaction.atomic
def no_change(*, pks: Sequence[int], reason: str, by: User) -> int:
    """批量填报：本季度无变化, for whatever may be ticked; returns how many.

    Raises ValidationError where one has to be filled in individually, or a reason is too short.
    """
    if not pks:
        raise ValidationError("先在列表里勾选事项")
    said = fitting(reason, label="原因", most=ticks.LONGEST_REASON)
    return ticks.tick(pks=pks, by=by, reason=said)
