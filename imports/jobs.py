from celery import shared_task

from imports.services import reading


@shared_task
def read_run(pk: int) -> None:
    """Read a large upload and keep what was found with its run."""
    reading.read_run(pk=pk)
