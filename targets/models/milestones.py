from django.db import models
from django.db.models import F, Q

from plan.models import Document, one_in_force
from targets.choices import Comparison, MilestoneState, Nature
from targets.models.accounting import basis_field
from targets.models.targets import Target


class Milestone(models.Model):
    """What a target has to reach by a year. A new document makes a new version.

    An alternative is the other reading of a deadline: it is shown and nothing rests on it.
    """

    target = models.ForeignKey(
        Target, models.CASCADE, verbose_name="指标", related_name="milestones"
    )
    year = models.PositiveSmallIntegerField(
        "目标年", null=True, blank=True, help_text="长期要求留空"
    )
    due = models.DateField("期限", null=True, blank=True)
    is_alternative = models.BooleanField(
        "另一种期限",
        default=False,
        help_text="原文期限有两种读法时，按另一种读法另列一行：只供对照，不作要求、不作判定",
    )
    nature = models.CharField("要求", max_length=10, choices=Nature, default=Nature.NUMBER)
    comparison = models.CharField("比较", max_length=12, choices=Comparison, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=MilestoneState, default=MilestoneState.SET
    )
    value = models.DecimalField("目标值", max_digits=18, decimal_places=4, null=True, blank=True)
    base_year = models.PositiveSmallIntegerField(
        "比较基年",
        null=True,
        blank=True,
        help_text="降低率按文件写的基年填写，如“较2025年下降13.5%”填2025；与指标的基期相同时留空",
    )
    basis = basis_field("口径", "milestones", help_text="与指标本身的口径相同时留空")
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
    created_at = models.DateTimeField("入库时间", auto_now_add=True, null=True)

    class Meta:
        verbose_name = "阶段目标"
        verbose_name_plural = "阶段目标"
        ordering = [
            "target__position",
            F("year").asc(nulls_last=True),
            "is_alternative",
            "-version",
        ]
        constraints = [
            *one_in_force(
                "milestone",
                "target",
                "year",
                "is_alternative",
                again="这一年的这个版本已经存在",
                two="同一指标同一年只能有一个现行目标",
                nulls_distinct=False,
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
            models.CheckConstraint(
                condition=Q(is_alternative=False) | Q(year__isnull=False, due__isnull=False),
                name="milestone_alternative_has_due",
                violation_error_message="另一种期限要写明目标年和期限",
            ),
            models.CheckConstraint(
                condition=Q(base_year=None) | Q(base_year__lt=F("year")),
                name="milestone_base_before_year",
                violation_error_message="比较基年要早于目标年",
            ),
        ]

    def __str__(self) -> str:
        other = "（另一种期限）" if self.is_alternative else ""
        return f"{self.target.code} {self.year or '长期'}{other}"

    @property
    def code(self) -> str:
        """How the ledger names it: T18 2025."""
        return str(self)
