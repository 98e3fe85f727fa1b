"""What waits for a second person: beside the rows of a page, or by itself."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, Q
from django.db.models.expressions import Value
from django.db.models.functions import Coalesce, NullIf

from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from targets.choices import OF_BASE, ProposalKind
from targets.models import Proposal


@dataclass(frozen=True)
class PendingProposal:
    """A proposal that waits, as the row of a year shows it."""

    pk: int
    year: int | None
    kind: ProposalKind
    words: str
    seen: Mapping[str, int | None]
    content: Mapping[str, Any]
    by_id: int
    by: str
    at: datetime.datetime

    @property
    def says(self) -> str:
        """What is proposed, without the versions that it rests on: 已达标."""
        return self.words.partition("：")[0]

    @property
    def rests_on(self) -> str:
        return self.words.partition("：")[2]


def asked_subquery(year: int, *, target: str) -> ArraySubquery:
    """The proposals of a year that wait, as a column beside rows that name a target."""
    return _column(Q(year=year), target)


def asked_of_years() -> ArraySubquery:
    """The proposals of whatever year that wait, beside a target."""
    return _column(Q(year__isnull=False), "pk")


def asked_of_plan() -> ArraySubquery:
    """What waits to be entered of a target itself, its base and its tolerance, beside it."""
    return _column(Q(kind__in=(*OF_BASE, ProposalKind.TOLERANCE)), "pk")


def _column(which: Q, target: str) -> ArraySubquery:
    rows = Proposal.objects.waiting().filter(which, target=OuterRef(target)).order_by("pk")
    name = Coalesce(
        NullIf("proposed_by__name", Value("")), "proposed_by__username", output_field=CharField()
    )
    same = {name: name for name in ("year", "kind", "words", "seen", "content")}
    facts = JSONRow(pk="pk", by_id="proposed_by_id", by=name, at="proposed_at", **same)
    return ArraySubquery(rows.values(json=facts))


def read_asked(found: list[Mapping[str, Any]]) -> tuple[PendingProposal, ...]:
    """What `asked_subquery` found."""
    return tuple(
        PendingProposal(
            **{
                **facts,
                "kind": ProposalKind(facts["kind"]),
                "at": datetime.datetime.fromisoformat(facts["at"]),
            }
        )
        for facts in found
    )


ASKED_OF_PLAN = Annotation("asked_of_plan", asked_of_plan, read_asked)
