from django.db import models
from django.db.models import Q

from plan.models import Recorded, one_in_force
from targets.choices import OverrideLevel
from targets.models.observations import Observation
from targets.models.targets import Target


class LightOverride(Recorded):
    """A warning level that the bureau set by hand for the value of a year, with its reason.

    It holds for the very version that it names; a newer value is judged by the rules again, and so
    is one whose level is 按规则. A qualitative target has no value: its level stays until the next.
    """

    target = models.ForeignKey(
        Target, models.CASCADE, verbose_name="指标", related_name="light_overrides"
    )
    year = models.PositiveSmallIntegerField("年份")
    observation = models.ForeignKey(
        Observation,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name="实际值",
        related_name="light_overrides",
        help_text="定性指标留空",
    )
    level = models.CharField("预警等级", max_length=6, choices=OverrideLevel)

    class Meta(Recorded.Meta):
        verbose_name = "人工判定"
        verbose_name_plural = "人工判定"
        ordering = ["target__position", "year", "-version"]
        constraints = [
            *Recorded.Meta.constraints,
            *one_in_force(
                "light_override",
                "target",
                "year",
                again="这一年的这个版本已经存在",
                two="同一指标同一年只能有一个现行的人工判定",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="light_override_reason",
                violation_error_message="人工判定要写明理由",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target.code} {self.year}年"

    @property
    def code(self) -> str:
        """How the ledger names it: T11 2025."""
        return f"{self.target.code} {self.year}"
