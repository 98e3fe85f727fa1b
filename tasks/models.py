from __future__ import annotations

from django.db import models
from django.db.models import Q

from agencies.models import Agency
from common.quarters import Period
from common.web.addresses import detail_address
from plan.models import AgencyShare, Category, Clause, Recorded, Retirable, one_in_force
from targets.models import ServedTarget, Target
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
        Target,
        through="TaskTarget",
        blank=True,
        verbose_name="相关指标",
        related_name="tasks",
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
        return detail_address("tasks", self.code)

    @property
    def words(self) -> str:
        """All that the plan says of it, from which the targets that it serves are read."""
        return f"{self.title}\n{self.text}"

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


class TaskTarget(ServedTarget):
    task = models.ForeignKey(Task, models.CASCADE, verbose_name="任务", related_name="links")

    class Meta:
        verbose_name = "任务相关指标"
        verbose_name_plural = "任务相关指标"
        db_table = "tasks_task_targets"
        ordering = ["target__position"]
        unique_together = [("task", "target")]


class TaskProgress(Recorded):
    """The approved progress of a task in a quarter. A correction is a new version."""

    task = models.ForeignKey(Task, models.CASCADE, verbose_name="任务", related_name="progress")
    year = models.PositiveSmallIntegerField("年份")
    quarter = models.PositiveSmallIntegerField("季度")
    status = models.CharField("状态", max_length=12, choices=TaskStatus)
    narrative = models.TextField("进展")
    problems = models.TextField("存在问题", blank=True)
    next_steps = models.TextField("下一步措施", blank=True)
    next_due = models.CharField("完成时限", max_length=7, blank=True, help_text="如 2026-12")
    coordination = models.CharField("需要协调的单位", max_length=200, blank=True)
    quantity_name = models.CharField("量化进展", max_length=60, blank=True)
    quantity_value = models.DecimalField(
        "量化数值", max_digits=18, decimal_places=4, null=True, blank=True
    )
    quantity_unit = models.CharField("量化单位", max_length=20, blank=True)

    class Meta(Recorded.Meta):
        verbose_name = "任务进展"
        verbose_name_plural = "任务进展"
        ordering = ["task", "-year", "-quarter", "-version"]
        constraints = [
            *Recorded.Meta.constraints,
            *one_in_force(
                "task_progress",
                "task",
                "year",
                "quarter",
                again="这一季度的这个版本已经存在",
                two="同一任务同一季度只能有一份现行进展",
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


class TaskContribution(Recorded):
    """What a responsible agency did for a task in a quarter, beside the lead's report."""

    task = models.ForeignKey(
        Task, models.CASCADE, verbose_name="任务", related_name="contributions"
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name="单位", related_name="task_contributions"
    )
    year = models.PositiveSmallIntegerField("年份")
    quarter = models.PositiveSmallIntegerField("季度")
    text = models.CharField("配合情况", max_length=300, blank=True)
    nothing = models.BooleanField("本季度无配合事项", default=False)

    class Meta(Recorded.Meta):
        verbose_name = "配合情况"
        verbose_name_plural = "配合情况"
        ordering = ["task", "-year", "-quarter", "agency__position", "-version"]
        constraints = [
            *Recorded.Meta.constraints,
            *one_in_force(
                "task_contribution",
                "task",
                "agency",
                "year",
                "quarter",
                again="这个单位这一季度的这个版本已经存在",
                two="同一任务同一单位同一季度只能有一份现行配合情况",
            ),
            models.CheckConstraint(
                condition=Q(quarter__gte=1, quarter__lte=4),
                name="task_contribution_quarter_1_4",
                violation_error_message="季度只能是1至4",
            ),
            models.CheckConstraint(
                condition=(Q(nothing=True) & Q(text="")) | (Q(nothing=False) & ~Q(text="")),
                name="task_contribution_text_or_nothing",
                violation_error_message="要么写明配合情况，要么注明本季度无配合事项",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task.code} {self.agency.short_name} {self.period.label}"

    @property
    def code(self) -> str:
        """How the ledger names it: 5-1 2026Q3 jtj."""
        return f"{self.task.code} {self.period.code} {self.agency.code}"

    @property
    def period(self) -> Period:
        return Period(self.year, self.quarter)
