"""What targets' agencies handed in and the bureau has not decided on, as values to look at."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from agencies.models import User
from agencies.policies import Action, can
from common.quarters import Period
from plan.models import DataState
from reporting.choices import Availability, ObligationKind
from reporting.models import KIND_PATHS, Obligation, SubmittedItem
from reporting.rules.answers import TargetAnswers, read
from reporting.selectors.periods import WAITING
from targets.rules import Actual
from targets.selectors import NOTHING, Unreviewed

_REPORTED = {Availability.NEW.value, Availability.NOT_APPLICABLE.value}


@dataclass(frozen=True)
class Waiting:
    """What waits, and the state of the plan's data, read with it; no state where none was read."""

    values: Unreviewed
    state: DataState | None = None


def unreviewed_values(*, reader: User) -> Waiting:
    """Annual values that wait for review, as an approval would write them; one statement.

    Only for the bureau's reviewers: for others there are none. Of two for one year the one that
    was handed in last counts. Quarterly values judge nothing and are left out.
    """
    if not can(reader, Action.REVIEW):
        return Waiting(NOTHING)
    state = DataState.objects.filter(pk=1).annotate(waiting=_waiting()).first()
    if state is None:
        return Waiting(NOTHING)
    values: dict[int, dict[tuple[int, str], Actual]] = defaultdict(dict)
    urls: dict[int, str] = {}
    for row in state.waiting:
        period = Period(row["year"], row["quarter"])
        actual = _actual(row["texts"] or {}, period)
        if actual is not None:
            values[row["target"]][actual.year, actual.basis] = actual
            address = (period.code, KIND_PATHS[ObligationKind.TARGET], row["code"], row["agency"])
            urls[row["target"]] = reverse("reporting:review", args=address)
    found = Unreviewed({pk: tuple(mine.values()) for pk, mine in values.items()}, urls)
    return Waiting(found, state)


def _waiting() -> ArraySubquery:
    """The owed items of targets that are with the bureau, with the texts of their last round."""
    rounds = SubmittedItem.objects.filter(obligation=OuterRef("pk"), withdrawn_at=None)
    json = JSONObject(
        target="target_id",
        code="target__code",
        agency="agency__code",
        year="period__year",
        quarter="period__quarter",
        texts=Subquery(rounds.order_by("-round").values("texts")[:1]),
    )
    items = Obligation.objects.owed().filter(kind=ObligationKind.TARGET, state__in=WAITING)
    return ArraySubquery(items.order_by("submitted_at", "pk").values(json=json))


def _actual(texts: Mapping[str, Any], now: Period) -> Actual | None:
    """The value that an approval would write, where it is annual and can be read."""
    answers = read(ObligationKind.TARGET, texts, now)
    assert isinstance(answers, TargetAnswers)  # noqa: S101 - the item of a target
    period = answers.value_period or now
    applies = answers.availability != Availability.NOT_APPLICABLE
    if answers.availability not in _REPORTED or period.quarter is not None:
        return None
    if applies and answers.value is None:
        return None
    return Actual(
        period.year,
        answers.value if applies else None,
        answers.grade or "department",
        answers.basis,
        not_applicable=not applies,
        is_unreviewed=True,
    )
