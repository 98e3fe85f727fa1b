"""Who may do what."""

from django.core.exceptions import PermissionDenied

from agencies.choices import Role
from agencies.models import User


def check_can_manage(by: User | None) -> None:
    """Raise PermissionDenied with a sentence. Commands (None) may: the operator runs them."""
    if by is not None and not by.has_role(Role.ADMINISTRATOR):
        raise PermissionDenied("这项操作只能由管理员进行，请联系本系统管理员")


def can_manage(by: User | None) -> bool:
    """True where `check_can_manage` lets pass."""
    return by is None or by.has_role(Role.ADMINISTRATOR)
