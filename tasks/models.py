from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from agencies.models import Agency
from common.quarters import Period
from plan.models import AgencyShare, Category, Clause, Retirable
from targets.models import Target
from tasks.choices import TaskStatus


class TaskQuerySet(models.QuerySet["Task"]):
    def in_force(self) -> TaskQuerySet:
        return self.filter(retired_on=None)


class Task(Retirable):
    """One of the key tasks of the plan's chapter three and annex 1."""

    code = models.CharField("编号", max_length=10, unique=True)
    category = models.ForeignKey(
        Category, models.PROTECT, verbose_name="领域", related_name="tasks"
    )
    number = models.PositiveSmallIntegerField("序号")
    title = models.CharField("任务", max_length=120)
    text = models.TextField("任务内容", blank=True)
    lead = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="牵头单位",
        related_name="led_tasks",
    )
    convenor = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="汇总单位",
        related_name="convened_tasks",
        help_text="没有牵头单位时由区发改局指定",
    )
    responsible = models.ManyToManyField(
        Agency, through="TaskAgency", verbose_name="责任单位", related_name="shared_tasks"
    )
    targets = models.ManyToManyField(
        Target, blank=True, verbose_name="相关指标", related_name="tasks"
    )
    clause = models.ForeignKey(
        Clause,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name="正文条款",
        related_name="tasks",
    )
    annex_clause = models.ForeignKey(
        Clause,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name="附件条款",
        related_name="annex_tasks",
    )

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "任务"
        verbose_name_plural = "任务"
        ordering = ["category__number", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "number"],
                name="task_number_once",
                violation_error_message="同一领域内任务序号不能重复",
            ),
            models.CheckConstraint(
                condition=Q(lead=None) | Q(convenor=None),
                name="task_lead_or_convenor",
                violation_error_message="有牵头单位的任务不再指定汇总单位",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("tasks:detail", args=[self.code])

    @property
    def reporting_agency(self) -> Agency | None:
        """Who owes its progress: the lead, or the convenor where the plan names none."""
        return self.lead or self.convenor


class TaskAgency(AgencyShare):
    task = models.ForeignKey(Task, models.CASCADE, verbose_name="任务", related_name="shares")

    class Meta(AgencyShare.Meta):
        verbose_name = "任务责任单位"
        verbose_name_plural = "任务责任单位"
        constraints = [
            models.UniqueConstraint(
                fields=["task", "agency"],
                name="task_agency_once",
                violation_error_message="责任单位重复",
            )
        ]


class TaskProgress(models.Model):
    """The approved progress of a task in a quarter. A correction is a new version."""

    task = models.ForeignKey(Task, models.CASCADE, verbose_name="任务", related_name="progress")
    year = models.PositiveSmallIntegerField("年份")
    quarter = models.PositiveSmallIntegerField("季度")
    status = models.CharField("状态", max_length=12, choices=TaskStatus)
    narrative = models.TextField("进展")
    problems = models.TextField("存在问题", blank=True)
    next_steps = models.TextField("下一步措施", blank=True)
    next_due = models.CharField("完成时限", max_length=7, blank=True, help_text="如 2026-12")
    version = models.PositiveSmallIntegerField("版本", default=1)
    is_current = models.BooleanField("现行", default=True)
    reason = models.CharField("更正原因", max_length=200, blank=True)
    is_demo = models.BooleanField("演示数据", default=False, db_index=True)
    recorded_at = models.DateTimeField("入库时间", auto_now_add=True)
    recorded_by = models.CharField("录入人", max_length=60, blank=True)

    class Meta:
        verbose_name = "任务进展"
        verbose_name_plural = "任务进展"
        ordering = ["task", "-year", "-quarter", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "year", "quarter", "version"],
                name="task_progress_version_once",
                violation_error_message="这一季度的这个版本已经存在",
            ),
            models.UniqueConstraint(
                fields=["task", "year", "quarter"],
                condition=Q(is_current=True),
                name="task_progress_one_current",
                violation_error_message="同一任务同一季度只能有一份现行进展",
            ),
            models.CheckConstraint(
                condition=Q(quarter__gte=1, quarter__lte=4),
                name="task_progress_quarter_1_4",
                violation_error_message="季度只能是1至4",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task.code} {self.period.label}"

    @property
    def code(self) -> str:
        """How the ledger names it: 5-1 2026Q3."""
        return f"{self.task.code} {self.period.code}"

    @property
    def period(self) -> Period:
        return Period(self.year, self.quarter)
