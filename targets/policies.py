"""Who settles milestones, who sets lights by hand, who changes the rules of judging."""

from django.core.exceptions import PermissionDenied

from agencies.choices import Role
from agencies.models import User
from agencies.policies import Action, check
from targets.models import Proposal, RuleProposal


def check_can_settle(*, by: User | None) -> None:
    """Raise PermissionDenied for everybody but the bureau's reviewers, commands (None) too."""
    if not can_settle(by=by):
        raise PermissionDenied("阶段目标由区发改局审核员判定")


def can_settle(*, by: User | None) -> bool:
    """Whether `check_can_settle` passes."""
    return by is not None and by.has_role(Role.REVIEWER)


def check_can_propose_base(*, by: User | None) -> None:
    """Raise PermissionDenied unless reviewer or administrator."""
    check(by, Action.ENTER_BASE)


def check_can_override(*, by: User | None) -> None:
    """Raise PermissionDenied for everybody but the bureau's reviewers, commands (None) too."""
    if not can_settle(by=by):
        raise PermissionDenied("预警等级由区发改局审核员判定")


def check_can_keep_rules(*, by: User | None) -> None:
    """Raise PermissionDenied unless administrator or reviewer; commands (None) may."""
    if by is not None and not by.has_role(Role.ADMINISTRATOR, Role.REVIEWER):
        raise PermissionDenied("判定规则由区发改局审核员或管理员维护")


def check_can_decide(*, proposal: Proposal, by: User | None) -> None:
    """Raise PermissionDenied unless a reviewer who did not propose it."""
    if by is None or not by.has_role(Role.REVIEWER):
        raise PermissionDenied("提请事项由区发改局审核员确认或退回")
    if by.pk == proposal.proposed_by_id:
        raise PermissionDenied("自己提出的事项由另一位审核员确认或退回，自己可以撤回")


def can_decide(*, proposal: Proposal, by: User | None) -> bool:
    """Whether `check_can_decide` passes."""
    return can_settle(by=by) and by is not None and by.pk != proposal.proposed_by_id


def check_can_withdraw(*, proposal: Proposal, by: User | None) -> None:
    """Raise PermissionDenied for everybody but who proposed it."""
    if by is None or by.pk != proposal.proposed_by_id:
        raise PermissionDenied("只有提出的人可以撤回")


def check_can_confirm_rules(*, proposal: RuleProposal, by: User | None) -> None:
    """Raise PermissionDenied unless administrator or reviewer, and another than who proposed."""
    if by is None or not by.has_role(Role.ADMINISTRATOR, Role.REVIEWER):
        raise PermissionDenied("判定规则由区发改局审核员或管理员维护")
    if proposal.proposer_id == by.pk:
        raise PermissionDenied("提出的人不能自己确认，请另一位审核员或管理员确认")


def can_confirm_rules(*, proposal: RuleProposal, by: User | None) -> bool:
    """Whether `check_can_confirm_rules` passes."""
    try:
        check_can_confirm_rules(proposal=proposal, by=by)
    except PermissionDenied:
        return False
    return True
