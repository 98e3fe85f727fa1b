"""Jobs that beat schedules. Each may run twice, late or be cut off: services are idempotent."""

from celery import shared_task
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from agencies.services import notices, sign_ins
from reporting.chasing.services import reminders
from reporting.filling.services import presence
from reporting.papers import services as papers
from reporting.periods.services import periods
from reporting.typed.services import parking
from reporting.workbooks.services import uploads

_TROUBLES = (OperationalError, OSError)


@shared_task(autoretry_for=_TROUBLES, retry_backoff=60, retry_backoff_max=1800, max_retries=8)
def every_morning() -> None:
    """Open and close periods by their dates, update their obligations, send reminders.

    What was handed in before there were check codes gets its sheets first.
    """
    today = timezone.localdate()
    papers.issue_missing()
    periods.follow_calendar(today=today)
    reminders.send_due(today=today)


@shared_task(autoretry_for=_TROUBLES, retry_backoff=60, retry_backoff_max=1800, max_retries=8)
def send_mail() -> None:
    """Send the reminders and security notices whose e-mail has not been sent yet."""
    notices.mail_pending()
    reminders.mail_pending()


@shared_task(autoretry_for=_TROUBLES, retry_backoff=60, retry_backoff_max=1800, max_retries=8)
def sweep() -> None:
    """Delete expired parked forms, presence, sessions, counted failures, old workbooks."""
    sign_ins.sweep()
    parking.sweep()
    presence.sweep()
    uploads.sweep()
    call_command("clearsessions")


@shared_task
def read_workbook(pk: int) -> None:
    """Read a large workbook of a quarter and keep what it says with its upload."""
    uploads.read(pk=pk)
