from django.db import models
from django.db.models import Q

from agencies.models import User
from targets import rules
from targets.choices import GapMethod


class Thresholds(models.Model):
    """The thresholds of light and verdict, from when they shall hold and why."""

    valid_from = models.DateField("生效日期")
    near_percent = models.DecimalField("二级差距上限（%）", max_digits=5, decimal_places=2)
    tolerance_percent = models.DecimalField("左右容差（%）", max_digits=5, decimal_places=2)
    caps_striven = models.BooleanField("力争目标最高到二级")
    method = models.CharField("差距算法", max_length=6, choices=GapMethod, default=GapMethod.LEVEL)
    needs_second = models.BooleanField("判定须两人", default=True)
    reason = models.CharField("修改原因", max_length=200)
    recorded_at = models.DateTimeField("入库时间", auto_now_add=True)
    recorded_by = models.CharField("录入人", max_length=60, blank=True)

    class Meta:
        abstract = True

    def values_of(self, version: int) -> rules.JudgingRules:
        """What the rules judge by, as a version."""
        return rules.JudgingRules(
            version,
            self.near_percent,
            self.tolerance_percent,
            self.caps_striven,
            rules.GapMethod(self.method),
            self.needs_second,
        )


class JudgingRule(Thresholds):
    """One version of the thresholds of light and verdict; it is added, never changed.

    The defaults of targets/rules/judging_rules.py are the first version and need no row.
    """

    version = models.PositiveSmallIntegerField("版本")
    confirmed_by = models.CharField("确认人", max_length=60, blank=True)

    class Meta:
        verbose_name = "判定规则"
        verbose_name_plural = "判定规则"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["version"],
                name="judging_rule_version_once",
                violation_error_message="判定规则刚刚被别人修改，刷新后再改",
            ),
            models.CheckConstraint(
                condition=Q(version__gt=rules.FIRST_VERSION),
                name="judging_rule_after_first",
                violation_error_message="第1版是系统默认规则，修改从第2版开始",
            ),
            models.CheckConstraint(
                condition=Q(near_percent__gt=0, near_percent__lte=50),
                name="judging_rule_near_range",
                violation_error_message="二级差距上限须大于0、不超过50",
            ),
            models.CheckConstraint(
                condition=Q(tolerance_percent__gt=0, tolerance_percent__lte=20),
                name="judging_rule_tolerance_range",
                violation_error_message="左右容差须大于0、不超过20",
            ),
        ]

    def __str__(self) -> str:
        return f"判定规则第{self.version}版"

    @property
    def code(self) -> str:
        """How the ledger names it."""
        return f"第{self.version}版"

    @property
    def values(self) -> rules.JudgingRules:
        return self.values_of(self.version)


class RuleProposal(Thresholds):
    """Another method of the gap that one person proposed: a second one makes it a version."""

    proposer = models.ForeignKey(User, models.PROTECT, verbose_name="提出人", related_name="+")
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name="处理人", related_name="+"
    )
    rule = models.OneToOneField(
        JudgingRule,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="判定规则",
        related_name="proposal",
        help_text="没有采用的留空",
    )

    class Meta:
        verbose_name = "规则提议"
        verbose_name_plural = "规则提议"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(decided_at=None),
                name="rule_proposal_one_waits",
                violation_error_message="有一版规则还等第二人确认，确认或不采用以后再修改",
            ),
            models.CheckConstraint(
                condition=Q(rule=None)
                | Q(decided_by__isnull=False) & ~Q(decided_by=models.F("proposer")),
                name="rule_proposal_two_persons",
                violation_error_message="提出的人不能自己确认",
            ),
        ]

    def __str__(self) -> str:
        return f"规则提议{self.pk}"

    @property
    def code(self) -> str:
        """How the ledger names it."""
        return str(self.pk)
