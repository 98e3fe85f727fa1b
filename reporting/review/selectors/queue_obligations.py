"""Annotates obligations for the rows of the bureau's queue: one statement for all of them."""

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, F, Model, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Left

from agencies.choices import Role
from agencies.models import User
from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from projects.models import ProjectProgress
from reporting.choices import ObligationKind
from reporting.models import Obligation, SubmittedItem
from targets.models import Observation
from tasks.models import TaskProgress

READ = (
    "availability", "attainment", "value", "value_period", "grade", "basis", "status", "no_change",
    "invested_wan", "works_percent", "nothing", "text",
)  # fmt: skip
MOST_EARLIER = 8
EXCERPT = 60
"""Characters of a text shown in a list."""


def queue_obligations(*, obligations: QuerySet[Obligation]) -> QuerySet[Obligation]:
    """The obligations annotated for rows of the queue, in one statement."""
    return (
        obligations.select_related("period", "agency", "target", "task", "project")
        .only(*_LOADED)
        .annotate(**SENT.column(), **LAST.column(), **EARLIER.column())
    )


def _sent() -> Subquery:
    rounds = SubmittedItem.objects.filter(obligation=OuterRef("pk"), withdrawn_at=None)
    texts: dict[str, Any] = {name: KT(f"texts__{name}") for name in READ}
    texts["excerpt"] = Left(Coalesce(KT("texts__narrative"), KT("texts__text")), EXCERPT)
    json = JSONRow(round="round", doubts="doubts", **texts)
    return Subquery(rounds.order_by("-round").values(json=json)[:1])


def _earlier() -> ArraySubquery:
    earlier = (
        Observation.objects.filter(
            Q(basis=OuterRef("target__accounting_basis")) | Q(basis=None),
            target=OuterRef("target"), is_current=True, value__isnull=False,
        ).order_by("-year", F("quarter").desc(nulls_first=True))
    )  # fmt: skip
    json = JSONRow(year="year", quarter="quarter", value=Cast("value", CharField()))
    return ArraySubquery(earlier.values(json=json)[:MOST_EARLIER])


def _last_report() -> Case:
    return Case(
        When(kind=ObligationKind.TASK, then=_last(TaskProgress, "task", "status")),
        When(project__isnull=False, then=_last(ProjectProgress, "project", "invested_wan")),
    )


def _whom() -> Subquery:
    people = User.objects.filter(
        agency=OuterRef("agency"), is_active=True, roles__overlap=[Role.REPORTER, Role.SIGNER]
    )
    first = people.exclude(phone="").order_by("username")
    return Subquery(first.values(json=JSONRow(name="name", phone="phone"))[:1])


def _last(model: type[Model], name: str, field: str) -> Subquery:
    """A field of the newest current record before the obligation's quarter, as text."""
    year, quarter = OuterRef("period__year"), OuterRef("period__quarter")
    before = Q(year__lt=year) | Q(year=year, quarter__lt=quarter)
    rows = model._base_manager.filter(before, is_current=True, **{name: OuterRef(name)})
    newest = rows.order_by("-year", "-quarter")
    return Subquery(newest.values(text=Cast(field, CharField()))[:1])


def _read_object(found: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return found or {}


SENT = Annotation("sent", _sent, _read_object)
"""The newest round that was not withdrawn; empty where there is none."""
LAST = Annotation("last", _last_report, lambda text: text or "")
"""Status of a task, or sum invested in a project, in the previous quarter."""
EARLIER = Annotation("earlier", _earlier, tuple)
"""The current values of a target, newest first."""
WHOM = Annotation("whom", _whom, _read_object)
"""Name and phone of the agency's first reporter or signer with a phone number."""

_LOADED = (
    "kind", "state", "editors", "signer_id", "prepared_by", "submitted_at", "first_submitted_at",
    "decided_at", "returns", "due_on", "was_due_on", "correction_reason", "doubts", "answer_due",
    "value_year",
    "period__year", "period__quarter", "period__due_on", "period__is_backfill",
    "agency__code", "agency__name", "agency__short_name", "agency__position",
    "target__code", "target__name", "target__unit", "target__decimals", "target__position",
    "task__code", "task__title", "project__code", "project__name", "project__start_year",
    "project__end_year", "project__number",
)  # fmt: skip
