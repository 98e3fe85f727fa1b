"""Actual values: versions, of which one for each period and basis is in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from agencies.choices import Role
from agencies.models import User
from audit import services as audit
from common.quarters import Period
from plan.models import DataState
from targets.choices import TargetKind
from targets.models import Observation, Target

FACTS = ("value", "not_applicable", "grade", "source", "numerator", "denominator", "note")
_BATCH = 1000
_PERCENT = (Decimal(0), Decimal(100))

Key = tuple[int, int, int | None, str]


def record_observation(*, observation: Observation, by: User | None) -> Observation | None:
    """Put an actual value (unsaved) in force; None where the same value is in force.

    A different value for the same period and basis is a correction: it becomes a new version,
    asks for a reason, and the old one stays. Raises ValidationError.
    """
    written = record_observations(observations=[observation], by=by)
    return written[0] if written else None


@transaction.atomic
def record_observations(
    *, observations: Sequence[Observation], by: User | None
) -> list[Observation]:
    """The same for many values at once, in a number of statements that hardly grows.

    All or nothing; returns those that were new or different.
    """
    check_can_record(by=by)
    targets = {
        target.pk: target
        for target in Target.objects.select_for_update()
        .filter(pk__in={row.target_id for row in observations})
        .order_by("pk")
    }
    in_force = _in_force(observations)
    changes: dict[Key, _Change] = {}
    for row in observations:
        row.target = targets[row.target_id]
        check_observation(observation=row, target=row.target)
        if _key(row) in changes:
            raise _error("target", f"{row}在同一批里出现了不止一次")
        change = _change(row, in_force.get(_key(row)))
        if change:
            changes[_key(row)] = change
    _write(list(changes.values()), by)
    return [change.new for change in changes.values()]


def check_can_record(*, by: User | None) -> None:
    """Raise PermissionDenied with a sentence; the bureau's reviewers and administrators may."""
    if by is not None and not by.has_role(Role.ADMINISTRATOR, Role.REVIEWER):
        raise PermissionDenied("实际值由区发改局审核员或管理员录入")


def check_observation(*, observation: Observation, target: Target) -> None:
    """Raise ValidationError in the words of the field that is wrong."""
    observation.clean_fields(exclude=["target"])
    check_meaning(observation=observation, target=target)


class Reported(NamedTuple):
    """What of an actual value its target has a say in."""

    year: int
    quarter: int | None
    value: Decimal | None
    not_applicable: bool = False


def check_meaning(
    *, observation: Observation | Reported, target: Target, now: Period | None = None
) -> None:
    """The part of the check that looks beyond single fields, for those that are checked already.

    Whoever checks many gives the running quarter.
    """
    if observation.not_applicable == (observation.value is not None):
        raise _error("value", "要么填写数值，要么注明不适用")
    if observation.quarter not in (None, 1, 2, 3, 4):
        raise _error("quarter", "季度只能是1至4")
    now = now or Period.quarter_of(timezone.localdate())
    if (observation.year, observation.quarter or 1) > (now.year, now.quarter):
        period = Period(observation.year, observation.quarter)
        raise _error("year", f"{period.label}还没有开始，不能登记实际值")
    if target.retired_on is not None:
        raise _error("target", f"{target.code}已停用，不再登记实际值")
    if observation.value is not None:
        check_range(value=observation.value, target=target)


def check_range(*, value: Decimal, target: Target) -> None:
    """Raise ValidationError: a share lies between 0 and 100, only a reduction may be negative."""
    if target.kind in (TargetKind.REDUCTION, TargetKind.ASSIGNED):
        return
    if value < _PERCENT[0]:
        raise _error("value", f"{target.name}不能为负数")
    if target.unit == "%" and value > _PERCENT[1]:
        raise _error("value", f"{target.name}是百分比，须在0至100之间")


@dataclass(frozen=True)
class _Change:
    """A value to be written and the one whose place it takes."""

    new: Observation
    old: Observation | None


def _change(row: Observation, current: Observation | None) -> _Change | None:
    """None where the same value is in force."""
    if current is None:
        return _Change(row, None)
    if all(getattr(current, name) == getattr(row, name) for name in FACTS):
        return None
    if not row.reason.strip():
        raise _error("reason", f"{current}已有数值，更正要写明原因")
    return _Change(row, current)


def _in_force(observations: Sequence[Observation]) -> dict[Key, Observation]:
    """The values in force for the targets and years of these, with the last version number."""
    scope = Q(
        target__in={row.target_id for row in observations},
        year__in={row.year for row in observations},
    )
    last = {
        (row["target"], row["year"], row["quarter"], row["basis"]): row["last"]
        for row in Observation.objects.filter(scope)
        .order_by()
        .values("target", "year", "quarter", "basis")
        .annotate(last=Max("version"))
    }
    rows = Observation.objects.filter(scope, is_current=True).select_related("target")
    found = {_key(row): row for row in rows}
    for key, row in found.items():
        row.version = last[key]
    return found


def _write(changes: Sequence[_Change], by: User | None) -> None:
    if not changes:
        return
    for change in changes:
        change.new.version = change.old.version + 1 if change.old else 1
        change.new.is_current = True
        change.new.recorded_by = by.display_name if by else ""
    replaced = [change.old.pk for change in changes if change.old]
    if replaced:
        Observation.objects.filter(pk__in=replaced).update(is_current=False)
    Observation.objects.bulk_create((change.new for change in changes), batch_size=_BATCH)
    audit.record_all((_entry(change) for change in changes), by=by)
    DataState.touch()


def _entry(change: _Change) -> audit.Entry:
    before = audit.snapshot(change.old) if change.old else {}
    entry = audit.entry_of(
        change.new, before, action="更正" if change.old else "录入", reason=change.new.reason
    )
    return entry or audit.Entry("更正", "实际值", str(change.new))


def _key(row: Observation) -> Key:
    return (row.target_id, row.year, row.quarter, row.basis)


def _error(field: str, sentence: str) -> ValidationError:
    return ValidationError({field or NON_FIELD_ERRORS: sentence})
