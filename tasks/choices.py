from django.db.models import TextChoices


class TaskStatus(TextChoices):
    DONE = "done", "已完成"
    ON_TRACK = "on_track", "正常推进"
    LAGGING = "lagging", "进展滞后"
    STALLED = "stalled", "严重滞后或停滞"
    NOT_STARTED = "not_started", "未启动"
