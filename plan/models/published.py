"""The plan as published: documents, numbered clauses, fields of action, overall goals."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from agencies.models import Agency
from plan.choices import CategoryScope, ClausePart
from plan.models.bases import AgencyShare, Retirable


class Document(models.Model):
    """A document that sets targets: the plan itself, or a notice of the city."""

    title = models.CharField("文件名称", max_length=120)
    number = models.CharField("文号", max_length=60, blank=True)
    issuer = models.CharField("发文单位", max_length=60, blank=True)
    issued_on = models.DateField("发文日期", null=True, blank=True)
    is_plan = models.BooleanField("本区实施方案", default=False)
    base_year = models.PositiveSmallIntegerField("基期", null=True, blank=True)
    milestone_years = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name="目标年",
        default=list,
        blank=True,
        help_text="方案分阶段提出目标的年份，从早到晚；最后一年是方案的期限",
    )

    class Meta:
        verbose_name = "依据文件"
        verbose_name_plural = "依据文件"
        ordering = ["-is_plan", "issued_on", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "number"],
                name="document_once",
                violation_error_message="这份文件已经登记",
            ),
            models.UniqueConstraint(
                fields=["is_plan"],
                condition=Q(is_plan=True),
                name="document_one_plan",
                violation_error_message="实施方案只能有一份",
            ),
            models.CheckConstraint(
                condition=Q(is_plan=True) | Q(base_year=None, milestone_years=[]),
                name="document_years_of_plan",
                violation_error_message="只有实施方案有基期和目标年",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.number}）" if self.number else self.title


class ClauseQuerySet(models.QuerySet["Clause"]):
    def in_use(self) -> ClauseQuerySet:
        """Clauses from which a task, project or overall goal in force is taken."""
        return self.filter(
            Q(tasks__isnull=False, tasks__retired_on=None)
            | Q(annex_tasks__isnull=False, annex_tasks__retired_on=None)
            | Q(projects__isnull=False, projects__retired_on=None)
            | Q(goals__isnull=False, goals__retired_on=None)
        ).distinct()


class Clause(models.Model):
    """One numbered piece of the plan's text, as printed; `code` is its address on the page."""

    document = models.ForeignKey(
        Document, models.CASCADE, verbose_name="文件", related_name="clauses"
    )
    part = models.CharField("部分", max_length=10, choices=ClausePart)
    code = models.CharField("编号", max_length=20, unique=True)
    address = models.CharField("条款", max_length=40, unique=True)
    depth = models.PositiveSmallIntegerField("层级")
    position = models.PositiveIntegerField("顺序", unique=True)
    heading = models.CharField("标题", max_length=200, blank=True)
    text = models.TextField("正文", blank=True)

    objects = ClauseQuerySet.as_manager()

    class Meta:
        verbose_name = "条款"
        verbose_name_plural = "条款"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.address

    def get_absolute_url(self) -> str:
        return f"{reverse('plan:text')}?clause={self.code}#{self.code}"

    def url_of(self, quote: str) -> str:
        """Where the words stand in the text, marked."""
        query = urlencode({"clause": self.code, "quote": quote})
        return f"{reverse('plan:text')}?{query}#{self.code}"

    @property
    def label(self) -> str:
        """The address, or the heading where a chapter's number would say little: 二、主要目标."""
        return self.heading if len(self.address) == 1 and self.heading else self.address

    @property
    def words(self) -> str:
        """Heading and text, where quotations are looked for."""
        return f"{self.heading}\n{self.text}"


class Category(models.Model):
    """A field of action: ten of the tasks (方案 三), six of the projects (附件2)."""

    scope = models.CharField("范围", max_length=10, choices=CategoryScope)
    number = models.PositiveSmallIntegerField("序号")
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=20, blank=True)
    clause = models.ForeignKey(
        Clause, models.SET_NULL, null=True, blank=True, verbose_name="条款", related_name="+"
    )

    class Meta:
        verbose_name = "领域"
        verbose_name_plural = "领域"
        ordering = ["scope", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "number"],
                name="category_number_once",
                violation_error_message="同一范围内序号不能重复",
            ),
            models.UniqueConstraint(
                fields=["scope", "name"],
                name="category_name_once",
                violation_error_message="同一范围内名称不能重复",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return self.short_name or self.name


class Goal(Retirable):
    """A row of the overall goals of annex 1: a sentence that holds one or more targets."""

    number = models.PositiveSmallIntegerField("序号", unique=True)
    title = models.CharField("总体目标", max_length=120)
    statement = models.TextField("目标任务")
    lead = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="牵头单位",
        related_name="led_goals",
    )
    responsible = models.ManyToManyField(
        Agency, through="GoalAgency", verbose_name="责任单位", related_name="shared_goals"
    )
    clause = models.ForeignKey(
        Clause, models.SET_NULL, null=True, blank=True, verbose_name="条款", related_name="goals"
    )

    class Meta:
        verbose_name = "总体目标"
        verbose_name_plural = "总体目标"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"总体目标{self.number} {self.title}"


class GoalAgency(AgencyShare):
    goal = models.ForeignKey(Goal, models.CASCADE, verbose_name="总体目标", related_name="shares")

    class Meta(AgencyShare.Meta):
        verbose_name = "总体目标责任单位"
        verbose_name_plural = "总体目标责任单位"
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "agency"],
                name="goal_agency_once",
                violation_error_message="责任单位重复",
            )
        ]
