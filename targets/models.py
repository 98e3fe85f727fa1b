from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from agencies.models import Agency
from common.quarters import Period
from plan.models import AgencyShare, Category, Clause, Document, Recorded, Retirable
from targets.choices import (
    Commitment,
    Comparison,
    DataGrade,
    Frequency,
    MilestoneState,
    Nature,
    Pace,
    TargetKind,
)


class TargetQuerySet(models.QuerySet["Target"]):
    def in_force(self) -> TargetQuerySet:
        return self.filter(retired_on=None)


class Target(Retirable):
    """One quantified or stated target of the plan."""

    code = models.CharField("编号", max_length=10, unique=True)
    name = models.CharField("名称", max_length=60)
    short_name = models.CharField("简称", max_length=24)
    kind = models.CharField("目标类型", max_length=15, choices=TargetKind)
    commitment = models.CharField(
        "约束性", max_length=10, choices=Commitment, default=Commitment.BINDING
    )
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="领域",
        related_name="targets",
        help_text="总体目标留空",
    )
    unit = models.CharField("单位", max_length=20, blank=True)
    decimals = models.PositiveSmallIntegerField("小数位", default=1)
    frequency = models.CharField(
        "报告频率", max_length=10, choices=Frequency, default=Frequency.ANNUAL
    )
    pace = models.CharField("进度要求", max_length=10, choices=Pace, default=Pace.LINEAR)
    tolerance_percent = models.DecimalField(
        "左右容差（%）",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="方案未给出，由系统设置；上下各按目标值的百分比计",
    )
    baseline_year = models.PositiveSmallIntegerField("基期", null=True, blank=True)
    baseline_value = models.DecimalField(
        "基期值", max_digits=18, decimal_places=4, null=True, blank=True
    )
    baseline_note = models.CharField("基期说明", max_length=200, blank=True)
    accounting_basis = models.CharField("口径", max_length=120, blank=True)
    lead = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="牵头单位",
        related_name="led_targets",
    )
    convenor = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="汇总单位",
        related_name="convened_targets",
        help_text="没有牵头单位时由区发改局指定",
    )
    responsible = models.ManyToManyField(
        Agency, through="TargetAgency", verbose_name="责任单位", related_name="shared_targets"
    )
    definition = models.TextField("定义", blank=True)
    formula = models.TextField("计算公式", blank=True)
    numerator = models.CharField("分子", max_length=80, blank=True)
    denominator = models.CharField("分母", max_length=80, blank=True)
    data_source = models.CharField("数据来源", max_length=160, blank=True)
    release_note = models.TextField("发布周期", blank=True)
    quarterly_note = models.TextField("季度数据", blank=True)
    rounding = models.CharField("修约", max_length=80, blank=True)
    traps = models.JSONField("注意事项", default=list, blank=True)
    certainty = models.JSONField("依据可靠程度", default=dict, blank=True)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    is_headline = models.BooleanField("看板首排", default=False)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = "指标"
        verbose_name_plural = "指标"
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(baseline_value=None) | Q(baseline_year__isnull=False),
                name="target_baseline_has_year",
                violation_error_message="有基期值就要有基期年份",
            ),
            models.CheckConstraint(
                condition=Q(tolerance_percent=None) | Q(tolerance_percent__gt=0),
                name="target_tolerance_positive",
                violation_error_message="容差须大于0",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("targets:detail", args=[self.code])

    @property
    def is_striven(self) -> bool:
        return self.commitment == Commitment.STRIVEN

    @property
    def reporting_agency(self) -> Agency | None:
        """Who owes its values: the lead, or the convenor where the plan names none."""
        return self.lead or self.convenor


class TargetAgency(AgencyShare):
    target = models.ForeignKey(Target, models.CASCADE, verbose_name="指标", related_name="shares")

    class Meta(AgencyShare.Meta):
        verbose_name = "指标责任单位"
        verbose_name_plural = "指标责任单位"
        constraints = [
            models.UniqueConstraint(
                fields=["target", "agency"],
                name="target_agency_once",
                violation_error_message="责任单位重复",
            )
        ]


class TargetSource(models.Model):
    """The words of the plan from which a target is taken."""

    target = models.ForeignKey(Target, models.CASCADE, verbose_name="指标", related_name="sources")
    clause = models.ForeignKey(
        Clause, models.PROTECT, verbose_name="条款", related_name="target_sources"
    )
    quote = models.CharField("原文", max_length=200)
    position = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "指标原文出处"
        verbose_name_plural = "指标原文出处"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "clause", "quote"],
                name="target_source_once",
                violation_error_message="这条出处已经登记",
            )
        ]

    def __str__(self) -> str:
        return f"{self.clause}：{self.quote}"

    @property
    def url(self) -> str:
        """Where the words stand in the text, marked."""
        return self.clause.url_of(self.quote)


class Milestone(models.Model):
    """What a target has to reach by a year. A new document makes a new version."""

    target = models.ForeignKey(
        Target, models.CASCADE, verbose_name="指标", related_name="milestones"
    )
    year = models.PositiveSmallIntegerField(
        "目标年", null=True, blank=True, help_text="长期要求留空"
    )
    due = models.DateField("期限", null=True, blank=True)
    alternative_due = models.DateField(
        "另一种期限", null=True, blank=True, help_text="原文期限有两种读法时填写"
    )
    nature = models.CharField("要求", max_length=10, choices=Nature, default=Nature.NUMBER)
    comparison = models.CharField("比较", max_length=12, choices=Comparison, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=MilestoneState, default=MilestoneState.SET
    )
    value = models.DecimalField("目标值", max_digits=18, decimal_places=4, null=True, blank=True)
    text = models.CharField("原文", max_length=200, blank=True)
    version = models.PositiveSmallIntegerField("版本", default=1)
    is_current = models.BooleanField("现行", default=True)
    effective_from = models.DateField("生效日期", null=True, blank=True)
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="依据文件",
        related_name="milestones",
    )
    note = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = "阶段目标"
        verbose_name_plural = "阶段目标"
        ordering = ["target__position", F("year").asc(nulls_last=True), "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "year", "version"],
                nulls_distinct=False,
                name="milestone_version_once",
                violation_error_message="这一年的这个版本已经存在",
            ),
            models.UniqueConstraint(
                fields=["target", "year"],
                condition=Q(is_current=True),
                nulls_distinct=False,
                name="milestone_one_current",
                violation_error_message="同一指标同一年只能有一个现行目标",
            ),
            models.CheckConstraint(
                condition=Q(state="set", value__isnull=False)
                | Q(state="set", nature__in=["event", "judgement"])
                | (~Q(state="set") & Q(value=None)),
                name="milestone_pending_or_value",
                violation_error_message="已明确的目标要有数值，待下达或不再下达的目标不能有数值",
            ),
            models.CheckConstraint(
                condition=~Q(state="set")
                | ~Q(nature__in=["number", "standing"])
                | ~Q(comparison=""),
                name="milestone_value_has_comparison",
                violation_error_message="有数值的目标要说明比较方式",
            ),
            models.CheckConstraint(
                condition=Q(year=None, nature="standing") | Q(year__isnull=False),
                name="milestone_year_or_standing",
                violation_error_message="只有长期要求可以没有目标年",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target.code} {self.year or '长期'}"

    @property
    def code(self) -> str:
        """How the ledger names it: T18 2025."""
        return str(self)


class Observation(Recorded):
    """An approved actual value of a year or a quarter. A correction is a new version."""

    target = models.ForeignKey(
        Target, models.CASCADE, verbose_name="指标", related_name="observations"
    )
    year = models.PositiveSmallIntegerField("年份")
    quarter = models.PositiveSmallIntegerField(
        "季度", null=True, blank=True, help_text="年度值留空"
    )
    value = models.DecimalField(
        "数值",
        max_digits=18,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="不适用（如当期无新建）时留空",
    )
    not_applicable = models.BooleanField("不适用", default=False)
    grade = models.CharField("数据状态", max_length=12, choices=DataGrade)
    basis = models.CharField("口径", max_length=120, blank=True)
    source = models.CharField("数据来源", max_length=160)
    numerator = models.DecimalField("分子", max_digits=18, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(
        "分母", max_digits=18, decimal_places=4, null=True, blank=True
    )
    note = models.TextField("备注", blank=True)

    class Meta(Recorded.Meta):
        verbose_name = "实际值"
        verbose_name_plural = "实际值"
        ordering = ["target__position", "year", F("quarter").asc(nulls_last=True), "-version"]
        constraints = [
            *Recorded.Meta.constraints,
            models.UniqueConstraint(
                fields=["target", "year", "quarter", "basis", "version"],
                nulls_distinct=False,
                name="observation_version_once",
                violation_error_message="这一期的这个版本已经存在",
            ),
            models.UniqueConstraint(
                fields=["target", "year", "quarter", "basis"],
                condition=Q(is_current=True),
                nulls_distinct=False,
                name="observation_one_current",
                violation_error_message="同一指标同一期同一口径只能有一个现行值",
            ),
            models.CheckConstraint(
                condition=Q(not_applicable=False, value__isnull=False)
                | Q(not_applicable=True, value=None),
                name="observation_value_or_na",
                violation_error_message="要么填写数值，要么注明不适用",
            ),
            models.CheckConstraint(
                condition=Q(quarter=None) | Q(quarter__gte=1, quarter__lte=4),
                name="observation_quarter_1_4",
                violation_error_message="季度只能是1至4",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""),
                name="observation_correction_reason",
                violation_error_message="更正要写明原因",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target.code} {self.period.label}"

    @property
    def code(self) -> str:
        """How the ledger names it: T18 2026Q3."""
        return f"{self.target.code} {self.period.code}"

    @property
    def period(self) -> Period:
        return Period(self.year, self.quarter)
