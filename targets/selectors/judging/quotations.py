"""Quotations of the plan for a target, read as an annotation without a statement of their own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery

from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from plan.models import Clause
from targets.models import TargetSource


@dataclass(frozen=True)
class Quoted:
    """A quotation of a target, with its place in the text."""

    quote: str
    label: str
    url: str


def quoted_subquery(target: str) -> Subquery:
    """The first quotation of the target at the end of this path."""
    return Subquery(_quotations(target)[:1])


def quotations_subquery() -> ArraySubquery:
    """All quotations of a target."""
    return ArraySubquery(_quotations("pk"))


def _quotations(target: str) -> QuerySet[Any]:
    json = JSONRow(
        quote="quote",
        code="clause__code",
        address="clause__address",
        heading="clause__heading",
    )
    rows = TargetSource.objects.filter(target=OuterRef(target)).order_by("position", "pk")
    return rows.values(json=json)


def read_quoted(found: Mapping[str, Any] | None) -> Quoted | None:
    """The result of `quoted_subquery`."""
    return _quoted(found) if found else None


def read_quotations(found: Iterable[Mapping[str, Any]]) -> tuple[Quoted, ...]:
    """The result of `quotations_subquery`."""
    return tuple(map(_quoted, found))


QUOTATIONS = Annotation("quotations", quotations_subquery, read_quotations)


def _quoted(found: Mapping[str, Any]) -> Quoted:
    clause = Clause(code=found["code"], address=found["address"], heading=found["heading"])
    return Quoted(found["quote"], clause.label, clause.url_of(found["quote"]))
