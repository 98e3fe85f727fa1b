"""Which targets a task or project serves."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from agencies.models import User
from agencies.policies import check_can_manage
from audit import services as audit
from audit.models import AuditEvent
from plan.models import DataState
from targets.choices import LinkOrigin
from targets.models import Target

SERVED = "相关指标"


@transaction.atomic
def set_served(
    *, record: Any, targets: Sequence[Target], by: User | None, reason: str = ""
) -> AuditEvent | None:
    """Make these the targets that a task or project serves; None if they are already.

    What is new is linked by hand; what stays keeps its origin.
    """
    check_can_manage(by)
    old = _locked(record)
    if {target.pk for target in old} == {target.pk for target in targets}:
        return None
    record.targets.set(targets, through_defaults={"reason": reason})
    return _event(record, old, targets, reason, by)


@transaction.atomic
def add_served(
    *, record: Any, reasons: Mapping[Target, str], origin: LinkOrigin, by: User | None
) -> AuditEvent | None:
    """Link a task or project with further targets, each for its reason; None if all are linked.

    What is linked already stays as it is.
    """
    check_can_manage(by)
    old = _locked(record)
    new = [target for target in reasons if target not in old]
    if not new:
        return None
    for target in new:
        values = {"origin": origin, "reason": reasons[target][:300]}
        record.targets.add(target, through_defaults=values)
    why = "；".join(f"{target.code}：{reasons[target]}" for target in new if reasons[target])
    return _event(record, old, [*old, *new], why or LinkOrigin(origin).label, by)


def _locked(record: Any) -> list[Target]:
    """The targets that a record serves now, which nobody else changes meanwhile."""
    type(record).objects.select_for_update(of=("self",)).get(pk=record.pk)
    return list(record.targets.all())


def _event(
    record: Any, old: Sequence[Target], new: Sequence[Target], reason: str, by: User | None
) -> AuditEvent:
    DataState.touch()
    change = (SERVED, _codes(old), _codes(new))
    kind = str(record._meta.verbose_name)
    entry = audit.Entry("修改", kind, record.code, str(record), (change,), reason)
    return audit.record(entry, by=by)


def _codes(targets: Sequence[Target]) -> str:
    return "、".join(sorted(target.code for target in targets))
