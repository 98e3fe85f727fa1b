"""Who settles milestones, who sets lights by hand, who changes the rules of judging."""

from django.core.exceptions import PermissionDenied

from agencies.choices import Role
from agencies.models import User


def check_can_settle(*, by: User | None) -> None:
    """Raise PermissionDenied for everybody but the bureau's reviewers, commands (None) too."""
    if not can_settle(by=by):
        raise PermissionDenied("阶段目标由区发改局审核员判定")


def can_settle(*, by: User | None) -> bool:
    """True where `check_can_settle` lets pass."""
    return by is not None and by.has_role(Role.REVIEWER)


def check_can_override(*, by: User | None) -> None:
    """Raise PermissionDenied for everybody but the bureau's reviewers, commands (None) too."""
    if not can_settle(by=by):
        raise PermissionDenied("预警等级由区发改局审核员判定")


def check_can_keep_rules(*, by: User | None) -> None:
    """Raise PermissionDenied unless administrator or reviewer; commands (None) may."""
    if by is not None and not by.has_role(Role.ADMINISTRATOR, Role.REVIEWER):
        raise PermissionDenied("判定规则由区发改局审核员或管理员维护")
