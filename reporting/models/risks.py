"""Important matters between the quarters, and the ledger of risks (方案 五（三）)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from agencies.models import Agency
from projects.models import Project
from reporting.choices import MatterState, RiskLevel, RiskState
from reporting.models.obligations import Obligation
from targets.models import Target
from tasks.models import Task


class Matter(models.Model):
    """重大问题: what an agency reports to the bureau at any time (方案 五（二）)."""

    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name="单位", related_name="matters")
    agency_name = models.CharField("报告时的单位名称", max_length=80)
    title = models.CharField("问题", max_length=120)
    text = models.TextField("情况")
    wish = models.TextField("建议和需要协调的事项", blank=True)
    target = models.ForeignKey(
        Target, models.PROTECT, null=True, blank=True, verbose_name="指标", related_name="matters"
    )
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, verbose_name="任务", related_name="matters"
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, verbose_name="项目", related_name="matters"
    )
    state = models.CharField(
        "状态", max_length=10, choices=MatterState, default=MatterState.REPORTED
    )
    reported_by = models.CharField("报告人", max_length=60)
    reported_at = models.DateTimeField("报告时间", auto_now_add=True)
    answer = models.TextField("答复", blank=True)
    answered_by = models.CharField("答复人", max_length=60, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        verbose_name = "重大问题"
        verbose_name_plural = "重大问题"
        ordering = ["-reported_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="reported") | ~Q(answer=""),
                name="matter_handled_has_answer",
                violation_error_message="处理重大问题要写明答复",
            ),
            models.CheckConstraint(
                condition=~Q(agency_name=""),
                name="matter_names_agency",
                violation_error_message="重大问题要记下当时的单位名称",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_waiting(self) -> bool:
        return self.state == MatterState.REPORTED

    @property
    def code(self) -> str:
        return f"W{self.pk}" if self.pk else ""


class Risk(models.Model):
    """A row of the 重点风险防范目录台账 that the plan demands (方案 五（三）)."""

    title = models.CharField("风险", max_length=120)
    text = models.TextField("情况", blank=True)
    level = models.CharField("等级", max_length=8, choices=RiskLevel)
    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name="责任单位", related_name="risks"
    )
    measures = models.TextField("防范化解措施")
    due_on = models.DateField("期限", null=True, blank=True)
    state = models.CharField("状态", max_length=12, choices=RiskState, default=RiskState.OPEN)
    closing_note = models.TextField("化解情况", blank=True)
    matter = models.ForeignKey(
        Matter, models.PROTECT, null=True, blank=True, verbose_name="重大问题", related_name="risks"
    )
    obligation = models.ForeignKey(
        Obligation,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="填报事项",
        related_name="risks",
    )
    target = models.ForeignKey(
        Target, models.PROTECT, null=True, blank=True, verbose_name="指标", related_name="risks"
    )
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, verbose_name="任务", related_name="risks"
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, verbose_name="项目", related_name="risks"
    )
    recorded_by = models.CharField("登记人", max_length=60)
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    changed_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        verbose_name = "风险"
        verbose_name_plural = "重点风险台账"
        ordering = ["state", "due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(closing_note=""),
                name="risk_closed_has_note",
                violation_error_message="销号要写明化解情况",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state != RiskState.CLOSED

    @property
    def code(self) -> str:
        return f"R{self.pk}" if self.pk else ""
