from django.db import models

from targets.choices import LinkOrigin
from targets.models.targets import Target


class ServedTarget(models.Model):
    """That a task or project serves a target, and why."""

    target = models.ForeignKey(Target, models.CASCADE, verbose_name="指标", related_name="+")
    origin = models.CharField("由来", max_length=10, choices=LinkOrigin, default=LinkOrigin.HAND)
    reason = models.CharField("依据", max_length=300, blank=True)

    class Meta:
        abstract = True
