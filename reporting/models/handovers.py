"""交接: what one person had in hand, given to a colleague; snapshots that are never changed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, User
from reporting.choices import ObligationState
from reporting.models.obligations import Obligation


class Handover(models.Model):
    """One handover between two people of one agency. Names are copied: they outlive accounts."""

    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name="单位", related_name="handovers"
    )
    agency_name = models.CharField("交接时的单位名称", max_length=80)
    giver = models.ForeignKey(
        User, models.PROTECT, verbose_name="交出人账号", related_name="given_handovers"
    )
    giver_name = models.CharField("交出人", max_length=60)
    receiver = models.ForeignKey(
        User, models.PROTECT, verbose_name="接收人账号", related_name="received_handovers"
    )
    receiver_name = models.CharField("接收人", max_length=60)
    reason = models.CharField("交接原因", max_length=100)
    gives_signing = models.BooleanField("一并交接单位审核人", default=False)
    closes_account = models.BooleanField("停用交出人的账号", default=False)
    by_name = models.CharField("办理人", max_length=60)
    by_id = models.BigIntegerField("办理账号")
    at = models.DateTimeField("交接时间", default=timezone.now)

    class Meta:
        verbose_name = "交接单"
        verbose_name_plural = "交接单"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(giver=F("receiver")),
                name="handover_between_two",
                violation_error_message="交出人和接收人应当是两个人",
            )
        ]

    def __str__(self) -> str:
        return f"{self.giver_name}交接给{self.receiver_name}"

    @property
    def code(self) -> str:
        """Its number on paper and in the ledger: JJ-2026-0007."""
        return f"JJ-{timezone.localtime(self.at).year}-{self.pk:04d}"

    def get_absolute_url(self) -> str:
        return reverse("reporting:handover", args=[self.pk])


class HandedItem(models.Model):
    """An obligation as it was handed over: state, deadline and what waits for an answer."""

    handover = models.ForeignKey(
        Handover, models.PROTECT, verbose_name="交接单", related_name="items"
    )
    obligation = models.ForeignKey(
        Obligation, models.PROTECT, verbose_name="应报事项", related_name="handed"
    )
    name = models.CharField("事项", max_length=300)
    state = models.CharField("状态", max_length=10, choices=ObligationState)
    due_on = models.DateField("期限")
    remark = models.TextField("待答复的意见", blank=True)

    class Meta:
        verbose_name = "交接事项"
        verbose_name_plural = "交接事项"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "obligation"],
                name="handed_item_once",
                violation_error_message="一份交接单里每个事项只有一行",
            )
        ]

    def __str__(self) -> str:
        return self.name


class HandedDraft(models.Model):
    """A draft that changed its owner. `kept` holds its text where the receiver had one there."""

    handover = models.ForeignKey(
        Handover, models.PROTECT, verbose_name="交接单", related_name="drafts"
    )
    place = models.CharField("表单", max_length=60)
    changed_at = models.DateTimeField("最后修改时间")
    kept = models.JSONField("另存的内容", default=dict, blank=True)

    class Meta:
        verbose_name = "交接草稿"
        verbose_name_plural = "交接草稿"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.place
