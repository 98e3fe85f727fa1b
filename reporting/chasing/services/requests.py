"""Time requests: an agency asks before the due day or after closing; the bureau decides."""

import datetime
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agencies.choices import Role
from agencies.models import Agency, User
from audit import services as audit
from common.database.constraints import explained
from common.formats import zh_date, zh_day
from common.web.input_cleaning import fitting
from reporting.answers.selectors.unread_reminders import OUTCOME
from reporting.chasing.services.reminders import send_one
from reporting.choices import AT_AGENCY, PeriodState, RequestKind, RequestState
from reporting.models import Obligation, ObligationQuerySet, ReportingPeriod, TimeRequest
from reporting.policies import (
    ConflictError,
    check_can_report,
    check_can_review,
    is_open,
    report_day,
)

REASON_LEAST = 5


@transaction.atomic
def ask(
    *,
    period: ReportingPeriod,
    until: datetime.date,
    reason: str,
    by: User,
    obligation: Obligation | None = None,
) -> TimeRequest:
    """Ask for one obligation, or for all of the agency.

    While the period is open it is an extension, asked for by the due day and ending before the
    period closes; afterwards an unlocking.

    Raises ConflictError at the wrong time, ValidationError for a wrong day or reason.
    """
    check_can_report(by=by)
    assert by.agency is not None  # noqa: S101 - the policy has checked it
    if obligation is not None and obligation.agency_id != by.agency_id:
        raise PermissionDenied(f"这是{obligation.agency}的填报事项，您的账号不属于这个单位")
    today = timezone.localdate()
    kind = kind_now(period=period, today=today)
    _check_reason(reason)
    if kind == RequestKind.EXTENSION:
        _check_extension(period, obligation, until, today)
    elif until < today:
        raise ValidationError({"until": "解锁日期不能早于今天"})
    request = TimeRequest(
        kind=kind,
        period=period,
        agency=by.agency,
        obligation=obligation,
        until=until,
        reason=reason.strip(),
        asked_by=by.display_name,
    )
    if not _concerned(request).exists():
        raise ConflictError("没有可以申请的事项：都已报送，或不再应报")
    with explained(TimeRequest):
        audit.save(request, by=by, action=request.get_kind_display(), reason=request.reason)
    return request


@transaction.atomic
def decide(
    *, pk: int, grant: bool, by: User, note: str = "", until: datetime.date | None = None
) -> TimeRequest:
    """Grant a request, with an optional other day, or refuse it with a reason; once."""
    check_can_review(by=by)
    # Locked, so that of two reviewers who decide at once the second gets a ConflictError.
    request = (
        TimeRequest.objects.select_for_update(of=("self",))
        .select_related("period", "agency", "obligation")
        .get(pk=pk)
    )
    if request.state != RequestState.PENDING:
        raise ConflictError(f"这份申请已由{request.decided_by}决定：{request.get_state_display()}")
    if request.agency_id == by.agency_id and request.asked_by == by.display_name:
        raise PermissionDenied("这是您自己提出的申请，请由其他审核员决定")
    if not grant and len(note.strip()) < REASON_LEAST:
        raise ValidationError({"note": f"不同意时写明理由（至少{REASON_LEAST}个字）"})
    request.state = RequestState.GRANTED if grant else RequestState.REFUSED
    request.until = until or request.until
    request.note = fitting(note, label="说明", most=500)
    request.decided_by = by.display_name
    request.decided_at = timezone.now()
    if grant:
        if request.until < timezone.localdate():
            raise ValidationError({"until": "日期不能早于今天"})
        _grant(request)
    action = f"{request.get_state_display()}{request.get_kind_display()}"
    audit.save(request, by=by, action=action, reason=request.note)
    _send_outcome(request, by)
    return request


@transaction.atomic
def extend(
    *,
    period: ReportingPeriod,
    agencies: Sequence[Agency],
    until: datetime.date,
    reason: str,
    by: User,
) -> list[TimeRequest]:
    """Give agencies more time without a request; recorded and counted like a granted one.

    Nobody extends obligations that they fill in themselves. Submitted ones keep their due day.
    """
    check_can_review(by=by)
    _check_reason(reason)
    today = timezone.localdate()
    if kind_now(period=period, today=today) != RequestKind.EXTENSION:
        raise ConflictError(f"{period}填报已经关闭，不能延期；由单位申请解锁")
    if until <= max(today, period.due_on):
        raise ValidationError({"until": f"要晚于今天和截止日期（{zh_day(period.due_on)}）"})
    _check_before_closing(period, until)
    for agency in agencies:
        if agency.pk == by.agency_id and by.has_role(Role.REPORTER, Role.SIGNER):
            raise PermissionDenied(f"{agency}的事项由您填报，延期由其他审核员决定")
    now = timezone.now()
    done = [
        TimeRequest(
            kind=RequestKind.EXTENSION, period=period, agency=agency, until=until,
            reason=reason.strip(), asked_by=by.display_name, state=RequestState.GRANTED,
            decided_by=by.display_name, decided_at=now,
        )
        for agency in agencies
    ]  # fmt: skip
    TimeRequest.objects.bulk_create(done)
    _extendable(Q(period=period, agency__in=agencies), until).update(due_on=until)
    audit.record_all(
        (
            audit.Entry(
                "延期", "延期和解锁", one.code, str(one.agency),
                changes=(("延至", "", f"{until}"),), reason=one.reason,
            )
            for one in done
        ),
        by=by,
    )  # fmt: skip
    return done


def kind_now(*, period: ReportingPeriod, today: datetime.date) -> RequestKind:
    """The kind of request possible now. Raises ConflictError before a period is opened."""
    if period.state == PeriodState.PLANNED:
        raise ConflictError(f"{period}填报还没有开放")
    is_extension = is_open(period=period, today=today)
    return RequestKind.EXTENSION if is_extension else RequestKind.UNLOCK


def _check_extension(
    period: ReportingPeriod,
    obligation: Obligation | None,
    until: datetime.date,
    today: datetime.date,
) -> None:
    due = report_day(obligation=obligation) if obligation else period.due_on
    if period.is_backfill:
        raise ConflictError("补录不计逾期，关闭以前都可以报送，不用申请延期")
    if today > due:
        raise ConflictError(
            f"{zh_day(due)}已经截止，不能申请延期；尽快报送，确有原因的告诉区发改局"
        )
    if until <= due:
        raise ValidationError({"until": f"延期的日期要晚于截止日期（{zh_date(due)}）"})
    _check_before_closing(period, until)


def _check_before_closing(period: ReportingPeriod, until: datetime.date) -> None:
    if until > period.closes_on:
        raise ValidationError({"until": f"不能晚于关闭日期（{zh_date(period.closes_on)}）"})


def _check_reason(reason: str) -> None:
    if len(reason.strip()) < REASON_LEAST:
        raise ValidationError({"reason": f"写明理由（至少{REASON_LEAST}个字）"})


def _concerned(request: TimeRequest) -> ObligationQuerySet:
    """Obligations that a request can change: an extension only those never submitted."""
    of = Q(period=request.period, agency=request.agency)
    if request.obligation_id:
        of &= Q(pk=request.obligation_id)
    if request.kind == RequestKind.EXTENSION:
        return _extendable(of, request.until)
    return Obligation.objects.owed().filter(of, state__in=AT_AGENCY)


def _extendable(of: Q, until: datetime.date) -> ObligationQuerySet:
    """Obligations never submitted and without a longer extension; the others keep their day."""
    shorter = Q(due_on=None) | Q(due_on__lt=until)
    return Obligation.objects.owed().filter(of, shorter, first_submitted_at=None)


def _grant(request: TimeRequest) -> None:
    if request.kind == RequestKind.EXTENSION:
        _check_before_closing(request.period, request.until)
        _concerned(request).update(due_on=request.until)
    else:
        _concerned(request).update(unlocked_until=request.until)


def _send_outcome(request: TimeRequest, by: User) -> None:
    """Remind the agency of the decision, so that it sees it among its unread reminders."""
    what = request.obligation.subject_code if request.obligation else "全部未报事项"
    answer = (
        f"，{'延' if request.kind == RequestKind.EXTENSION else '解锁'}至{zh_date(request.until)}"
    )
    text = (
        f"{request.period}{what}的{request.get_kind_display()}：{request.get_state_display()}"
        f"{answer if request.state == RequestState.GRANTED else ''}"
        f"{f'。{request.note}' if request.note else ''}"
    )
    send_one(
        period=request.period,
        agency=request.agency,
        key=f"{OUTCOME} {request.pk}",
        text=text,
        by=by,
    )
