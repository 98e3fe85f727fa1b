"""Details shown next to the fields of an obligation, read in the obligation's own statement."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from django.utils import timezone

from agencies.models import User
from audit.models import AuditEvent
from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from common.formats import zh_day
from common.quarters import Period
from reporting.answers.selectors.addresses import obligations_at
from reporting.answers.selectors.contributions import with_contributions
from reporting.answers.selectors.history import with_history
from reporting.choices import DecisionKind, ObligationKind, ObligationState
from reporting.models import (
    KIND_PATHS,
    PLAN_ORDER,
    Decision,
    FieldComment,
    Obligation,
    coded,
)
from reporting.rules import value_years
from reporting.rules.fields import REPLY
from targets.models import TargetSource
from targets.selectors.judging.quotations import Quoted, read_quotations

_KINDS = tuple(ObligationKind)
_EVENTS_SHOWN = 60
_RETURNS = (DecisionKind.RETURNED, DecisionKind.SENT_BACK)


@dataclass(frozen=True)
class NeighbourObligation:
    """Another obligation of the same agency and period."""

    pk: int
    kind: str
    subject: str
    name: str
    period: str
    year: int | None = None

    @property
    def code(self) -> str:
        return coded(self.subject, self.year)

    @property
    def url(self) -> str:
        return reverse("reporting:fill", args=self.address)

    @property
    def year_words(self) -> str:
        """2026年度（初步）; empty where it is not an annual value."""
        return value_years.words(self.year, Period.parse(self.period)) if self.year else ""

    @property
    def address(self) -> tuple[str, str, str]:
        return self.period, KIND_PATHS[ObligationKind(self.kind)], self.code


@dataclass(frozen=True)
class ReviewComment:
    """A reviewer's comment at a field, with its answer."""

    pk: int
    decision: int
    field: str
    text: str
    suggested: str
    by: str
    on: str
    answer: str
    answered_by: str
    is_accepted: bool
    version: int = 0
    """The version of its reply, which is a field of the obligation."""

    @property
    def name(self) -> str:
        return f"{REPLY}{self.pk}"

    @property
    def is_answered(self) -> bool:
        return bool(self.answer)

    def told_of(self, text: str) -> "ReviewComment":
        """The comment with the text finally submitted, where that is not the suggested value."""
        if not self.is_accepted or text.strip() == self.suggested.strip():
            return self
        return replace(self, answer=f"采纳建议值后又改动，报送的是“{text.strip() or '（空）'}”")


@dataclass(frozen=True)
class PastDecision:
    """A decision on the obligation: approved, returned, returned by the signer, undone."""

    pk: int
    kind: str
    comment: str
    by: str
    on: str
    is_undone: bool

    @property
    def label(self) -> str:
        undone = "（已撤销）" if self.is_undone else ""
        return f"{DecisionKind(self.kind).label}{undone}"

    @property
    def is_return(self) -> bool:
        return self.kind in _RETURNS and not self.is_undone


@dataclass(frozen=True)
class LedgerEvent:
    """One event of the obligation in the ledger."""

    at: str
    by: str
    action: str
    changes: Sequence[Sequence[str]]
    reason: str


@dataclass(frozen=True)
class ObligationDetails:
    """Neighbours, comments, decisions and events of an obligation read by `with_details`."""

    obligation: Obligation

    @cached_property
    def neighbours(self) -> tuple[NeighbourObligation, ...]:
        """All obligations of the agency in the period, in the order of its home."""
        rows = _SIBLINGS.of(self.obligation)
        return tuple(NeighbourObligation(**row, period=self.obligation.period.code) for row in rows)

    def years(self, code: str) -> tuple[NeighbourObligation, ...]:
        """The obligations to choose from where the address leaves the year open; else empty."""
        own = (self.obligation.kind, code)
        found = tuple(one for one in self.neighbours if one.year and (one.kind, one.subject) == own)
        return found if len(found) > 1 else ()

    @property
    def place(self) -> int:
        """Its index among the neighbours; -1 where it is not owed any more."""
        own = self.obligation.pk
        return next((n for n, one in enumerate(self.neighbours) if one.pk == own), -1)

    @property
    def previous(self) -> NeighbourObligation | None:
        return self.neighbours[self.place - 1] if self.place > 0 else None

    @property
    def next(self) -> NeighbourObligation | None:
        after = self.place + 1
        return self.neighbours[after] if 0 < after < len(self.neighbours) else None

    @property
    def place_words(self) -> str:
        """指标 2／5: its number among those of its kind."""
        same = [one.pk for one in self.neighbours if one.kind == self.obligation.kind]
        label = self.obligation.get_kind_display()
        if self.obligation.pk not in same:
            return str(label)
        return f"{label} {same.index(self.obligation.pk) + 1}／{len(same)}"

    @cached_property
    def all_comments(self) -> tuple[ReviewComment, ...]:
        """The comments of every return, oldest first."""
        content = self.obligation.content
        found = _REMARKS.of(self.obligation)
        return tuple(replace(one, version=content.get(one.name, {}).get("v", 0)) for one in found)

    @cached_property
    def comments(self) -> tuple[ReviewComment, ...]:
        """Comments that have to be answered, or were answered in this round."""
        found = self.all_comments
        last = max((one.decision for one in found), default=0)
        if self.obligation.state == ObligationState.RETURNED:
            return tuple(one for one in found if one.decision == last or not one.is_answered)
        return tuple(one for one in found if not one.is_answered)

    @cached_property
    def turns(self) -> tuple[PastDecision, ...]:
        """Decisions, newest first."""
        return _TURNS.of(self.obligation)

    @property
    def last_return(self) -> PastDecision | None:
        """The last return, while the obligation waits to be corrected."""
        if self.obligation.state != ObligationState.RETURNED:
            return None
        return next((turn for turn in self.turns if turn.is_return), None)

    @cached_property
    def events(self) -> tuple[LedgerEvent, ...]:
        return _EVENTS.of(self.obligation)

    @cached_property
    def sources(self) -> tuple[Quoted, ...]:
        """The passages of the plan that ask for it."""
        return _QUOTES.of(self.obligation)


def obligation_with_details(
    *, period: str, kind: str, code: str, reader: User
) -> Obligation | None:
    """The obligation of an address with its history and all details, in one statement."""
    found = obligations_at(period=period, kind=kind, code=code, reader=reader)
    shown = with_details(with_history(found.select_related(*_WITH)))
    is_contribution = kind == KIND_PATHS[ObligationKind.CONTRIBUTION]
    agency = reader.agency.code if is_contribution and reader.agency else ""
    return with_events(with_contributions(shown), period=period, code=code, agency=agency).first()


_WITH = (
    "period", "agency", "target", "project__clause", "task__clause", "task__lead", "task__convenor",
)  # fmt: skip


def with_details(obligations: QuerySet[Obligation]) -> QuerySet[Obligation]:
    """The obligations annotated with what `ObligationDetails` reads."""
    return obligations.annotate(
        **_SIBLINGS.column(), **_REMARKS.column(), **_TURNS.column(), **_QUOTES.column()
    )


def _siblings() -> ArraySubquery:
    siblings = Obligation.objects.filter(
        agency=OuterRef("agency"), period=OuterRef("period"), dropped_on=None
    ).annotate(
        rank=Case(*(When(kind=kind, then=Value(n)) for n, kind in enumerate(_KINDS))),
        named=Coalesce("target__code", "task__code", "project__code"),
        title=Coalesce("target__name", "task__title", "project__name"),
    )
    return _objects(
        siblings.order_by("rank", *PLAN_ORDER),
        pk="pk", kind="kind", subject="named", name="title", year="value_year",
    )  # fmt: skip


def _remarks() -> ArraySubquery:
    comments = FieldComment.objects.filter(
        decision__obligation=OuterRef("pk"), decision__undone_at=None
    ).order_by("pk")
    return _objects(
        comments, pk="pk", decision="decision", field="field", text="text",
        suggested="suggested", answer="answer", answered_by="answered_by",
        is_accepted="is_accepted",
        by="decision__by_name", agency="decision__by_agency", at="decision__decided_at",
    )  # fmt: skip


def _turns() -> ArraySubquery:
    decisions = Decision.objects.filter(obligation=OuterRef("pk")).order_by("-decided_at", "-pk")
    return _objects(
        decisions, pk="pk", kind="kind", comment="comment", by="by_name", agency="by_agency",
        at="decided_at", undone="undone_at",
    )  # fmt: skip


def _quotes() -> ArraySubquery:
    sources = TargetSource.objects.filter(target=OuterRef("target")).order_by("position")
    return _objects(
        sources, quote="quote", code="clause__code", address="clause__address",
        heading="clause__heading",
    )  # fmt: skip


def with_events(
    obligations: QuerySet[Obligation], *, period: str, code: str, agency: str = ""
) -> QuerySet[Obligation]:
    """The obligations of an address with their newest events of the ledger.

    An obligation that was given its year later keeps the events that named it without one.
    """
    about = " ".join(filter(None, (period, code.partition("@")[0], agency)))
    dated = Concat(Value(f"{about}@"), Cast("value_year", CharField()))
    return obligations.annotate(code_with_year=dated).annotate(**_EVENTS.column(about))


def _events(about: str) -> ArraySubquery:
    """The events of an obligation annotated with its `code_with_year`."""
    events = AuditEvent.objects.filter(
        Q(object_code=about) | Q(object_code=OuterRef("code_with_year")),
        object_type__in=("应报事项", "佐证材料"),
    ).order_by("-at", "-pk")[:_EVENTS_SHOWN]
    names = {"at": "at", "by": "actor_name", "action": "action", "reason": "reason"}
    return _objects(events, changes="changes", **names)


def _objects(rows: QuerySet[Any], **names: str) -> ArraySubquery:
    fields = {name: F(path) for name, path in names.items()}
    return ArraySubquery(rows.values(json=JSONRow(**fields)))


def _comment(row: Mapping[str, Any]) -> ReviewComment:
    return ReviewComment(
        row["pk"], row["decision"], row["field"], row["text"], row["suggested"],
        _who(row), _day(row["at"]), row["answer"], row["answered_by"],
        row["is_accepted"],
    )  # fmt: skip


def _past_decision(row: Mapping[str, Any]) -> PastDecision:
    undone = row["undone"] is not None
    return PastDecision(row["pk"], row["kind"], row["comment"], _who(row), _day(row["at"]), undone)


def _ledger_event(row: Mapping[str, Any]) -> LedgerEvent:
    at = timezone.localtime(datetime.datetime.fromisoformat(row["at"]))
    return LedgerEvent(
        f"{at:%m-%d %H:%M}", row["by"] or "系统", row["action"], row["changes"], row["reason"]
    )


_SIBLINGS = Annotation("siblings", _siblings, tuple)
_REMARKS = Annotation("remarks", _remarks, lambda found: tuple(map(_comment, found)))
_TURNS = Annotation("turns", _turns, lambda found: tuple(map(_past_decision, found)))
_QUOTES = Annotation("quotes", _quotes, read_quotations)
_EVENTS = Annotation("events", _events, lambda found: tuple(map(_ledger_event, found)))


def _who(row: Mapping[str, Any]) -> str:
    return f"{row['agency']} {row['by']}".strip()


def _day(iso: str) -> str:
    return zh_day(timezone.localtime(datetime.datetime.fromisoformat(iso)))
