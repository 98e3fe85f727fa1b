from django.db import models
from django.db.models import F, Q

from common.quarters import Period
from plan.models import Recorded, one_in_force
from targets.choices import DataGrade
from targets.models.accounting import basis_field
from targets.models.targets import Target


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
    basis = basis_field("口径", "observations", db_column="basis")
    source = models.CharField("数据来源", max_length=160)
    numerator = models.DecimalField("分子", max_digits=18, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(
        "分母", max_digits=18, decimal_places=4, null=True, blank=True
    )
    annual_rate = models.DecimalField(
        "当年降低率",
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="公布的当年比上年降低的百分数，只用于累计降低率；没有公布时留空",
    )
    note = models.TextField("备注", blank=True)

    class Meta(Recorded.Meta):
        verbose_name = "实际值"
        verbose_name_plural = "实际值"
        ordering = ["target__position", "year", F("quarter").asc(nulls_last=True), "-version"]
        indexes = [
            # what was first said of a year, found however often it has been corrected since
            models.Index(
                fields=["target"],
                condition=Q(version=1, is_current=False, quarter=None),
                name="observation_first_said",
            )
        ]
        constraints = [
            *Recorded.Meta.constraints,
            *one_in_force(
                "observation",
                "target",
                "year",
                "quarter",
                "basis",
                again="这一期的这个版本已经存在",
                two="同一指标同一期同一口径只能有一个现行值",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(not_applicable=False, value__isnull=False)
                | Q(not_applicable=True, value=None),
                name="observation_value_or_na",
                violation_error_message="要么填写数值，要么注明不适用",
            ),
            models.CheckConstraint(
                condition=Q(annual_rate=None) | Q(annual_rate__lt=100, quarter=None),
                name="observation_annual_rate_of_a_year",
                violation_error_message="当年降低率须小于100%，只用于年度值",
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
    def basis_name(self) -> str:
        """Empty if the target has no basis either."""
        return self.basis_id or ""

    @property
    def period(self) -> Period:
        return Period(self.year, self.quarter)
