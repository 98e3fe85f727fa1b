"""The register of accounting bases: its entries, and which is a target's own."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q

from agencies.models import User
from agencies.policies import check_can_manage
from audit import services as audit
from audit.models import AuditEvent
from common.quarters import Period
from plan.models import DataState
from targets.choices import BasisChangeKind
from targets.models import AccountingBasis, BasisChange, Milestone, Observation, Target
from targets.selectors import accounting


@transaction.atomic
def save_basis(*, basis: AccountingBasis, by: User | None, reason: str = "") -> AuditEvent | None:
    """Add or change an entry; None if nothing changed.

    What is known by its former name is known by the new one, and texts with the former are read so.
    """
    check_can_manage(by)
    basis.name = basis.name.strip()
    former = None
    if basis.pk:
        former = AccountingBasis.objects.select_for_update().get(pk=basis.pk).name
    event = audit.save(basis, by=by, reason=reason)
    if former is not None and former != basis.name:
        _name_anew(former, basis.name)
        kind, why = BasisChangeKind.RENAME, reason.strip() or "更名"
        change = BasisChange(kind=kind, from_name=former, to_name=basis.name, reason=why)
        note_change(change=change, by=by)
    if event is not None:
        DataState.touch()
    return event


def known_or_added(*, name: str, by: User | None) -> AccountingBasis | None:
    """The entry of a name that the published plan or the demonstration uses; None for no name."""
    if not name.strip():
        return None
    known = accounting.basis_names().canonical(name)
    if known is not None:
        return AccountingBasis.objects.get(name=known)
    basis = AccountingBasis(name=name)
    save_basis(basis=basis, by=by)
    return basis


@transaction.atomic
def assign_basis(
    *, target: Target, basis: AccountingBasis, by: User | None, reason: str = ""
) -> AuditEvent | None:
    """Say which is a target's own; its values without one are of it from then on."""
    check_can_manage(by)
    kept = Target.objects.select_for_update(of=("self",)).get(pk=target.pk)
    kept.accounting_basis = basis
    check_own_basis(target=kept)
    event = audit.save(kept, by=by, reason=reason)
    if event is not None:
        DataState.touch()
    return event


def check_own_basis(*, target: Target) -> None:
    """Raise ValidationError if values stand in the way of the basis that a target names."""
    if target.pk is None:
        return
    own = target.accounting_basis_id
    values = target.observations
    if own is None:
        used = values.filter(basis_id=F("target__accounting_basis_id")).first()
        if used is not None:
            sentence = f"已有数值按“{used.basis_name}”登记，口径不能清空"
            raise ValidationError({"accounting_basis": sentence})
        return
    without = set(values.filter(basis=None).values_list("year", "quarter"))
    for year, quarter in values.filter(Q(basis=own)).values_list("year", "quarter"):
        if (year, quarter) in without:
            sentence = (
                f"{target.code} {Period(year, quarter).label}既有没注明口径的数值，"
                f"又有按“{own}”登记的数值，先把后者拆分或撤销"
            )
            raise ValidationError({"accounting_basis": sentence})


def note_change(
    *, change: BasisChange, by: User | None, changes: tuple[audit.Change, ...] = ()
) -> BasisChange:
    """Keep what came from one basis to another, in the ledger too."""
    change.changed_by = by.display_name if by else ""
    change.save()
    entry = audit.Entry(
        change.get_kind_display(),
        "口径",
        change.to_name[:80],
        change.to_name,
        changes=(("口径", change.from_name, change.to_name), *changes),
        reason=change.reason,
    )
    audit.record(entry, by=by)
    return change


def _name_anew(former: str, name: str) -> None:
    Target.objects.filter(Q(accounting_basis=former)).update(accounting_basis_id=name)
    for model in (Observation, Milestone):
        model.objects.filter(Q(basis=former)).update(basis_id=name)
