"""Proposals of one person that another confirms or refuses, for every kind of proposal.

The service of a kind checks who may propose what, hands unsaved proposals to `propose`, and says
with `takes_effect` what a confirmed one writes.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies.models import User
from audit import services as audit
from common.database.constraints import explained
from common.formats import zh_datetime
from plan.models import DataState
from targets.choices import VERDICTS, ProposalKind, ProposalState
from targets.models import Proposal
from targets.policies import check_can_decide, check_can_withdraw
from targets.rules import REASON_LEAST
from targets.selectors.judging.rules_in_force import rules_on
from targets.services.waiting import count_waiting

Effect = Callable[[Sequence[Proposal], User], None]
_EFFECTS: dict[ProposalKind, Effect] = {}


def takes_effect(*, kind: ProposalKind) -> Callable[[Effect], Effect]:
    """What confirmed proposals of a kind write, all of one decision at once.

    Called with the proposals, their targets and proposers, and who confirms, inside the
    transaction. Raises ValidationError if a version that was seen is not in force any more.
    """

    def registered(effect: Effect) -> Effect:
        _EFFECTS[kind] = effect
        return effect

    return registered


@transaction.atomic
def propose(*, proposals: Sequence[Proposal], by: User) -> list[Proposal]:
    """Hand unsaved proposals to another reviewer.

    Verdicts take effect at once where the rules in force ask for no second person, and none is
    returned. Raises ValidationError if one of the same kind waits for the target and year.
    """
    for row in proposals:
        row.proposed_by = by
    are_verdicts = all(row.kind in VERDICTS for row in proposals)
    if are_verdicts and not rules_on(timezone.localdate()).needs_second:
        _take_effect(proposals, by)
        return []
    with explained(Proposal):
        Proposal.objects.bulk_create(proposals)
    _events(proposals, "提出", by)
    count_waiting()
    return list(proposals)


@transaction.atomic
@audit.batched()
def confirm(*, keys: Iterable[int], by: User) -> list[Proposal]:
    """Have proposals take effect, all or nothing, by a second person.

    Raises ValidationError with who decided before, or with what has changed since.
    """
    rows = _waiting(keys)
    for row in rows:
        check_can_decide(proposal=row, by=by)
    with DataState.touched_once():
        _take_effect(rows, by)
        return _decided(rows, ProposalState.CONFIRMED, by)


@transaction.atomic
def send_back(*, keys: Iterable[int], by: User, reason: str) -> list[Proposal]:
    """Refuse proposals with the reason; nothing is written but that."""
    if len(reason.strip()) < REASON_LEAST:
        raise ValidationError({"reason": f"写明退回的原因（至少{REASON_LEAST}个字）"})
    rows = _waiting(keys)
    for row in rows:
        check_can_decide(proposal=row, by=by)
    return _decided(rows, ProposalState.RETURNED, by, reason.strip())


@transaction.atomic
def withdraw(*, keys: Iterable[int], by: User) -> list[Proposal]:
    """Take one's own proposals back while nobody has decided."""
    rows = _waiting(keys)
    for row in rows:
        check_can_withdraw(proposal=row, by=by)
    return _decided(rows, ProposalState.WITHDRAWN, by)


def proposer_of(*, proposal: Proposal, by: User) -> str:
    """The first of two persons by name; empty if one is enough."""
    return "" if proposal.proposed_by_id == by.pk else proposal.proposed_by.display_name


def _take_effect(rows: Sequence[Proposal], by: User) -> None:
    for kind, found in groupby(sorted(rows, key=lambda row: row.kind), lambda row: row.kind):
        _EFFECTS[ProposalKind(kind)](list(found), by)


def _waiting(keys: Iterable[int]) -> list[Proposal]:
    """The proposals locked; who comes second reads who decided."""
    named = Proposal.objects.select_related("target", "proposed_by")
    rows = list(named.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    done = [_done(row) for row in rows if row.state != ProposalState.OPEN]
    if done:
        raise ValidationError(done)
    if not rows:
        raise ValidationError("先勾选要处理的事项")
    return rows


def _done(row: Proposal) -> str:
    """T18 2025年判定：王敏已在2026年11月30日15:20确认."""
    by, at = row.decided_by, row.decided_at
    if by is None or at is None:
        raise AssertionError("the database has somebody decide")
    verb = row.get_state_display().removeprefix("已")
    return f"{row}：{by.display_name}已在{zh_datetime(at)}{verb}"


def _decided(
    rows: Sequence[Proposal], state: ProposalState, by: User, reason: str = ""
) -> list[Proposal]:
    for row in rows:
        row.state, row.decided_by, row.decided_at = state, by, timezone.now()
        row.reason = reason
    Proposal.objects.bulk_update(rows, ["state", "decided_by", "decided_at", "reason"])
    count_waiting()
    _events(rows, state.label.removeprefix("已"), by)
    return list(rows)


def _events(rows: Sequence[Proposal], verb: str, by: User) -> None:
    """The events: 提出判定, 确认判定, 退回判定, 撤回判定."""
    audit.record_all(
        (
            audit.Entry(
                action=f"{verb}{row.get_kind_display()}",
                object_type=str(Proposal._meta.verbose_name),
                object_code=row.code,
                object_name=str(row),
                changes=(("说明", "", row.words),),
                reason=row.reason,
            )
            for row in rows
        ),
        by=by,
    )
