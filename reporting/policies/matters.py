"""Permissions on a matter: one source for the write, the button and its tooltip.

The table of steps and states is MATTER_TRANSITIONS of reporting/workflow.py.
"""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from agencies.choices import Role
from agencies.models import User
from reporting.choices import MatterState, MatterStep
from reporting.models import Matter
from reporting.policies.parties import ROLES
from reporting.policies.refusals import ConflictError
from reporting.workflow import Party, matter_transition


def reads_whole_matter(*, matter: Matter, by: User) -> bool:
    """Whether the person also reads 批示 and steps; others read only the row of the ledger."""
    if by.has_role(Role.REVIEWER, Role.LEADER):
        return True
    whose = {matter.agency_id, matter.handler_id} - {None}
    return by.has_role(Role.REPORTER, Role.SIGNER) and by.agency_id in whose


def check_can_read_matter(*, matter: Matter, by: User) -> None:
    """Raise PermissionDenied for another agency's matter that is not in the ledger of risks."""
    if not (matter.in_ledger or reads_whole_matter(matter=matter, by=by)):
        raise PermissionDenied("这件事项由其他单位提出和承办，您的账号不属于这些单位")


def readable_matters(*, by: User) -> Q:
    """`check_can_read_matter` as a filter."""
    if by.has_role(Role.REVIEWER, Role.LEADER):
        return Q()
    if by.agency_id is None or not by.has_role(Role.REPORTER, Role.SIGNER):
        return Q(in_ledger=True)
    return Q(in_ledger=True) | Q(agency=by.agency_id) | Q(handler=by.agency_id)


def check_can_keep_matters(*, by: User) -> None:
    """Raise PermissionDenied for everybody except the bureau's reviewers."""
    if not by.has_role(Role.REVIEWER):
        raise PermissionDenied("事项由区发改局审核员登记和办理")


def check_matter_step(*, step: MatterStep, matter: Matter, by: User) -> None:
    """Raise if the person may not take this step with this matter at present."""
    check_can_read_matter(matter=matter, by=by)
    parties = frozenset().union(
        *(found.by for state in MatterState if (found := matter_transition(step, state)))
    )
    if not any(_is_handling(party, matter, by) for party in parties):
        whose = "区发改局审核员" if len(parties) == 1 else "承办单位和区发改局审核员"
        raise PermissionDenied(f"“{step.label}”由{whose}进行")
    if matter_transition(step, matter.state) is None:
        state = MatterState(matter.state).label
        raise ConflictError(f"这件事项现在是“{state}”，不能{step.label}；刷新页面看最新情况")
    if condition := _MATTER_CONDITIONS.get(step):
        condition(matter, by)


def why_not_matter(*, step: MatterStep, matter: Matter, by: User) -> str:
    """Why the step is refused, for a button's tooltip; empty where it may be taken."""
    try:
        check_matter_step(step=step, matter=matter, by=by)
    except (PermissionDenied, ConflictError) as refusal:
        return str(refusal)
    return ""


def _is_handling(party: Party, matter: Matter, by: User) -> bool:
    if not by.has_role(ROLES[party]):
        return False
    return party == Party.REVIEWER or (by.agency_id == matter.handler_id is not None)


def _is_not_closing(matter: Matter, by: User) -> None:  # noqa: ARG001
    if matter.is_closing:
        raise ConflictError(f"{matter.closing_by}已经提出销号，等另一名审核员确认")


def _proposed_by_another(matter: Matter, by: User) -> None:
    _is_proposed(matter)
    if matter.closing_by_id == by.pk:
        raise PermissionDenied("销号是您提出的，请由另一名审核员确认")


def _proposed_by_oneself(matter: Matter, by: User) -> None:
    _is_proposed(matter)
    if matter.closing_by_id != by.pk:
        raise PermissionDenied(f"销号是{matter.closing_by}提出的，由本人撤回")


def _is_proposed(matter: Matter) -> None:
    if not matter.is_closing:
        raise ConflictError("现在没有等确认的销号；刷新页面看最新情况")


_MATTER_CONDITIONS: dict[MatterStep, Callable[[Matter, User], None]] = {
    MatterStep.PROPOSE_CLOSING: _is_not_closing,
    MatterStep.WITHDRAW_CLOSING: _proposed_by_oneself,
    MatterStep.REFUSE_CLOSING: _proposed_by_another,
    MatterStep.CLOSE: _proposed_by_another,
}
