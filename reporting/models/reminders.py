"""Reminders; each is sent once."""

from __future__ import annotations

from django.db import models

from agencies.models import Agency, User
from reporting.choices import Tier
from reporting.models.periods import ReportingPeriod


class Reminder(models.Model):
    """One reminder to one agency or reviewer. The unique `key` prevents sending it twice."""

    key = models.CharField("标识", max_length=120, unique=True)
    tier = models.CharField("档位", max_length=20, choices=Tier)
    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, verbose_name="填报期", related_name="reminders"
    )
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="单位",
        related_name="reminders",
    )
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name="审核员", related_name="reminders"
    )
    text = models.TextField("内容")
    items = models.JSONField("事项", default=list, blank=True)
    sent_by = models.CharField("发出人", max_length=60, blank=True, help_text="自动提醒为空")
    sent_at = models.DateTimeField("发出时间", auto_now_add=True)
    mailed_to = models.JSONField("已发邮件", default=list, blank=True)
    mailed_at = models.DateTimeField("邮件时间", null=True, blank=True)
    read_at = models.DateTimeField("已读时间", null=True, blank=True)
    read_by = models.CharField("阅读人", max_length=60, blank=True)

    class Meta:
        verbose_name = "提醒"
        verbose_name_plural = "提醒"
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_tier_display()} {self.agency or self.user}"

    @property
    def is_handover(self) -> bool:
        return self.tier == Tier.HANDOVER

    @property
    def code(self) -> str:
        return self.key[:80]
