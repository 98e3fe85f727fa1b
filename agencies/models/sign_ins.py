from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models.users import User


class FormerPassword(models.Model):
    """A password that an account had, so that it is not taken again."""

    user = models.ForeignKey(
        User, models.CASCADE, verbose_name="账号", related_name="former_passwords"
    )
    encoded = models.CharField("密码摘要", max_length=128)
    replaced_at = models.DateTimeField("更换时间", auto_now_add=True)

    class Meta:
        verbose_name = "用过的密码"
        verbose_name_plural = "用过的密码"
        ordering = ["-replaced_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.replaced_at:%Y-%m-%d}"


class SignInFailure(models.Model):
    """A wrong password. Rows are counted for a while and thrown away; the ledger keeps its own."""

    account = models.CharField("账号", max_length=30, blank=True)
    address = models.GenericIPAddressField("来源地址", null=True)
    device = models.CharField("浏览器标识", max_length=20, blank=True)
    at = models.DateTimeField("时间", default=timezone.now)
    ends_device = models.BooleanField("浏览器不再可信", default=False)

    class Meta:
        verbose_name = "密码输错"
        verbose_name_plural = "密码输错"
        indexes = [
            models.Index(fields=["account", "at"], name="failure_account"),
            models.Index(fields=["address", "at"], name="failure_address"),
            models.Index(
                fields=["device"], condition=Q(ends_device=True), name="failure_device_ended"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account or '（不是账号）'} {self.at:%Y-%m-%d %H:%M}"


class EntryCode(models.Model):
    """A one-time code for one sign-in from an unknown browser while only known ones may."""

    user = models.OneToOneField(User, models.CASCADE, verbose_name="账号")
    digest = models.CharField("放行码摘要", max_length=64)
    until = models.DateTimeField("有效期至")

    class Meta:
        verbose_name = "放行码"
        verbose_name_plural = "放行码"

    def __str__(self) -> str:
        return str(self.user)
