from django.db.models import TextChoices

from projects.rules import Status


class ProjectOrigin(TextChoices):
    ANNEX = "annex", "附件2"
    BODY = "body", "方案正文"
    ADDED = "added", "增补"


class ProjectStatus(TextChoices):
    NOT_STARTED = Status.NOT_STARTED, Status.NOT_STARTED.label
    UNDER_WAY = Status.UNDER_WAY, Status.UNDER_WAY.label
    COMPLETED = Status.COMPLETED, Status.COMPLETED.label
    SUSPENDED = Status.SUSPENDED, Status.SUSPENDED.label
    CANCELLED = Status.CANCELLED, Status.CANCELLED.label
