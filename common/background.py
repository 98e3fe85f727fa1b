"""Handing a job to the worker while a person waits for the page."""

from celery import current_app
from kombu.exceptions import OperationalError

_AT_ONCE = {"max_retries": 0, "socket_connect_timeout": 3}
"""A person waits for the answer: whether the broker is there has to be known at once."""


class NoWorkerError(Exception):
    """The broker does not answer, so that no job can be handed over."""


def send(job: str, *args: object) -> None:
    """Hand a job to the worker by its name. Raises NoWorkerError within seconds."""
    try:
        with current_app.connection_for_write(transport_options=_AT_ONCE) as connection:
            current_app.send_task(job, args=list(args), retry=False, connection=connection)
    except (OperationalError, OSError) as error:
        raise NoWorkerError from error
