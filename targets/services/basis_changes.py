"""Values, goals and targets that come from one accounting basis to another, and back."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from agencies.models import User
from agencies.policies import check_can_manage
from audit import services as audit
from plan.models import DataState
from targets.choices import BasisChangeKind
from targets.models import AccountingBasis, BasisChange, Milestone, Observation, Target
from targets.rules.enumerations import SETTLED_GRADES
from targets.rules.series.accounting import Version, VersionPlace, one_series
from targets.services.accounting import note_change

REASON = "口径合并"
_ASIDE = 20_000
"""Added to numbers while versions change places, out of the way of the unique ones."""


@transaction.atomic
def merge(
    *, basis: AccountingBasis, into: AccountingBasis, by: User | None, reason: str
) -> BasisChange:
    """Make two entries one: values, goals and targets of the first are of the second.

    Of two values in force for one period the newest stays; the other is taken back and its
    settlement wants settling again. Raises ValidationError.
    """
    check_can_manage(by)
    if basis.pk == into.pk:
        raise ValidationError({"into": "请选择另一个口径"})
    fields = ("name", "measures", "document_id", "valid_from", "valid_to")
    before = {"basis": {name: getattr(basis, name) for name in fields}}
    moved = (basis.observations.all(), basis.milestones.all(), basis.targets.all())
    kind = BasisChangeKind.MERGE
    change = _move(kind, basis, into, *moved, before, by=by, reason=reason)
    basis.delete()
    return change


@transaction.atomic
def split(
    *,
    basis: AccountingBasis,
    into: AccountingBasis,
    years: tuple[int, int],
    targets: Sequence[Target],
    moves_targets: bool,
    by: User | None,
    reason: str,
) -> BasisChange:
    """Give the values and goals of these years and targets another basis; with them the targets'
    own."""
    check_can_manage(by)
    if basis.pk == into.pk:
        raise ValidationError({"into": "请选择另一个口径"})
    of_these = Q(year__range=years, target__in=targets)
    rows, goals = basis.observations.filter(of_these), basis.milestones.filter(of_these)
    moved = basis.targets.filter(pk__in=[row.pk for row in targets if moves_targets])
    if not any(found.exists() for found in (rows, goals, moved)):
        raise ValidationError("这些年份和指标没有按这个口径登记的数值或目标")
    kind = BasisChangeKind.SPLIT
    return _move(kind, basis, into, rows, goals, moved, {}, by=by, reason=reason)


@transaction.atomic
def undo(*, change: BasisChange, by: User | None) -> None:
    """Put everything back as it stood before. Raises ValidationError if it has changed since."""
    check_can_manage(by)
    change = BasisChange.objects.select_for_update().get(pk=change.pk)
    if not change.can_be_undone:
        raise ValidationError("这项变动已经撤销，或不能撤销")
    if "basis" in change.before:
        AccountingBasis.objects.create(**change.before["basis"])
    elif not AccountingBasis.objects.filter(name=change.from_name).exists():
        raise ValidationError(f"口径“{change.from_name}”已经不在，不能撤销")
    _restore(change)
    change.undone_at = timezone.now()
    change.save(update_fields=["undone_at"])
    entry = audit.Entry(
        f"撤销{change.get_kind_display()}",
        "口径",
        change.to_name[:80],
        change.to_name,
        changes=(("口径", change.to_name, change.from_name),),
    )
    audit.record(entry, by=by)
    DataState.touch()


def _restore(change: BasisChange) -> None:
    saved = {int(pk): state for pk, state in change.before["observations"].items()}
    rows = _locked(Observation.objects.filter(pk__in=saved))
    keys = Q(pk=None)
    for row in rows:
        keys |= Q(target=row.target_id, year=row.year, quarter=row.quarter)
    now_there = Observation.objects.filter(keys, Q(basis=change.to_name)).exclude(pk__in=saved)
    as_left = all(_state(row) == saved[row.pk]["after"] for row in rows)
    targets = Target.objects.filter(pk__in=change.before["targets"])
    if now_there.exists() or not as_left or len(rows) != len(saved):
        raise ValidationError("变动以后这些数值又有更正或撤销，不能再退回变动前")
    goals = Milestone.objects.filter(pk__in=change.before.get("milestones", []))
    is_other = goals.exclude(Q(basis=change.to_name)).exists()
    if is_other or targets.exclude(Q(accounting_basis=change.to_name)).exists():
        raise ValidationError("变动以后指标或目标的口径又有修改，不能再退回变动前")
    for row in rows:
        basis, row.version, row.is_current, at, row.reason = saved[row.pk]["before"]
        row.basis_id = basis
        row.retracted_at = datetime.datetime.fromisoformat(at) if at else None
    _write(rows)
    goals.update(basis_id=change.from_name)
    targets.update(accounting_basis_id=change.from_name)


def _move(
    kind: BasisChangeKind,
    basis: AccountingBasis,
    into: AccountingBasis,
    moved: QuerySet[Observation],
    goals: QuerySet[Milestone],
    targets: QuerySet[Target],
    before: dict[str, Any],
    *,
    by: User | None,
    reason: str,
) -> BasisChange:
    if not reason.strip():
        raise ValidationError({"reason": "写明原因"})
    keys = set(moved.values_list("pk", flat=True))
    owners = set(moved.values_list("target", flat=True))
    there = Observation.objects.filter(target__in=owners, basis=into)
    rows = _locked(Observation.objects.filter(Q(pk__in=keys) | Q(pk__in=there)))
    periods = [found for found in _by_period(rows) if any(row.pk in keys for row in found)]
    rows = [row for found in periods for row in found]
    states = {row.pk: _state(row) for row in rows}
    snapshots = {row.pk: audit.snapshot(row) for row in rows if row.is_current}
    _place(periods, keys, into)
    _write(rows)
    before["observations"] = {
        row.pk: {"before": states[row.pk], "after": _state(row)} for row in rows
    }
    codes = dict(targets.values_list("pk", "code"))
    before["targets"] = list(codes)
    before["milestones"] = list(goals.values_list("pk", flat=True))
    goals.update(basis=into)
    Target.objects.filter(pk__in=codes).update(accounting_basis=into)
    gone = [row for row in rows if row.pk in snapshots and not row.is_current]
    entries = (audit.entry_of(row, snapshots[row.pk], action="撤销", reason=REASON) for row in gone)
    audit.record_all([entry for entry in entries if entry is not None], by=by)
    DataState.touch()
    counted = (
        ("数值", "", f"{len(keys)}项"),
        ("阶段目标", "", f"{len(before['milestones'])}项"),
        ("指标", "", "、".join(codes.values())),
    )
    change = BasisChange(
        kind=kind, from_name=basis.name, to_name=into.name, before=before, reason=reason.strip()
    )
    return note_change(change=change, by=by, changes=counted)


def _by_period(rows: Sequence[Observation]) -> list[list[Observation]]:
    periods: dict[tuple[int, int, int | None], list[Observation]] = {}
    for row in rows:
        periods.setdefault((row.target_id, row.year, row.quarter), []).append(row)
    return list(periods.values())


def _place(periods: Sequence[list[Observation]], moved: set[int], into: AccountingBasis) -> None:
    """Where moved versions come to a period that has others: one series, one in force."""
    now = timezone.now()
    for found in periods:
        if not all(row.pk in moved for row in found):
            own = frozenset({found[0].target.basis_name})
            for place in one_series([_version(row) for row in found], own=own):
                _take(next(row for row in found if row.pk == place.pk), place, now)
        for row in found:
            row.basis = into


def _take(row: Observation, place: VersionPlace, now: datetime.datetime) -> None:
    row.version = place.version
    if row.version > 1:
        row.reason = row.reason or REASON
    if place.is_taken_back:
        row.is_current, row.retracted_at = False, now


def _version(row: Observation) -> Version:
    return Version(
        pk=row.pk,
        name=row.basis_name,
        version=row.version,
        recorded_at=row.recorded_at,
        is_current=row.is_current,
        is_retracted=row.retracted_at is not None,
        is_settled=row.grade in SETTLED_GRADES,
    )


def _locked(rows: QuerySet[Observation]) -> list[Observation]:
    """The values with their targets, which whoever records values locks, too."""
    owners = Target.objects.filter(observations__in=rows).order_by("pk")
    list(Target.objects.select_for_update(of=("self",)).filter(pk__in=owners))
    return list(rows.select_related("target", "basis").order_by("pk"))


def _write(rows: Sequence[Observation]) -> None:
    """Numbers and the one in force change places: first out of the way of the constraints."""
    every = Observation.objects.filter(pk__in=[row.pk for row in rows])
    every.update(version=F("version") + _ASIDE, is_current=False, reason=REASON)
    Observation.objects.bulk_update(
        rows, ["basis", "version", "is_current", "retracted_at", "reason"], batch_size=500
    )


def _state(row: Observation) -> list[Any]:
    """What a change may change, as JSON keeps it."""
    at = row.retracted_at.isoformat() if row.retracted_at else None
    return [row.basis_id, row.version, row.is_current, at, row.reason]
