"""The contributions of other agencies to a task, for the form of the lead agency."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.fields.json import KT

from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from reporting.choices import HANDED_IN, ObligationKind, ObligationState
from reporting.models import Obligation


@dataclass(frozen=True)
class Contribution:
    """One agency's contribution. Its text shows only once submitted: a draft is its author's."""

    pk: int
    agency: str
    state: str
    text: str
    nothing: bool

    @property
    def is_handed_in(self) -> bool:
        return self.state in HANDED_IN

    @property
    def can_be_quoted(self) -> bool:
        return self.is_handed_in and not self.nothing and bool(self.text)

    @property
    def words(self) -> str:
        """The contribution as the lead sees it."""
        if not self.is_handed_in:
            return "还没有报送" if self.state == ObligationState.EMPTY else "正在填写"
        return "本季度无配合事项" if self.nothing else self.text

    @property
    def quotation(self) -> str:
        """The contribution as quoted in the lead's text."""
        return f"{self.agency}：{self.text}"


def with_contributions(obligations: QuerySet[Obligation]) -> QuerySet[Obligation]:
    """The obligations with the contributions to their task, read in the same statement."""
    return obligations.annotate(**_SHARES.column())


def contributions_of(*, obligation: Obligation) -> tuple[Contribution, ...]:
    """The contributions to a task read by `with_contributions`; empty for other kinds."""
    return _SHARES.of(obligation) if obligation.kind == ObligationKind.TASK else ()


def _shares() -> ArraySubquery:
    boxes = (
        Obligation.objects.owed()
        .filter(kind=ObligationKind.CONTRIBUTION, period=OuterRef("period"), task=OuterRef("task"))
        .order_by("agency__position", "agency__code")
    )
    fields: dict[str, Any] = {
        "pk": "pk",
        "agency": "agency__short_name",
        "state": "state",
        "text": KT("content__text__text"),
        "nothing": KT("content__nothing__text"),
    }
    return ArraySubquery(boxes.values(json=JSONRow(**fields)))


def _read_shares(found: Iterable[Mapping[str, Any]]) -> tuple[Contribution, ...]:
    return tuple(
        Contribution(
            row["pk"],
            row["agency"],
            row["state"],
            (row["text"] or "").strip(),
            bool(row["nothing"]),
        )
        for row in found
    )


_SHARES = Annotation("shares", _shares, _read_shares)
