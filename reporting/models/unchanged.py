"""What was settled by comparing with last quarter, so that it can be taken back."""

from __future__ import annotations

from django.db import models

from agencies.models import Agency
from reporting.models.obligations import Obligation
from reporting.models.periods import ReportingPeriod


class UnchangedTick(models.Model):
    """A tick at an obligation. It counts as long as the obligation holds what the tick wrote.

    `before` and `written` map fields to texts; `reasons` are the fields that take the reason.
    """

    obligation = models.OneToOneField(
        Obligation, models.CASCADE, verbose_name="应报事项", related_name="tick"
    )
    is_awaited = models.BooleanField("尚未取得", default=False)
    before = models.JSONField("勾选前的内容", default=dict, blank=True)
    written = models.JSONField("写入的内容", default=dict, blank=True)
    reasons = models.JSONField("写原因的栏", default=list, blank=True)
    shares_reason = models.BooleanField("用共同原因", default=True)
    evidence = models.JSONField("沿用的佐证", default=list, blank=True)

    class Meta:
        verbose_name = "没有变化的勾选"
        verbose_name_plural = "没有变化的勾选"

    def __str__(self) -> str:
        return f"{self.obligation}"


class CommonReason(models.Model):
    """The reason that an agency gives once for several obligations of a period."""

    agency = models.ForeignKey(Agency, models.CASCADE, verbose_name="单位", related_name="+")
    period = models.ForeignKey(
        ReportingPeriod, models.CASCADE, verbose_name="填报期", related_name="+"
    )
    text = models.TextField("原因", blank=True)
    version = models.PositiveIntegerField("行版本", default=0)
    edited_by = models.CharField("填报人", max_length=60, blank=True)
    edited_at = models.DateTimeField("时间", auto_now=True)

    class Meta:
        verbose_name = "共同原因"
        verbose_name_plural = "共同原因"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "period"],
                name="common_reason_once",
                violation_error_message="这个单位这一期的共同原因已经登记",
            )
        ]

    def __str__(self) -> str:
        return f"{self.period.code} {self.agency}"
