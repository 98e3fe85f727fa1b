"""What the others did for a task, on the form of the agency that leads it."""

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
    """One agency's box. Its text shows once it is handed in: a draft is its author's."""

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
        """What the lead sees."""
        if not self.is_handed_in:
            return "还没有报送" if self.state == ObligationState.EMPTY else "正在填写"
        return "本季度无配合事项" if self.nothing else self.text

    @property
    def quotation(self) -> str:
        """How it stands in the lead's text."""
        return f"{self.agency}：{self.text}"


def with_contributions(items: QuerySet[Obligation]) -> QuerySet[Obligation]:
    """The items with the boxes of the agencies that share in their task, in the same statement."""
    return items.annotate(**_SHARES.column())


def contributions_of(*, item: Obligation) -> tuple[Contribution, ...]:
    """The boxes of a task's item that came by `with_contributions`; none for the other kinds."""
    return _SHARES.of(item) if item.kind == ObligationKind.TASK else ()


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
