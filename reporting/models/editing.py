"""Presence of editors, drafts, and forms that arrived after their session had ended."""

from __future__ import annotations

from django.db import models

from agencies.models import User
from reporting.models.obligations import Obligation


class Presence(models.Model):
    """A person who has an obligation open; the page renews it every 30 seconds."""

    obligation = models.ForeignKey(
        Obligation, models.CASCADE, verbose_name="应报事项", related_name="presences"
    )
    user = models.ForeignKey(User, models.CASCADE, verbose_name="账号", related_name="presences")
    seen_at = models.DateTimeField("最近在线")

    class Meta:
        verbose_name = "在填人员"
        verbose_name_plural = "在填人员"
        constraints = [models.UniqueConstraint(fields=["obligation", "user"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.obligation}"


class ParkedForm(models.Model):
    """A form sent without a session: encrypted, given back to its user after sign-in."""

    token = models.CharField("标识", max_length=64, unique=True)
    user = models.ForeignKey(User, models.CASCADE, verbose_name="账号", related_name="parked_forms")
    path = models.CharField("页面", max_length=300)
    sealed = models.BinaryField("内容")
    parked_at = models.DateTimeField("收到时间")

    class Meta:
        verbose_name = "暂存表单"
        verbose_name_plural = "暂存表单"

    def __str__(self) -> str:
        return f"{self.user} {self.path}"


class Draft(models.Model):
    """What a person is typing in a form other than an obligation's, by its place, until it is sent.

    `content` maps a field to its text and the version that wrote it, as in Obligation.
    """

    user = models.ForeignKey(User, models.CASCADE, verbose_name="账号", related_name="drafts")
    place = models.CharField("表单", max_length=60)
    content = models.JSONField("内容", default=dict)
    version = models.PositiveIntegerField("版本", default=0)
    changed_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        verbose_name = "表单草稿"
        verbose_name_plural = "表单草稿"
        constraints = [models.UniqueConstraint(fields=["user", "place"], name="draft_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.place}"
