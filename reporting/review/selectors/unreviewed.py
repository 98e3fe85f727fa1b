"""Submitted values of targets that the bureau has not decided on, for reading only."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.urls import reverse

from agencies.models import User
from agencies.policies import Action, can
from common.database.json_rows import JSONRow
from common.quarters import Period
from plan.models import DataState
from reporting.answers.rules.answers import TargetAnswers, read
from reporting.answers.selectors.reported_value import USUAL_GRADE, actual_of
from reporting.choices import WAITING, Availability, ObligationKind
from reporting.models import KIND_PATHS, Obligation, SubmittedItem, coded
from targets.models import Observation
from targets.rules import Actual
from targets.selectors import NOTHING, Unreviewed

V = TypeVar("V")


@dataclass(frozen=True)
class UnreviewedValues:
    """The waiting values with the data state read together with them; None where none was read."""

    values: Unreviewed
    state: DataState | None = None


def unreviewed_values(*, reader: User) -> UnreviewedValues:
    """Waiting values of targets, as an approval would write them; one statement.

    Only for the bureau's reviewers; empty for others. Of two for one year or quarter the one
    submitted last counts.
    """
    if not can(reader, Action.REVIEW):
        return UnreviewedValues(NOTHING)
    state = DataState.objects.filter(pk=1).annotate(waiting=_waiting()).first()
    if state is None:
        return UnreviewedValues(NOTHING)
    values: dict[int, dict[tuple[int, str], Actual]] = defaultdict(dict)
    quarters: dict[int, dict[Period, Observation]] = defaultdict(dict)
    urls: dict[int, str] = {}
    for row in sorted(state.waiting, key=lambda row: row["of"] or 0):  # the newest year is linked
        pk, now = row["target"], Period(row["year"], row["quarter"])
        answers = _answers(row["texts"] or {}, now)
        if answers is None:
            continue
        period = Period(row["of"]) if row["of"] else answers.value_period or now
        if period.quarter is None:
            actual = actual_of(answers, period)
            values[pk][actual.year, actual.basis] = actual
        elif answers.value is not None:
            quarters[pk][period] = _observation(answers, period)
        code = coded(row["code"], row["of"])
        address = (now.code, KIND_PATHS[ObligationKind.TARGET], code, row["agency"])
        urls[pk] = reverse("reporting:review", args=address)
    return UnreviewedValues(Unreviewed(_listed(values), _listed(quarters), urls), state)


def _waiting() -> ArraySubquery:
    """The obligations of targets that are with the bureau, with the texts of their last round."""
    rounds = SubmittedItem.objects.filter(obligation=OuterRef("pk"), withdrawn_at=None)
    json = JSONRow(
        target="target_id",
        code="target__code",
        of="value_year",
        agency="agency__code",
        year="period__year",
        quarter="period__quarter",
        texts=Subquery(rounds.order_by("-round").values("texts")[:1]),
    )
    obligations = Obligation.objects.owed().filter(kind=ObligationKind.TARGET, state__in=WAITING)
    return ArraySubquery(obligations.order_by("submitted_at", "pk").values(json=json))


def _listed(found: Mapping[int, Mapping[Any, V]]) -> dict[int, tuple[V, ...]]:
    return {pk: tuple(mine.values()) for pk, mine in found.items()}


def _answers(texts: Mapping[str, Any], now: Period) -> TargetAnswers | None:
    """The submitted answers, where they have a readable value or say 不适用."""
    answers = read(ObligationKind.TARGET, texts, now)
    assert isinstance(answers, TargetAnswers)  # noqa: S101 - the obligation of a target
    if answers.availability == Availability.NOT_APPLICABLE:
        return replace(answers, value=None)
    is_value = answers.availability == Availability.NEW and answers.value is not None
    return answers if is_value else None


def _observation(answers: TargetAnswers, period: Period) -> Observation:
    """An unsaved record of the value."""
    return Observation(
        year=period.year,
        quarter=period.quarter,
        value=answers.value,
        grade=answers.grade or USUAL_GRADE,
        basis_id=answers.basis or None,
        is_current=False,
        version=0,
    )
