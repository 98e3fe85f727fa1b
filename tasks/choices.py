from django.db.models import TextChoices

from tasks.rules.progress import Status


class TaskStatus(TextChoices):
    DONE = Status.DONE, Status.DONE.label
    ON_TRACK = Status.ON_TRACK, Status.ON_TRACK.label
    LAGGING = Status.LAGGING, Status.LAGGING.label
    STALLED = Status.STALLED, Status.STALLED.label
    NOT_STARTED = Status.NOT_STARTED, Status.NOT_STARTED.label
