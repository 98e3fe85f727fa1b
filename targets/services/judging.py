"""The thresholds of light and verdict: a change is a new version, dated and with its reason."""

import datetime
from dataclasses import replace
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agencies.models import User
from audit import services as audit
from common.constraints import explained
from plan.models import DataState
from targets.models import JudgingRule
from targets.policies import check_can_keep_rules
from targets.rules import FIRST_VERSION, REASON_LEAST, JudgingRules
from targets.selectors.rules_in_force import rule_on


@transaction.atomic
def change_rules(
    *,
    valid_from: datetime.date,
    near_percent: Decimal,
    tolerance_percent: Decimal,
    caps_striven: bool,
    reason: str,
    by: User | None,
) -> JudgingRule | None:
    """Add a version that holds from today or a later day; None where the same holds that day.

    The past keeps its rules: no version begins before today.
    """
    check_can_keep_rules(by=by)
    if valid_from < timezone.localdate():
        raise ValidationError({"valid_from": "生效日期不能早于今天：过去的灯保持当时的规则"})
    if len(reason.strip()) < REASON_LEAST:
        raise ValidationError({"reason": f"写明修改的原因（至少{REASON_LEAST}个字）"})
    known = rule_on(valid_from) or _defaults()
    new = JudgingRule(
        version=_last_version() + 1,
        valid_from=valid_from,
        near_percent=near_percent,
        tolerance_percent=tolerance_percent,
        caps_striven=caps_striven,
        reason=reason.strip(),
        recorded_by=by.display_name if by else "",
    )
    if replace(new.values, version=known.version) == known.values:
        return None
    return _add(new, known, by)


def _add(new: JudgingRule, known: JudgingRule, by: User | None) -> JudgingRule:
    before = audit.snapshot(known)
    new.full_clean(validate_constraints=False)
    with explained(JudgingRule):
        new.save(force_insert=True)
    entry = audit.entry_of(new, before, action="修改规则", reason=new.reason)
    if entry is not None:
        audit.record(entry, by=by)
    DataState.touch()
    return new


def _last_version() -> int:
    return JudgingRule.objects.aggregate(last=Max("version"))["last"] or FIRST_VERSION


def _defaults() -> JudgingRule:
    """The first version as a row, for what is compared with it."""
    first = JudgingRules()
    return JudgingRule(
        version=first.version,
        near_percent=first.near_percent,
        tolerance_percent=first.tolerance_percent,
        caps_striven=first.caps_striven,
    )
