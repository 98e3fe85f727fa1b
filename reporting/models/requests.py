"""Requests of agencies for more time, or to reopen what is closed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from agencies.models import Agency
from reporting.choices import RequestKind, RequestState
from reporting.models.obligations import Obligation
from reporting.models.periods import ReportingPeriod


class TimeRequest(models.Model):
    """延期 before the due date, 解锁 after closing; for one obligation, or all of an agency."""

    kind = models.CharField("类型", max_length=10, choices=RequestKind)
    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, verbose_name="填报期", related_name="requests"
    )
    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name="单位", related_name="requests")
    obligation = models.ForeignKey(
        Obligation,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="应报事项",
        related_name="requests",
        help_text="留空为本单位这一期的全部事项",
    )
    until = models.DateField("延至")
    reason = models.CharField("理由", max_length=500)
    asked_by = models.CharField("申请人", max_length=60)
    asked_at = models.DateTimeField("申请时间", auto_now_add=True)
    state = models.CharField(
        "状态", max_length=8, choices=RequestState, default=RequestState.PENDING
    )
    decided_by = models.CharField("决定人", max_length=60, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    note = models.CharField("决定说明", max_length=500, blank=True)

    class Meta:
        verbose_name = "延期和解锁"
        verbose_name_plural = "延期和解锁"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "period", "agency", "obligation"],
                condition=Q(state="pending"),
                nulls_distinct=False,
                name="time_request_one_pending",
                violation_error_message="已经有一份申请在等待决定",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period.code} {self.agency} {self.get_kind_display()}"

    @property
    def is_pending(self) -> bool:
        return self.state == RequestState.PENDING

    @property
    def code(self) -> str:
        return f"{self.period.code} {self.agency.code}"
