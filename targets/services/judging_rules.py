"""The thresholds of light and verdict: a change is a new version, dated and with its reason."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agencies.models import User
from audit import services as audit
from common.database.constraints import explained
from plan.models import DataState
from targets.choices import GapMethod
from targets.models import JudgingRule, Observation, RuleProposal
from targets.policies import check_can_confirm_rules, check_can_keep_rules
from targets.rules import FIRST_VERSION, REASON_LEAST, JudgingRules
from targets.selectors.judging.rules_in_force import rule_on
from targets.services.waiting import count_waiting

_NUMBERS = ("near_percent", "tolerance_percent", "caps_striven")
_SECOND = ("method", "needs_second")
"""What a second person has to confirm."""
_FACTS = (*_SECOND, *_NUMBERS, "valid_from", "reason", "recorded_by")
BEGUN = "新建系统按方案的基期起计算缺口占应有进展的比例"


@transaction.atomic
def change_rules(
    *,
    valid_from: datetime.date,
    near_percent: Decimal,
    tolerance_percent: Decimal,
    caps_striven: bool,
    reason: str,
    by: User | None,
    method: str = "",
    needs_second: bool | None = None,
) -> JudgingRule | RuleProposal | None:
    """Add a version that holds from today or a later day; None if the same holds that day.

    The past keeps its rules: no version begins before today. Another method than the one in force,
    or another answer to whether verdicts take two persons, is only proposed: it holds once a second
    person has confirmed it.
    """
    check_can_keep_rules(by=by)
    if valid_from < timezone.localdate():
        raise ValidationError({"valid_from": "生效日期不能早于今天：过去的灯保持当时的规则"})
    if len(reason.strip()) < REASON_LEAST:
        raise ValidationError({"reason": f"写明修改的原因（至少{REASON_LEAST}个字）"})
    _check_none_waits()
    known = rule_on(valid_from) or _defaults()
    facts = {
        "valid_from": valid_from,
        "near_percent": near_percent,
        "tolerance_percent": tolerance_percent,
        "caps_striven": caps_striven,
        "method": method or known.method,
        "needs_second": known.needs_second if needs_second is None else needs_second,
        "reason": reason.strip(),
        "recorded_by": by.display_name if by else "",
    }
    new = JudgingRule(version=_last_version() + 1, **facts)
    if replace(new.values, version=known.version) == known.values:
        return None
    if by is None or all(getattr(new, name) == getattr(known, name) for name in _SECOND):
        return _add(new, known, by)
    new.full_clean(validate_unique=False)
    return _propose(RuleProposal(proposer=by, **facts), by)


def _propose(new: RuleProposal, by: User) -> RuleProposal:
    with explained(RuleProposal):
        new.save(force_insert=True)
    _recorded(new, {}, by, action="提出规则")
    count_waiting()
    return new


@transaction.atomic
def confirm_rules(*, proposal: RuleProposal, by: User | None) -> JudgingRule:
    """Make a proposal a version that holds, from today where its day has passed.

    By a second person: the one who proposed it does not confirm it.
    """
    proposal = _waiting(proposal.pk)
    check_can_confirm_rules(proposal=proposal, by=by)
    new = JudgingRule(
        version=_last_version() + 1,
        confirmed_by=by.display_name if by else "",
        **{name: getattr(proposal, name) for name in _FACTS},
    )
    new.valid_from = max(proposal.valid_from, timezone.localdate())
    _decide(
        proposal,
        rule=_add(new, rule_on(new.valid_from) or _defaults(), by, action="确认规则"),
        by=by,
    )
    return new


@transaction.atomic
def decline_rules(*, proposal: RuleProposal, reason: str, by: User | None) -> None:
    """Set a proposal aside, also by the one who made it."""
    check_can_keep_rules(by=by)
    if len(reason.strip()) < REASON_LEAST:
        raise ValidationError({"reason": f"写明不采用的原因（至少{REASON_LEAST}个字）"})
    proposal = _waiting(proposal.pk)
    before = audit.snapshot(proposal)
    _decide(proposal, rule=None, by=by)
    _recorded(proposal, before, by, action="不采用规则", reason=reason.strip())


@transaction.atomic
def begin_by_change(*, valid_from: datetime.date, by: User | None) -> JudgingRule | None:
    """The rules of an installation that has no values yet: the gap by change from a past day on.

    None if there are values or versions: those are offered the change, from today on.
    """
    check_can_keep_rules(by=by)
    if Observation.objects.exists() or JudgingRule.objects.exists():
        return None
    values = {name: getattr(JudgingRules(), name) for name in _NUMBERS}
    new = JudgingRule(
        version=FIRST_VERSION + 1,
        valid_from=valid_from,
        method=GapMethod.CHANGE,
        reason=BEGUN,
        recorded_by=by.display_name if by else "",
        **values,
    )
    return _add(new, _defaults(), by)


def _check_none_waits() -> None:
    if RuleProposal.objects.filter(decided_at=None).exists():
        raise ValidationError("有一版规则还等第二人确认，确认或不采用以后再修改")


def _waiting(key: int) -> RuleProposal:
    """The proposal locked; raise ValidationError where it waits for nobody any more."""
    rows = RuleProposal.objects.select_for_update()
    found = rows.filter(pk=key, decided_at=None).first()
    if found is None:
        raise ValidationError("这一版规则已经处理，刷新页面看结果")
    return found


def _decide(proposal: RuleProposal, *, rule: JudgingRule | None, by: User | None) -> None:
    proposal.decided_at, proposal.decided_by, proposal.rule = timezone.now(), by, rule
    proposal.save()
    count_waiting()


def _add(
    new: JudgingRule, known: JudgingRule, by: User | None, *, action: str = "修改规则"
) -> JudgingRule:
    before = audit.snapshot(known)
    new.full_clean(validate_constraints=False)
    with explained(JudgingRule):
        new.save(force_insert=True)
    _recorded(new, before, by, action=action)
    DataState.touch()
    return new


def _recorded(
    row: JudgingRule | RuleProposal,
    before: Mapping[str, str],
    by: User | None,
    *,
    action: str,
    reason: str = "",
) -> None:
    entry = audit.entry_of(row, before, action=action, reason=reason or row.reason)
    if entry is not None:
        audit.record(entry, by=by)


def _last_version() -> int:
    return JudgingRule.objects.aggregate(last=Max("version"))["last"] or FIRST_VERSION


def _defaults() -> JudgingRule:
    """The first version as a row, for what is compared with it."""
    first = JudgingRules()
    values = {name: getattr(first, name) for name in (*_NUMBERS, "version", *_SECOND)}
    return JudgingRule(**values)
