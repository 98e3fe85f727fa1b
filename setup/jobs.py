"""Jobs that beat starts. They may run twice, late or be cut off: the services are idempotent."""

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from setup.services import carry_out_due


@shared_task(autoretry_for=(OperationalError, OSError), retry_backoff=60, max_retries=8)
def change_agencies() -> None:
    """Carry out the changes of agencies whose day has come."""
    carry_out_due(today=timezone.localdate())
