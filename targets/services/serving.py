"""Which targets a task or project serves."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from agencies.models import User
from agencies.policies import check_can_manage
from audit import services as audit
from audit.models import AuditEvent
from plan.models import DataState
from targets.models import Target


@transaction.atomic
def set_served(
    *, record: Any, targets: Sequence[Target], by: User | None, reason: str = ""
) -> AuditEvent | None:
    """Make these the targets that a task or project serves; None where they are already."""
    check_can_manage(by)
    type(record).objects.select_for_update(of=("self",)).get(pk=record.pk)
    old = list(record.targets.all())
    if {target.pk for target in old} == {target.pk for target in targets}:
        return None
    record.targets.set(targets)
    DataState.touch()
    change = ("相关指标", _codes(old), _codes(targets))
    kind = str(record._meta.verbose_name)
    entry = audit.Entry("修改", kind, record.code, str(record), (change,), reason)
    return audit.record(entry, by=by)


def _codes(targets: Sequence[Target]) -> str:
    return "、".join(sorted(target.code for target in targets))
