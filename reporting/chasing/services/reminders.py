"""Reminders: each is created once, even if requested twice; marked as read, sent by e-mail."""

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agencies.choices import Role
from agencies.models import Agency, User
from audit import services as audit
from common.web.input_cleaning import fitting
from reporting.chasing import rules
from reporting.chasing.selectors.due_reminders import due_reminders
from reporting.choices import ObligationState, PeriodState, Tier
from reporting.models import Obligation, Reminder, ReportingPeriod
from reporting.policies import ConflictError, check_can_review, due_day

MAILED_FOR = datetime.timedelta(days=2)
"""After so long a failing e-mail is given up: the application has shown the reminder."""
_TEXT_MOST = 2000


@transaction.atomic
def send_due(*, today: datetime.date) -> list[Reminder]:
    """Create the reminders of a working day; a second call creates none.

    Rows of open periods are locked, so that two jobs run one after the other. An interrupted job is
    rolled back, and the next one starts anew.
    """
    periods = list(
        ReportingPeriod.objects.select_for_update().filter(state=PeriodState.OPEN).order_by("pk")
    )
    due = due_reminders(today=today, contact=settings.CONTACT, periods=periods)
    return _make(
        [
            Reminder(
                key=one.keys[0],
                tier=one.tier,
                period=one.period,
                agency=one.agency,
                user=one.user,
                text=one.text,
                items={"keys": list(one.keys), "codes": list(one.codes)},
            )
            for one in due
        ],
        by=None,
    )


@transaction.atomic
def send_by_hand(
    *,
    period: ReportingPeriod,
    texts: Sequence[tuple[Agency, str]],
    token: str,
    by: User,
) -> list[Reminder]:
    """Remind agencies now. `token` identifies the page sent, so that a second click adds none."""
    check_can_review(by=by)
    if not texts:
        raise ValidationError("先选出要提醒的单位")
    if any(not text.strip() for _, text in texts):
        raise ValidationError("提醒的内容不能为空")
    # One after the other: the second of two clicks finds the keys of the first.
    ReportingPeriod.objects.select_for_update().get(pk=period.pk)
    return _make(
        [
            Reminder(
                key=f"{period.code} {agency.code} hand {token}"[:120],
                tier=Tier.HAND,
                period=period,
                agency=agency,
                text=fitting(text, label=f"给{agency}的提醒", most=_TEXT_MOST),
                sent_by=by.display_name,
            )
            for agency, text in texts
        ],
        by=by,
    )


@transaction.atomic
def remind_signers(*, period: ReportingPeriod, by: User) -> list[Reminder]:
    """A reporter reminds the own agency's signers of what waits for them; once a day."""
    if not by.has_role(Role.REPORTER) or by.agency is None:
        raise PermissionDenied("提醒本单位审核人由本单位填报员进行")
    # One after the other: the second of two clicks finds the keys of the first.
    Agency.objects.select_for_update().get(pk=by.agency.pk)
    waiting = Obligation.objects.owed().filter(
        agency=by.agency, period=period, state=ObligationState.SIGNING
    )
    rows = list(waiting.with_subjects().in_plan_order())
    signers = list(
        User.objects.filter(agency=by.agency, is_active=True, roles__contains=[Role.SIGNER])
    )
    if not rows or not signers:
        raise ConflictError("现在没有等本单位审核人审核的事项；刷新页面看最新情况")
    text = rules.signing_text(
        period=str(period),
        codes=[row.subject_code for row in rows],
        due=min((day for row in rows if (day := due_day(obligation=row))), default=None),
        by=by.display_name,
    )
    mark = rules.signing_mark(timezone.localdate())
    made = _make(
        [
            Reminder(
                key=f"{period.code} {user.username}{mark}",
                tier=Tier.HAND,
                period=period,
                user=user,
                text=text,
                sent_by=by.display_name,
            )
            for user in signers
        ],
        by=by,
    )
    if not made:
        raise ConflictError("今天已经提醒过；每天提醒一次")
    return made


def send_one(*, period: ReportingPeriod, agency: Agency, key: str, text: str, by: User) -> None:
    """Remind one agency of a decision; the decision itself is in the ledger."""
    note = Reminder(
        key=key, tier=Tier.HAND, period=period, agency=agency, text=text, sent_by=by.display_name
    )
    Reminder.objects.bulk_create([note], ignore_conflicts=True)


@transaction.atomic
def mark_read(*, pk: int, by: User) -> Reminder:
    """Mark a reminder as read, for everybody of the agency. Idempotent."""
    row = Reminder.objects.select_for_update(of=("self",)).select_related("period").get(pk=pk)
    is_mine = row.user_id == by.pk if row.user_id else (
        row.agency_id == by.agency_id and by.has_role(Role.REPORTER, Role.SIGNER)
    )  # fmt: skip
    if not is_mine:
        raise PermissionDenied("这条提醒是发给别人的")
    if row.read_at is None:
        row.read_at, row.read_by = timezone.now(), by.display_name
        row.save(update_fields=["read_at", "read_by"])
        audit.record(_entry(row, "阅读提醒"), by=by)
    return row


def mail_pending() -> int:
    """Send the e-mails not sent yet; returns how many reminders went out.

    Each is sent and marked in a transaction of its own. A worker that dies between the two sends it
    again with the same Message-ID, by which mail servers recognise the second copy. Raises the last
    refusal, after all others were sent.
    """
    if not settings.EMAIL_HOST:
        return 0
    fresh = Q(mailed_at=None, sent_at__gte=timezone.now() - MAILED_FOR)
    waiting = list(Reminder.objects.filter(fresh).order_by("pk").values_list("pk", flat=True))
    sent, refused = 0, None
    with get_connection() as connection:
        for pk in waiting:
            try:
                sent += _mail(pk, connection)
            except (SMTPRecipientsRefused, SMTPResponseException) as error:
                refused = error  # the others go out first
    if refused:
        raise refused
    return sent


@transaction.atomic
def _mail(pk: int, connection: object) -> bool:
    row = (
        # A locked row is being sent by another worker.
        Reminder.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("period", "agency", "user")
        .filter(pk=pk, mailed_at=None)
        .first()
    )
    if row is None:
        return False
    to = _addresses(row)
    if to:
        name = hashlib.sha256(row.key.encode()).hexdigest()[:32]
        host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
        EmailMessage(
            subject=f"{row.period}碳达峰进展填报：{row.get_tier_display()}",
            body=row.text,
            to=to,
            headers={"Message-ID": f"<{name}@{host}>"},
            connection=connection,  # type: ignore[arg-type]
        ).send()
        audit.record(_entry(row, "发送邮件", (("收件人", "", "、".join(to)),)), by=None)
    row.mailed_to, row.mailed_at = to, timezone.now()
    row.save(update_fields=["mailed_to", "mailed_at"])
    return bool(to)


def _addresses(row: Reminder) -> list[str]:
    """E-mail addresses of the reviewer, or of the agency's reporters and signers."""
    if row.user:
        return [row.user.email] if row.user.email and row.user.is_active else []
    people = User.objects.filter(
        agency=row.agency_id, is_active=True, roles__overlap=[Role.REPORTER, Role.SIGNER]
    ).exclude(email="")
    return sorted(set(people.values_list("email", flat=True)))


def _make(wanted: list[Reminder], *, by: User | None) -> list[Reminder]:
    """Insert the reminders that do not exist yet, with an event for each; four statements."""
    known = set(
        Reminder.objects.filter(key__in=[row.key for row in wanted]).values_list("key", flat=True)
    )
    new = [row for row in wanted if row.key not in known]
    Reminder.objects.bulk_create(new, ignore_conflicts=True)
    audit.record_all((_entry(row, "提醒", (("内容", "", row.text),)) for row in new), by=by)
    return list(Reminder.objects.filter(key__in=[row.key for row in new]).order_by("pk"))


def _entry(row: Reminder, action: str, changes: Iterable[audit.Change] = ()) -> audit.Entry:
    return audit.Entry(action, "提醒", row.code, str(row), changes=tuple(changes))
