"""Permissions on an obligation: one source for the write, the button and its tooltip.

The table of steps and states is reporting/workflow.py; the further conditions are here. Every
`check_…` raises PermissionDenied (not this person) or ConflictError (not now) with a sentence.
"""

import datetime
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone

from agencies.choices import Role
from agencies.models import User
from reporting.choices import ObligationKind, ObligationState, PeriodState
from reporting.models import Evidence, Obligation, Paper, ReportingPeriod, Submission
from reporting.policies.parties import ROLES
from reporting.policies.refusals import ConflictError
from reporting.rules import due_days
from reporting.workflow import Party, Step, transition

UNDO_MINUTES = 10


def check_step(*, step: Step, obligation: Obligation, by: User) -> None:
    """Raise if the person may not take this step with this obligation at present.

    Period and agency of the obligation must be loaded.
    """
    check_can_read(obligation=obligation, by=by)
    found = transition(step, obligation.state)
    parties = found.by if found else _parties(step)
    if not any(_is_party(party, obligation, by) for party in parties):
        names = "、".join(party.value for party in Party if party in parties)
        whose = "区发改局" if Party.REVIEWER in parties else f"{obligation.agency}的"
        raise PermissionDenied(f"“{step.label}”由{whose}{names}进行")
    if found is None:
        raise ConflictError(_not_now(step, obligation))
    for condition in _CONDITIONS.get(step, ()):
        condition(obligation, by)


def can_step(*, step: Step, obligation: Obligation, by: User) -> bool:
    """Whether `check_step` permits the step."""
    return why_not(step=step, obligation=obligation, by=by) == ""


def why_not(*, step: Step, obligation: Obligation, by: User) -> str:
    """Why the step is refused, for a button's tooltip; empty where it may be taken."""
    try:
        check_step(step=step, obligation=obligation, by=by)
    except (PermissionDenied, ConflictError) as refusal:
        return str(refusal)
    return ""


def check_can_edit(*, obligation: Obligation, by: User) -> None:
    """Raise if the person may not write into the obligation at present."""
    check_step(step=Step.EDIT, obligation=obligation, by=by)


def check_can_read(*, obligation: Obligation, by: User) -> None:
    """Raise PermissionDenied for an obligation of another agency.

    Its own agency and the bureau's reviewers read it; a contribution is also read by the agency
    that leads or convenes its task.
    """
    if by.has_role(Role.REVIEWER):
        return
    if by.has_role(Role.REPORTER, Role.SIGNER) and by.agency_id in _reading_agencies(obligation):
        return
    raise PermissionDenied(f"这是{obligation.agency}的填报事项，您的账号不属于这个单位")


def readable(*, by: User, path: str = "") -> Q:
    """`check_can_read` as a filter on obligations, or on rows that lead to one by `path`."""
    if by.has_role(Role.REVIEWER):
        return Q(**{f"{path}pk__isnull": False})
    if not by.has_role(Role.REPORTER, Role.SIGNER):
        return Q(**{f"{path}pk__isnull": True})
    of = {f"{path}kind": ObligationKind.CONTRIBUTION}
    led = Q(**{f"{path}task__lead": by.agency_id}) | Q(**{f"{path}task__convenor": by.agency_id})
    return Q(**{f"{path}agency": by.agency_id}) | (Q(**of) & led)


def _reading_agencies(obligation: Obligation) -> set[int | None]:
    found: set[int | None] = {obligation.agency_id}
    if obligation.kind == ObligationKind.CONTRIBUTION and obligation.task:
        found |= {obligation.task.lead_id, obligation.task.convenor_id} - {None}
    return found


def check_can_read_evidence(*, evidence: Evidence, by: User) -> None:
    """Raise PermissionDenied for a file of an obligation that the person may not read.

    Leaders read the evidence of approved figures only.
    """
    if not (evidence.is_locked and by.has_role(Role.LEADER)):
        check_can_read(obligation=evidence.obligation, by=by)


def reads_whole(*, submission: Submission | Paper, by: User) -> bool:
    """Whether the person also reads the parts of a submission, or of a sheet, not approved yet.

    Its own agency does, and the agency that has taken that one over.
    """
    whose = {submission.agency_id, submission.agency.successor_id} - {None}
    is_own = by.has_role(Role.REPORTER, Role.SIGNER) and by.agency_id in whose
    return is_own or by.has_role(Role.REVIEWER)


def check_can_read_submission(*, submission: Submission, by: User) -> None:
    """Raise PermissionDenied for another agency's submission, except for reviewers and leaders."""
    if not (reads_whole(submission=submission, by=by) or by.has_role(Role.LEADER)):
        raise PermissionDenied(f"这是{submission.agency}的报送，您的账号不属于这个单位")


def check_can_read_paper(*, paper: Paper, by: User) -> None:
    """Raise PermissionDenied for another agency's sheet for the stamp, except for reviewers."""
    if not reads_whole(submission=paper, by=by):
        raise PermissionDenied(f"这是{paper.agency}的报送件，您的账号不属于这个单位")


def check_can_review(*, by: User) -> None:
    """Raise PermissionDenied for everybody except the bureau's reviewers."""
    if not by.has_role(Role.REVIEWER):
        raise PermissionDenied("审核由区发改局审核员进行")


def check_can_keep_periods(*, by: User | None) -> None:
    """Raise PermissionDenied unless administrator, reviewer or a command (None)."""
    if by is not None and not by.has_role(Role.ADMINISTRATOR, Role.REVIEWER):
        raise PermissionDenied("填报期和填报规则由区发改局审核员或管理员维护")


def check_can_report(*, by: User) -> None:
    """Raise PermissionDenied unless the person fills in or signs for an agency."""
    if not by.has_role(Role.REPORTER, Role.SIGNER) or by.agency_id is None:
        raise PermissionDenied("填报由各单位的填报员和单位审核人进行")


def is_own(*, obligation: Obligation, by: User) -> bool:
    """Whether the person entered or signed the obligation."""
    return by.pk in obligation.editors or by.pk == obligation.signer_id


def due_day(*, obligation: Obligation) -> datetime.date | None:
    """The one day by which its agency has to act, as every page says it.

    Of the return, else of the extension, else of the period; None for a correction.
    """
    return due_days.binding_day(
        answer_due=obligation.answer_due,
        is_correction=obligation.is_correction,
        extended=obligation.due_on,
        period_due=obligation.period.due_on,
    )


def report_day(*, obligation: Obligation) -> datetime.date:
    """The day by which its first report has to come, whatever was returned since."""
    return due_days.report_day(extended=obligation.due_on, period_due=obligation.period.due_on)


def judged_day(*, obligation: Obligation) -> datetime.date:
    """The day by which its punctuality is judged: that of the report at its first submission."""
    return obligation.was_due_on or report_day(obligation=obligation)


def is_writable_time(*, obligation: Obligation, today: datetime.date | None = None) -> bool:
    """Whether the agency may write: period open, extended, unlocked, returned or being corrected.

    A returned obligation stays writable until it is approved, also while it is signed or withdrawn.
    """
    today = today or timezone.localdate()
    is_back = obligation.returns or obligation.state == ObligationState.RETURNED
    if is_back or obligation.is_correction:
        return True
    granted = [obligation.unlocked_until]
    if obligation.period.state != PeriodState.PLANNED:
        granted.append(obligation.due_on)  # an extension outlives a period that closes early
    if any(day and today <= day for day in granted):
        return True
    return is_open(period=obligation.period, today=today)


def is_open(*, period: ReportingPeriod, today: datetime.date | None = None) -> bool:
    """Whether a period takes entries: opened, and its last day is not over."""
    today = today or timezone.localdate()
    return period.state == PeriodState.OPEN and today <= period.closes_on


def _parties(step: Step) -> frozenset[Party]:
    return frozenset().union(
        *(found.by for state in ObligationState if (found := transition(step, state)))
    )


def _is_party(party: Party, obligation: Obligation, by: User) -> bool:
    if not by.has_role(ROLES[party]):
        return False
    return party == Party.REVIEWER or by.agency_id == obligation.agency_id


def _not_now(step: Step, obligation: Obligation) -> str:
    state = ObligationState(obligation.state)
    if step in {Step.WITHDRAW, Step.EDIT} and state == ObligationState.REVIEWING:
        return f"区发改局已经开始审核{obligation.subject_code}，不能撤回；需要修改时告诉审核员退回"
    if step == Step.EDIT:
        return {
            ObligationState.APPROVED: "本项已审核通过并锁定，要修改时用“更正”",
            ObligationState.SIGNING: "本项正在等本单位审核人审核，要修改时先撤回",
        }.get(state, "本项已报送区发改局，要修改时先撤回")
    return f"{obligation.subject_code}现在是“{state.label}”，不能{step.label}；刷新页面看最新情况"


def _refuse_own_entry(obligation: Obligation, by: User) -> None:
    """Refuse own entries: four eyes. The bureau's own obligations are no exception."""
    if is_own(obligation=obligation, by=by):
        raise PermissionDenied("您是本项填报人，请由其他审核员审核")


def _require_second_person(obligation: Obligation, by: User) -> None:
    if by.pk in obligation.editors or by.pk == obligation.preparer_id:
        raise PermissionDenied("您是本项填报人，请由本单位另一位审核人审核")


def _require_writable_time(obligation: Obligation, by: User) -> None:  # noqa: ARG001
    if not is_writable_time(obligation=obligation):
        period = obligation.period
        word = "还没有开放" if period.state == PeriodState.PLANNED else "已经关闭"
        raise ConflictError(f"{period}填报{word}，需要补报或修改时提出解锁申请")
    if obligation.dropped_on:
        raise ConflictError(f"本项不再需要填报：{obligation.dropped_because}")


def _require_undo_time(obligation: Obligation, by: User) -> None:  # noqa: ARG001
    limit = datetime.timedelta(minutes=UNDO_MINUTES)
    if obligation.decided_at is None or timezone.now() - obligation.decided_at > limit:
        raise ConflictError(f"通过已超过{UNDO_MINUTES}分钟，不能撤销；需要修改时用“更正”")


def _require_correction(obligation: Obligation, by: User) -> None:  # noqa: ARG001
    if not obligation.is_correction:
        raise ConflictError("本项没有在更正")


Condition = Callable[[Obligation, User], None]
_CONDITIONS: dict[Step, tuple[Condition, ...]] = {
    Step.EDIT: (_require_writable_time,),
    Step.HAND_OVER: (_require_writable_time,),
    Step.SUBMIT: (_require_writable_time,),
    Step.SIGN: (_require_writable_time, _require_second_person),
    Step.SEND_BACK: (),
    Step.WITHDRAW: (_require_writable_time,),
    Step.BEGIN_REVIEW: (_refuse_own_entry,),
    Step.RETURN: (_refuse_own_entry,),
    Step.APPROVE: (_refuse_own_entry,),
    Step.UNDO_APPROVAL: (_refuse_own_entry, _require_undo_time),
    Step.DROP_CORRECTION: (_require_correction,),
}
