from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from agencies.models import Agency
from common.quarters import Period
from common.web.addresses import detail_address
from plan.models import AgencyShare, Category, Clause, Recorded, Retirable, one_in_force
from projects.choices import ProjectOrigin, ProjectStatus
from targets.models import ServedTarget, Target


class ProjectQuerySet(models.QuerySet["Project"]):
    def in_force(self) -> ProjectQuerySet:
        return self.filter(retired_on=None)


class Project(Retirable):
    """A key project of annex 2, or one added later."""

    code = models.CharField("编号", max_length=10, unique=True)
    number = models.PositiveSmallIntegerField("序号", unique=True)
    name = models.CharField("项目名称", max_length=160)
    category = models.ForeignKey(
        Category, models.PROTECT, verbose_name="类别", related_name="projects"
    )
    owner_text = models.CharField("项目单位（原文）", max_length=120)
    owners = models.ManyToManyField(
        Agency, through="ProjectOwner", verbose_name="项目单位", related_name="owned_projects"
    )
    reporting_agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="填报责任单位",
        related_name="reported_projects",
        help_text="项目单位是企业时由管理员指定",
    )
    content = models.TextField("建设内容", blank=True)
    start_year = models.PositiveSmallIntegerField("计划开工年", null=True, blank=True)
    end_year = models.PositiveSmallIntegerField("计划竣工年", null=True, blank=True)
    total_investment_wan = models.DecimalField(
        "总投资（万元）",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="未列投资时留空",
    )
    targets = models.ManyToManyField(
        Target,
        through="ProjectTarget",
        blank=True,
        verbose_name="相关指标",
        related_name="projects",
    )
    import_notes = models.JSONField("导入说明", default=list, blank=True)
    origin = models.CharField(
        "来源", max_length=10, choices=ProjectOrigin, default=ProjectOrigin.ANNEX
    )
    clause = models.ForeignKey(
        Clause, models.SET_NULL, null=True, blank=True, verbose_name="条款", related_name="projects"
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "项目"
        verbose_name_plural = "项目"
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start_year=None) | Q(end_year=None) | Q(end_year__gte=F("start_year")),
                name="project_years_ordered",
                violation_error_message="计划竣工年不能早于计划开工年",
            ),
            models.CheckConstraint(
                condition=Q(total_investment_wan=None) | Q(total_investment_wan__gt=0),
                name="project_investment_positive",
                violation_error_message="总投资须大于0，未列投资时留空",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return detail_address("projects", self.code)

    @property
    def is_of_annex(self) -> bool:
        return self.origin == ProjectOrigin.ANNEX

    @property
    def words(self) -> str:
        """All that the plan says of it, from which the targets that it serves are read."""
        return f"{self.name}\n{self.content}"


class ProjectTarget(ServedTarget):
    project = models.ForeignKey(Project, models.CASCADE, verbose_name="项目", related_name="links")

    class Meta:
        verbose_name = "项目相关指标"
        verbose_name_plural = "项目相关指标"
        db_table = "projects_project_targets"
        ordering = ["target__position"]
        unique_together = [("project", "target")]


class ProjectOwner(AgencyShare):
    project = models.ForeignKey(
        Project, models.CASCADE, verbose_name="项目", related_name="owner_rows"
    )

    class Meta(AgencyShare.Meta):
        verbose_name = "项目单位"
        verbose_name_plural = "项目单位"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "agency"],
                name="project_owner_once",
                violation_error_message="项目单位重复",
            )
        ]


class ProjectProgress(Recorded):
    """The approved progress of a project at the end of a quarter. A correction is a new version."""

    project = models.ForeignKey(
        Project, models.CASCADE, verbose_name="项目", related_name="progress"
    )
    year = models.PositiveSmallIntegerField("年份")
    quarter = models.PositiveSmallIntegerField("季度")
    status = models.CharField("项目状态", max_length=12, choices=ProjectStatus)
    invested_wan = models.DecimalField(
        "自开工累计投资（万元）", max_digits=14, decimal_places=2, null=True, blank=True
    )
    works_percent = models.DecimalField(
        "形象进度（%）", max_digits=5, decimal_places=2, null=True, blank=True
    )
    works_note = models.CharField("形象进度说明", max_length=200, blank=True)
    started_on = models.CharField("实际开工", max_length=7, blank=True, help_text="如 2023-05")
    completed_on = models.CharField("实际竣工", max_length=7, blank=True)
    expected_on = models.CharField("预计竣工", max_length=7, blank=True)
    problems = models.TextField("问题和需协调事项", blank=True)

    class Meta(Recorded.Meta):
        verbose_name = "项目进展"
        verbose_name_plural = "项目进展"
        ordering = ["project", "-year", "-quarter", "-version"]
        constraints = [
            *Recorded.Meta.constraints,
            *one_in_force(
                "project_progress",
                "project",
                "year",
                "quarter",
                again="这一季度的这个版本已经存在",
                two="同一项目同一季度只能有一份现行进展",
            ),
            models.CheckConstraint(
                condition=Q(quarter__gte=1, quarter__lte=4),
                name="project_progress_quarter",
                violation_error_message="季度只能是1至4",
            ),
            models.CheckConstraint(
                condition=Q(works_percent=None) | Q(works_percent__gte=0, works_percent__lte=100),
                name="project_works_0_100",
                violation_error_message="形象进度须在0至100之间",
            ),
            models.CheckConstraint(
                condition=Q(invested_wan=None) | Q(invested_wan__gte=0),
                name="project_invested_not_negative",
                violation_error_message="累计投资不能为负",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project.code} {self.period.label}"

    @property
    def code(self) -> str:
        """How the ledger names it: P16 2026Q3."""
        return f"{self.project.code} {self.period.code}"

    @property
    def period(self) -> Period:
        return Period(self.year, self.quarter)
