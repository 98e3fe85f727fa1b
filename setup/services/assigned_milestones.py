"""Values that the city sends down."""

import datetime
from decimal import Decimal

from django.db import transaction

from agencies.models import User
from plan.services import document_numbered
from targets.models import AccountingBasis, Milestone
from targets.services import assign_milestone, withdraw_milestone


@transaction.atomic
def enter_assigned(
    *,
    milestone: Milestone,
    value: Decimal | None,
    number: str,
    title: str,
    effective_from: datetime.date,
    note: str,
    by: User | None,
    base_year: int | None = None,
    basis: AccountingBasis | None = None,
) -> Milestone | None:
    """Enter a value with its document, which is added where its number is new.

    A reduction may be said against another year than the target's base year: `base_year`; a value
    may be meant in another accounting basis than the target's own.
    Without a value the milestone is not going to be sent down any more; the note says why.
    """
    document = document_numbered(number=number, title=title, issued_on=effective_from, by=by)
    if value is None:
        return withdraw_milestone(
            milestone=milestone,
            document=document,
            effective_from=effective_from,
            by=by,
            reason=note,
        )
    return assign_milestone(
        milestone=milestone,
        value=value,
        base_year=base_year,
        basis=basis,
        document=document,
        effective_from=effective_from,
        note=note,
        by=by,
    )
