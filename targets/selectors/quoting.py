"""The words of the plan behind a target, as a column: no statement of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from common.json_rows import JSONRow
from plan.models import Clause
from targets.models import TargetSource


@dataclass(frozen=True)
class Quoted:
    """Where the first quotation of a target stands in the text."""

    label: str
    url: str


def quoted_subquery(target: str) -> Subquery:
    """The first quotation of the target to which this path leads."""
    json = JSONRow(
        quote="quote",
        code="clause__code",
        address="clause__address",
        heading="clause__heading",
    )
    rows = TargetSource.objects.filter(target=OuterRef(target)).order_by("position", "pk")
    return Subquery(rows.values(json=json)[:1])


def read_quoted(found: Mapping[str, Any] | None) -> Quoted | None:
    """What `quoted_subquery` found."""
    if found is None:
        return None
    clause = Clause(code=found["code"], address=found["address"], heading=found["heading"])
    return Quoted(clause.label, clause.url_of(found["quote"]))
