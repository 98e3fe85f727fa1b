"""The submission and the evidence behind a current value."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, OuterRef, Value, When

from agencies.models import User
from common.database.json_rows import JSONRow
from common.quarters import Period
from reporting.choices import DecisionKind, ObligationKind
from reporting.models import Decision, Evidence
from reporting.policies import readable


@dataclass(frozen=True, slots=True)
class ApprovedSubmission:
    """How a value was submitted. Readers without access to the submission see only the words."""

    period: Period
    agency: str
    number: str
    may_read: bool
    files: tuple[tuple[int, str], ...]

    @property
    def words(self) -> str:
        """2026年第一季度区城管局报送."""
        return f"{self.period.label}{self.agency}报送"


def approved_submissions(
    *, observations: Collection[int], reader: User
) -> Mapping[int, ApprovedSubmission]:
    """Key of a target's value → the approval that wrote it, in one statement.

    Values that were not written by an approval are left out.
    """
    files = Evidence.objects.filter(
        obligation=OuterRef("obligation_id"), removed_at=None, is_locked=True
    ).order_by("pk")
    rows = (
        Decision.objects.filter(
            kind=DecisionKind.APPROVED,
            undone_at=None,
            item__isnull=False,
            obligation__kind=ObligationKind.TARGET,
            effect__pk__in=list(observations),
        )
        .select_related("obligation__period", "item__submission")
        .annotate(
            files=ArraySubquery(files.values(json=JSONRow(pk="pk", name="name"))),
            may_read=Case(
                When(readable(by=reader, path="obligation__"), then=True),
                default=Value(False),
                output_field=BooleanField(),
            ),
        )
        .order_by("pk")
    )
    return {row.effect["pk"]: _handed_in(row) for row in rows}


def _handed_in(row: Any) -> ApprovedSubmission:
    return ApprovedSubmission(
        row.obligation.period.period,
        row.item.submission.short_name,
        row.item.submission.full_number,
        row.may_read,
        tuple((file["pk"], file["name"]) for file in row.files),
    )
