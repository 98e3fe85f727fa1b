"""The number of proposals that wait for a second person, shown in the navigation."""

from typing import Any

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from plan.models import DataState
from targets.models import Proposal, RuleProposal


def count_waiting() -> None:
    """Store the number in the data state, which every page reads anyway, and raise its version."""
    rules = RuleProposal.objects.filter(decided_at=None)
    counted = _count_of(Proposal.objects.waiting()) + _count_of(rules)
    DataState.touch("targets", only=(), proposals_waiting=counted)


def _count_of(rows: QuerySet[Any]) -> Coalesce:
    """The number of rows as a part of another statement."""
    counted = rows.order_by().values(every=Value(1)).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())
