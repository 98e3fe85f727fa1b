"""Waiting proposals, as annotations of a page's rows or by themselves."""

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
    """A waiting proposal in the row of a year."""

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
    """The waiting proposals of a year, as a column of rows that name a target."""
    return _column(Q(year=year), target)


def asked_of_years() -> ArraySubquery:
    """The waiting proposals of all years, as a column of a target."""
    return _column(Q(year__isnull=False), "pk")


def asked_of_plan() -> ArraySubquery:
    """Waiting proposals about a target itself, its base and its tolerance, as a column."""
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
    """The result of `asked_subquery`."""
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
