"""The register of targets: their description, agencies and sources."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from agencies.models import Agency, User
from agencies.policies import check_can_manage
from audit import services as audit
from audit.models import AuditEvent
from plan import services as plan
from plan.models import Clause, DataState
from plan.rules import quotes
from targets.models import Target, TargetSource
from targets.services.accounting import check_own_basis


def save_target(
    *,
    target: Target,
    responsible: Sequence[Agency] | None = None,
    by: User | None,
    reason: str = "",
) -> AuditEvent | None:
    """Save a target and its responsible agencies in order; None if nothing changed."""
    check_own_basis(target=target)
    return plan.save_with_agencies(
        record=target, rows="shares", label="责任单位", agencies=responsible, by=by, reason=reason
    )


def assign_convenor(
    *, target: Target, agency: Agency | None, by: User | None, reason: str = ""
) -> AuditEvent | None:
    """Name who reports a target without lead (None takes it back).

    None if it is named already. Raises ValidationError for a group or company.
    """
    return plan.assign_agency(record=target, field="convenor", agency=agency, by=by, reason=reason)


@transaction.atomic
def set_sources(
    *, target: Target, sources: Iterable[tuple[Clause, str]], by: User | None
) -> AuditEvent | None:
    """Make these clauses and words the sources of a target; None if they are already.

    Raises ValidationError if a clause does not hold the words.
    """
    check_can_manage(by)
    new = [(clause, quote.strip()) for clause, quote in sources]
    for clause, quote in new:
        if not quotes(clause.words, quote):
            raise ValidationError(f"“{clause.address}”里没有“{quote}”这句话，请照原文摘录")
        if new.count((clause, quote)) > 1:
            raise ValidationError(f"“{clause.address}”的“{quote}”登记了不止一次")
    Target.objects.select_for_update().get(pk=target.pk)
    rows = target.sources.select_related("clause")
    old = [(row.clause, row.quote) for row in rows]
    if old == new:
        return None
    target.sources.all().delete()
    TargetSource.objects.bulk_create(
        TargetSource(target=target, clause=clause, quote=quote, position=position)
        for position, (clause, quote) in enumerate(new, start=1)
    )
    DataState.touch()
    change = ("原文出处", _quoted(old), _quoted(new))
    entry = audit.Entry("修改", "指标", target.code, str(target), changes=(change,))
    return audit.record(entry, by=by)


def retire_target(*, target: Target, on: date, by: User | None, reason: str) -> AuditEvent | None:
    """Take a target out of force from a day on; its values and milestones stay."""
    return plan.retire(record=target, on=on, by=by, reason=reason)


def restore_target(*, target: Target, by: User | None, reason: str = "") -> AuditEvent | None:
    """Put a retired target back in force."""
    return plan.restore(record=target, by=by, reason=reason)


def _quoted(sources: Sequence[tuple[Clause, str]]) -> str:
    return "；".join(f"{clause.address}“{quote}”" for clause, quote in sources)
