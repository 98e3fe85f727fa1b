"""The Celery application. Its units of work are called jobs: the word task belongs to the plan."""

import os
import sys
from typing import Any

from celery import Celery
from celery.loaders.app import AppLoader
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaifu_carbon.settings")

NOT_CONFIGURED = 78  # as REFUSED of deploy/startup.py, which cannot be imported without settings


class Loader(AppLoader):
    """The worker and beat refuse with one sentence, without a traceback."""

    def config_from_object(self, obj: Any, silent: bool = False) -> Any:
        try:
            return super().config_from_object(obj, silent=silent)  # type: ignore[func-returns-value]
        except ImproperlyConfigured as error:
            print(error, file=sys.stderr, flush=True)  # noqa: T201 # before any log is set up
            sys.exit(NOT_CONFIGURED)

    def on_worker_init(self) -> None:
        """Of both, before the first job is taken or asked for."""
        from deploy import startup  # needs the applications
        from kaifu_carbon import limits

        startup.check_or_exit()
        limits.limit(limits.WORKER)


app = Celery("kaifu_carbon", loader="kaifu_carbon.celery:Loader")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")
