"""The ledger of risks, kept by the bureau (方案 五（三）)."""

from django.core.exceptions import PermissionDenied

from agencies.models import User
from agencies.policies import Action, can
from audit import services as audit
from audit.models import AuditEvent
from reporting.models import Risk


def save_risk(*, risk: Risk, by: User, reason: str = "") -> AuditEvent | None:
    """Add or change a row; None where nothing changed. Closing needs a note on what was done."""
    if not can(by, Action.KEEP_RISKS):
        raise PermissionDenied("重点风险台账由区发改局审核员维护")
    if risk._state.adding:
        risk.recorded_by = by.display_name
    return audit.save(risk, by=by, reason=reason)
