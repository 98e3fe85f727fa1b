from __future__ import annotations

from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from agencies.models import Agency
from common.web.addresses import detail_address
from plan.models import AgencyShare, Category, Clause, Document, Retirable
from targets.choices import Commitment, Frequency, Pace, TargetKind
from targets.models.accounting import basis_field
from targets.rules import REDUCTIONS


@lru_cache(maxsize=2048)
def value_address(code: str, period: str) -> str:
    """Where the value of T21 in 2025 or 2026Q3 comes from: /values/T21/2025/."""
    return reverse("targets:value", args=[code, period])


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
    tolerance_document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="容差依据文件",
        related_name="+",
    )
    tolerance_confirmed_on = models.DateField(
        "容差确认日期", null=True, blank=True, help_text="确认以前，低于容差的只作初步判断"
    )
    baseline_year = models.PositiveSmallIntegerField("基期", null=True, blank=True)
    baseline_value = models.DecimalField(
        "基期值", max_digits=18, decimal_places=4, null=True, blank=True
    )
    baseline_note = models.CharField("基期说明", max_length=200, blank=True)
    accounting_basis = basis_field("口径", "targets", db_column="accounting_basis")
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
    values_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="数值取自",
        related_name="readers",
        help_text="达峰指标与另一项指标是同一个量时填那项指标，只填报一次",
    )
    definition = models.TextField("定义", blank=True)
    formula = models.TextField("计算公式", blank=True)
    is_share = models.BooleanField(
        "是占比", null=True, blank=True, help_text="占总量的百分比，最高100%；未确定时留空"
    )
    is_flow = models.BooleanField(
        "只计当年新增", null=True, blank=True, help_text="每年重新计算，如新建建筑；未确定时留空"
    )
    q4_is_year_end = models.BooleanField(
        "四季度末值即年末值",
        null=True,
        blank=True,
        help_text="年末存量可由四季度值认定；未确定时留空",
    )
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
            models.CheckConstraint(
                condition=Q(tolerance_document=None, tolerance_confirmed_on=None)
                | Q(
                    tolerance_document__isnull=False,
                    tolerance_confirmed_on__isnull=False,
                    tolerance_percent__isnull=False,
                ),
                name="target_tolerance_confirmed_whole",
                violation_error_message="确认容差要有数值、依据文件和日期",
            ),
            models.CheckConstraint(
                condition=Q(values_of=None) | Q(kind=TargetKind.PEAK_BY) & ~Q(values_of=F("pk")),
                name="target_values_of_peak",
                violation_error_message="只有达峰指标的数值可以取自另一项指标",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def clean(self) -> None:
        """Values are read from who holds them, in the same unit, and held once."""
        source = self.values_of
        if source is None:
            return
        if source.values_of_id is not None or source.unit != self.unit:
            raise ValidationError({"values_of": "须是同一单位、自己有数值的指标"})
        if self.pk and self.observations.filter(is_current=True).exists():
            raise ValidationError({"values_of": "本指标还有自己的数值，先撤销再改"})

    def get_absolute_url(self) -> str:
        return detail_address("targets", self.code)

    @property
    def basis_name(self) -> str:
        return self.accounting_basis_id or ""

    @property
    def is_striven(self) -> bool:
        return self.commitment == Commitment.STRIVEN

    @property
    def is_based(self) -> bool:
        """Whether the target has a base value to enter; that of a reduction is 0 by definition."""
        is_known = self.baseline_year is not None and self.kind not in REDUCTIONS
        return is_known and self.retired_on is None

    @property
    def holder_id(self) -> int:
        """The key of the target that holds its values: mostly itself."""
        return self.values_of_id or self.pk

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
