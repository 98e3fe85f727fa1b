"""The records of earlier periods of an obligation's subject, read in the obligation's statement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce, NullIf

from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from common.quantities import plain_decimal
from common.quarters import Period
from projects.models import ProjectProgress
from reporting.answers.rules.facts import Sibling
from reporting.choices import AT_AGENCY, DecisionKind, ObligationKind, ObligationState
from reporting.models import Decision, Evidence, FieldComment, Obligation
from reporting.rules.fields import TASK, TICKED
from targets.models import Observation
from targets.rules.series.accounting import BasisNames
from targets.selectors.accounting import (
    bases_subquery,
    former_bases_subquery,
    read_former_bases,
)
from tasks.models import TaskContribution, TaskProgress

MOST = 60
"""At most so many records of one subject are read: forty quarters and their years."""

_TASK = tuple(item.name for item in TASK)
PROJECT_FACTS = (
    "status",
    "invested_wan",
    "works_percent",
    "works_note",
    "started_on",
    "completed_on",
    "expected_on",
    "problems",
)
"""What a project's record states, under the names that the form uses."""
_TARGET = ("value", "annual_rate", "grade", "basis", "not_applicable", "source", "note")
_CONTRIBUTION = ("text", "nothing")
_KEYS = {"year", "quarter", "not_applicable"}
_EXACT = {"value", "annual_rate", "quantity_value", "invested_wan", "works_percent"}


@dataclass(frozen=True)
class EarlierRecord:
    """The current record of an earlier period; `texts` are as a form would hold them."""

    period: Period
    texts: Mapping[str, str]

    @property
    def value(self) -> Decimal | None:
        text = self.texts.get("value", "")
        return Decimal(text) if text else None


@dataclass(frozen=True)
class ReturnedTexts:
    """The texts of a submitted item that came back, and the number of its files."""

    texts: Mapping[str, str]
    evidence_count: int


@dataclass(frozen=True)
class SubjectHistory:
    """Records of an obligation's subject, newest first, those of its own period included."""

    obligation: Obligation

    @cached_property
    def records(self) -> tuple[EarlierRecord, ...]:
        """Quarterly and annual values of a target; quarters of the other kinds."""
        return PAST.of(self.obligation)

    @cached_property
    def before(self) -> tuple[EarlierRecord, ...]:
        """Quarters before the obligation's own, newest first; for an annual value, years."""
        own = self.obligation.own_period
        return tuple(
            row
            for row in self.records
            if bool(row.period.quarter) == bool(own.quarter) and is_before(row, own)
        )

    @property
    def last(self) -> EarlierRecord | None:
        """The newest quarter (or year) before the obligation's own."""
        return self.before[0] if self.before else None

    @property
    def nearest(self) -> EarlierRecord | None:
        """The last of the same frequency, else the newest before the obligation's own period."""
        own = self.obligation.own_period
        return self.last or next((row for row in self.records if is_before(row, own)), None)

    def at(self, period: Period) -> EarlierRecord | None:
        """The current record of exactly that quarter or year."""
        return next((row for row in self.records if row.period == period), None)

    @cached_property
    def bases(self) -> BasisNames:
        """The register of accounting bases, for the obligation of a target."""
        return BasisNames.of(BASES.of(self.obligation), FORMER_BASES.of(self.obligation))

    @property
    def siblings(self) -> tuple[Sibling, ...]:
        """Of a task, the other tasks of the agency in the period that have a text."""
        return _SIBLINGS.of(self.obligation)

    @property
    def evidence_count(self) -> int:
        return EVIDENCE_COUNT.of(self.obligation)

    @property
    def returned(self) -> ReturnedTexts | None:
        """What the bureau returned without a remark at a field; None where nothing waits so."""
        return RETURNED.of(self.obligation)

    @property
    def unanswered_count(self) -> int:
        """Number of comments of the last return that have no answer yet."""
        return UNANSWERED_COUNT.of(self.obligation)


def is_before(row: EarlierRecord, own: Period) -> bool:
    """Whether a quarter lies before another, or a year before another."""
    return (row.period.year, row.period.quarter or 4) < (own.year, own.quarter or 4)


def with_history(obligations: QuerySet[Obligation]) -> QuerySet[Obligation]:
    """The obligations annotated with what `SubjectHistory` reads, in the same statement."""
    columns = {name: column for one in HISTORY for name, column in one.column().items()}
    return obligations.annotate(**columns)


def _past() -> Case:
    kinds = {
        ObligationKind.TARGET: _rows(Observation, _TARGET, target=OuterRef("target")),
        ObligationKind.TASK: _rows(TaskProgress, _TASK, task=OuterRef("task")),
        ObligationKind.CONTRIBUTION: _rows(
            TaskContribution, _CONTRIBUTION, task=OuterRef("task"), agency=OuterRef("agency")
        ),
        ObligationKind.PROJECT: _rows(ProjectProgress, PROJECT_FACTS, project=OuterRef("project")),
    }
    return Case(*(When(kind=kind, then=rows) for kind, rows in kinds.items()))


def _read_past(found: Iterable[Mapping[str, Any]]) -> tuple[EarlierRecord, ...]:
    return tuple(map(_earlier, found))


def _count_files() -> Coalesce:
    return _count(Evidence.objects.filter(removed_at=None), "obligation")


def _count_unanswered() -> Coalesce:
    unanswered = FieldComment.objects.filter(
        answered_at=None, decision__kind=DecisionKind.RETURNED, decision__undone_at=None
    )
    return _count(unanswered, "decision__obligation")


def _siblings() -> Case:
    """The other tasks that the agency reports in the period, with what is written of them."""
    others = (
        Obligation.objects.filter(
            kind=ObligationKind.TASK,
            agency=OuterRef("agency"),
            period=OuterRef("period"),
            dropped_on=None,
        )
        .exclude(pk=OuterRef("pk"))
        .annotate(narrative=KeyTextTransform("text", KeyTransform("narrative", "content")))
        .filter(narrative__gt="")
        .order_by("task__category__number", "task__number")
    )
    is_before = Q(task__category__number__lt=OuterRef("task__category__number")) | Q(
        task__category=OuterRef("task__category"), task__number__lt=OuterRef("task__number")
    )
    row = JSONRow(
        code="task__code",
        narrative="narrative",
        is_before=_truth(is_before),
        is_open=_truth(Q(state__in=AT_AGENCY)),
    )
    return Case(When(kind=ObligationKind.TASK, then=ArraySubquery(others.values(json=row))))


def _truth(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False))


def _read_siblings(found: Iterable[Mapping[str, Any]] | None) -> tuple[Sibling, ...]:
    return tuple(Sibling(**row) for row in found or ())


def _returned() -> Case:
    """Texts and files of the submitted item that was returned last, where no field has a remark."""
    last = Decision.objects.filter(
        obligation=OuterRef("pk"), kind=DecisionKind.RETURNED, undone_at=None
    ).order_by("-decided_at", "-pk")
    row = Case(
        When(
            Exists(FieldComment.objects.filter(decision=OuterRef("pk"))) | Q(item=None),
            then=None,
        ),
        default=JSONRow(texts="item__texts", evidence="item__evidence"),
    )
    return Case(When(state=ObligationState.RETURNED, then=Subquery(last.values(json=row)[:1])))


def _read_returned(found: Mapping[str, Any] | None) -> ReturnedTexts | None:
    return ReturnedTexts(found["texts"], len(found["evidence"])) if found else None


def _of_target(column: ArraySubquery) -> Case:
    return Case(When(kind=ObligationKind.TARGET, then=column))


PAST = Annotation("past", _past, _read_past)
EVIDENCE_COUNT = Annotation("evidence_count", _count_files, int)
UNANSWERED_COUNT = Annotation("unanswered_count", _count_unanswered, int)
RETURNED = Annotation("returned_texts", _returned, _read_returned)
BASES = Annotation("bases", lambda: _of_target(bases_subquery()), lambda names: names or ())
FORMER_BASES = Annotation(
    "former_bases", lambda: _of_target(former_bases_subquery()), read_former_bases
)
_SIBLINGS = Annotation("sibling_tasks", _siblings, _read_siblings)
HISTORY: tuple[Annotation[[], Any], ...] = (
    PAST, EVIDENCE_COUNT, UNANSWERED_COUNT, RETURNED, BASES, FORMER_BASES, _SIBLINGS,
)  # fmt: skip
"""The annotations that `with_history` adds."""


def _rows(model: type[models.Model], names: tuple[str, ...], **mine: OuterRef) -> ArraySubquery:
    """Current records as JSON objects; numbers travel as text, so that they stay exact."""
    fields = {name: _SAID.get(name, name) for name in names}
    newest = model._base_manager.filter(is_current=True, **mine).order_by(
        "-year", F("quarter").desc(nulls_first=True)
    )
    rows = newest.values(json=JSONRow(year="year", quarter="quarter", **fields))
    return ArraySubquery(rows[:MOST])


# The empty basis means the target's own.
_SAID: Mapping[str, Any] = {name: Cast(name, CharField()) for name in _EXACT} | {
    "basis": NullIf("basis", "target__accounting_basis")
}


def _count(rows: QuerySet[Any], path: str) -> Coalesce:
    counted = rows.filter(**{path: OuterRef("pk")}).order_by().values(path)
    return Coalesce(Subquery(counted.annotate(count=Count("pk")).values("count")), Value(0))


def _earlier(row: Mapping[str, Any]) -> EarlierRecord:
    texts = {name: _text(name, value) for name, value in row.items() if value is not None}
    period = Period(row["year"], row["quarter"])
    if "grade" in row:
        texts["availability"] = "not_applicable" if row["not_applicable"] else "new"
        texts["value_period"] = period.code
    return EarlierRecord(period, {name: text for name, text in texts.items() if name not in _KEYS})


def _text(name: str, value: object) -> str:
    if name in _EXACT:
        return f"{plain_decimal(Decimal(str(value))):f}"
    if isinstance(value, bool):
        return TICKED if value else ""
    return str(value)
