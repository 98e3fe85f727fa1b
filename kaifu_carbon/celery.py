"""The Celery application. Its units of work are called jobs: the word task belongs to the plan."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaifu_carbon.settings")

app = Celery("kaifu_carbon")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")
