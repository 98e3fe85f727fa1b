from django.db.models import TextChoices


class ProjectOrigin(TextChoices):
    ANNEX = "annex", "附件2"
    BODY = "body", "方案正文"
    ADDED = "added", "增补"


class ProjectStatus(TextChoices):
    NOT_STARTED = "not_started", "未开工"
    UNDER_WAY = "under_way", "在建"
    COMPLETED = "completed", "已竣工"
    SUSPENDED = "suspended", "停工"
    CANCELLED = "cancelled", "取消或调整"
