"""Who may hand over a colleague's open work, and who reads what was handed over."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from agencies.choices import Role
from agencies.models import Agency, User
from reporting.models import Handover


def check_can_hand_over(*, agency: Agency, by: User) -> None:
    """Raise PermissionDenied unless administrator, or a signer of this agency."""
    is_own = by.has_role(Role.SIGNER) and by.agency_id == agency.pk
    if not (is_own or by.has_role(Role.ADMINISTRATOR)):
        raise PermissionDenied(f"{agency}的交接由{agency}的单位审核人或管理员办理")


def check_can_change_accounts(*, by: User) -> None:
    """Raise PermissionDenied for all but administrators, who alone change roles and accounts."""
    if not by.has_role(Role.ADMINISTRATOR):
        raise PermissionDenied("角色的变动和账号的停用由管理员办理")


def readable_handovers(*, by: User) -> Q:
    """Own handovers; for a signer the agency's too, for an administrator all."""
    if by.has_role(Role.ADMINISTRATOR):
        return Q()
    own = Q(giver=by) | Q(receiver=by)
    return own | Q(agency=by.agency_id) if by.has_role(Role.SIGNER) else own


def check_can_read_handover(*, handover: Handover, by: User) -> None:
    """Raise PermissionDenied unless `readable_handovers` has it."""
    own = by.pk in {handover.giver_id, handover.receiver_id}
    signs = by.has_role(Role.SIGNER) and by.agency_id == handover.agency_id
    if not (own or signs or by.has_role(Role.ADMINISTRATOR)):
        raise PermissionDenied(f"这是{handover.agency_name}的交接单，由交接双方和该单位审核人查看")
