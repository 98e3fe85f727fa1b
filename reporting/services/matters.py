"""重大问题: reported by agencies at any time, answered by the bureau (方案 五（二）)."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from agencies.models import User
from audit import services as audit
from reporting.choices import MatterState
from reporting.models import Matter, Risk
from reporting.policies import ConflictError, check_can_report, check_can_review


def report(*, matter: Matter, by: User) -> Matter:
    """Report an important matter to the bureau in the name of the person's agency."""
    check_can_report(by=by)
    matter.agency, matter.reported_by = by.agency, by.display_name  # type: ignore[assignment]
    matter.agency_name = matter.agency.name
    audit.save(matter, by=by, action="报告重大问题")
    return matter


@transaction.atomic
def answer(*, pk: int, text: str, by: User) -> Matter:
    """Answer a matter without a row of the ledger. Raises ConflictError where it is handled."""
    matter = _waiting(pk, by)
    return _handle(matter, MatterState.ANSWERED, text, by)


@transaction.atomic
def take_into_ledger(*, pk: int, risk: Risk, text: str, by: User) -> Risk:
    """Answer a matter and make it a row of the ledger of risks, in one step."""
    matter = _waiting(pk, by)
    risk.matter, risk.recorded_by = matter, by.display_name
    audit.save(risk, by=by, action="列入风险台账")
    _handle(matter, MatterState.ACCEPTED, text or "已列入重点风险台账", by)
    return risk


def check_can_read(*, matter: Matter, by: User) -> None:
    """Raise PermissionDenied for a matter of another agency."""
    try:
        check_can_review(by=by)
    except PermissionDenied:
        if by.agency_id != matter.agency_id:
            raise PermissionDenied(
                f"这是{matter.agency}报告的问题，您的账号不属于这个单位"
            ) from None


def _waiting(pk: int, by: User) -> Matter:
    check_can_review(by=by)
    matter = Matter.objects.select_for_update(of=("self",)).select_related("agency").get(pk=pk)
    if matter.state != MatterState.REPORTED:
        said = f"{matter.answered_by}已经处理：{matter.get_state_display()}"
        raise ConflictError(f"{said}，刷新页面看最新情况")
    return matter


def _handle(matter: Matter, state: MatterState, text: str, by: User) -> Matter:
    if not text.strip():
        raise ValidationError({"answer": "写明答复"})
    matter.state, matter.answer = state, text.strip()
    matter.answered_by, matter.answered_at = by.display_name, timezone.now()
    audit.save(matter, by=by, action="处理重大问题")
    return matter
