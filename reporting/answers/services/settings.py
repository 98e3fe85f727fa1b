"""Changes of the rules by the bureau: thresholds and rules switched off, each with a reason."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from agencies.models import User
from audit import services as audit
from audit.models import AuditEvent
from reporting.answers.rules.findings import DOUBT, RULES
from reporting.answers.selectors.settings import OBJECT_TYPE, with_unit
from reporting.models import ReportingSetting
from reporting.periods.rules.thresholds import BY_CODE
from reporting.policies import check_can_keep_periods

REASON_LEAST = 5


@transaction.atomic
def set_threshold(*, code: str, value: Decimal, reason: str, by: User | None) -> AuditEvent | None:
    """Change one threshold; returns None if it has the value already. A default has no row."""
    check_can_keep_periods(by=by)
    known = BY_CODE.get(code)
    if known is None:
        raise ValidationError(f"没有这个设置项：{code}")
    if problem := known.problem(value):
        raise ValidationError({"value": problem})
    row = _row(code)
    old = known.default if row.value is None else row.value
    if old == value:
        return None
    _check_reason(reason)
    row.value = value
    row.save()
    change = (known.label, with_unit(known, old), with_unit(known, value))
    return _record(code, known.label, change, reason, by)


@transaction.atomic
def switch_rule(*, code: str, off: bool, reason: str, by: User | None) -> AuditEvent | None:
    """Switch the doubts of a code off or on; errors cannot be. Returns None if it is so already."""
    check_can_keep_periods(by=by)
    labels = [rule.label for rule in RULES if rule.code == code and rule.level == DOUBT]
    if not labels:
        raise ValidationError(f"没有可以停用的规则：{code}")
    row = _row(code)
    if row.is_off == off:
        return None
    _check_reason(reason)
    row.is_off = off
    row.save()
    words = {True: "停用", False: "启用"}
    return _record(code, labels[0], ("状态", words[not off], words[off]), reason, by)


def _row(code: str) -> ReportingSetting:
    """The row of a setting, locked; of two people who create it at once, the second waits."""
    # The row has to exist to be locked; an insert of the same code waits for the other one.
    ReportingSetting.objects.bulk_create([ReportingSetting(code=code)], ignore_conflicts=True)
    return ReportingSetting.objects.select_for_update().get(code=code)


def _check_reason(reason: str) -> None:
    if len(reason.strip()) < REASON_LEAST:
        raise ValidationError({"reason": f"写明修改的原因（至少{REASON_LEAST}个字）"})


def _record(
    code: str, label: str, change: audit.Change, reason: str, by: User | None
) -> AuditEvent:
    entry = audit.Entry(
        "修改规则", OBJECT_TYPE, code, label, changes=(change,), reason=reason.strip()
    )
    return audit.record(entry, by=by)
