from django.db import models
from django.db.models import Q

from plan.models import Document, Recorded, one_in_force
from targets.choices import SettledVerdict
from targets.models.judging import JudgingRule
from targets.models.milestones import Milestone
from targets.models.observations import Observation
from targets.models.targets import Target
from targets.rules import FIRST_VERSION, Verdict


class Settlement(Recorded):
    """The verdict of a milestone year, by the versions it rests on. Settling again is a new one.

    A number is settled by an actual value, anything else by recognition with a document. The
    demonstration's values take theirs along when they are removed.
    """

    target = models.ForeignKey(
        Target, models.CASCADE, verbose_name="指标", related_name="settlements"
    )
    year = models.PositiveSmallIntegerField("目标年")
    milestone = models.ForeignKey(
        Milestone, models.RESTRICT, verbose_name="阶段目标", related_name="settlements"
    )
    observation = models.ForeignKey(
        Observation,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name="实际值",
        related_name="settlements",
        help_text="凭材料认定时留空",
    )
    base = models.ForeignKey(
        Observation,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name="换算所依据的年度值",
        related_name="+",
        help_text="目标有自己的比较基年时填写",
    )
    rule = models.ForeignKey(
        JudgingRule,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="判定规则",
        related_name="settlements",
        help_text="按系统默认规则判定时留空",
    )
    tolerance_percent = models.DecimalField(
        "左右容差（%）", max_digits=5, decimal_places=2, null=True, blank=True
    )
    verdict = models.CharField("判定结果", max_length=10, choices=SettledVerdict)
    grounds = models.CharField("判定依据", max_length=300)
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="认定文件",
        related_name="settlements",
    )
    note = models.TextField("说明", blank=True)
    proposed_by = models.CharField(
        "提出人", max_length=60, blank=True, help_text="一人判定的留空；录入人是确认的人"
    )

    class Meta(Recorded.Meta):
        verbose_name = "判定"
        verbose_name_plural = "判定"
        ordering = ["target__position", "year", "-version"]
        constraints = [
            *Recorded.Meta.constraints,
            *one_in_force(
                "settlement",
                "target",
                "year",
                again="这一年的这个版本已经存在",
                two="同一指标同一年只能有一个现行判定",
            ),
            models.CheckConstraint(
                condition=Q(observation__isnull=False) | (Q(document__isnull=False) & ~Q(note="")),
                name="settlement_value_or_document",
                violation_error_message="没有实际值的目标凭文件认定，并写明理由",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""),
                name="settlement_again_reason",
                violation_error_message="重新判定要写明原因",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target.code} {self.year}年"

    @property
    def code(self) -> str:
        """How the ledger names it: T18 2025."""
        return f"{self.target.code} {self.year}"

    @property
    def says(self) -> Verdict:
        """The verdict in the words of its target."""
        return SettledVerdict(self.verdict).said(is_striven=self.target.is_striven)

    @property
    def words(self) -> str:
        """The verdict with what it rests on: 已达标：实际值77.1%（最终核实，第1版）；…"""
        return f"{self.says.label}：{self.grounds}"

    def get_verdict_display(self) -> str:  # type: ignore[no-redef]  # Django lets it be
        """As the ledger writes it: the word that the pages show."""
        return self.says.label

    @property
    def is_recognised(self) -> bool:
        """Whether people recognised it by documents, not by a value."""
        return self.observation_id is None

    @property
    def rule_version(self) -> int:
        return self.rule.version if self.rule else FIRST_VERSION
