"""What rows of the plan and records of its actuals have in common."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from agencies.models import Agency


class Retirable(models.Model):
    """What a later plan may drop: it is taken out of force, never deleted."""

    retired_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        abstract = True


class AgencyShare(models.Model):
    """A responsible agency in the order in which the plan prints it."""

    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name="单位", related_name="%(class)s_shares"
    )
    position = models.PositiveSmallIntegerField("顺序")

    class Meta:
        abstract = True
        ordering = ["position"]

    def __str__(self) -> str:
        return str(self.agency)


def one_in_force(
    name: str, *key: str, again: str, two: str, nulls_distinct: bool | None = None
) -> list[models.BaseConstraint]:
    """Of each key a number is given to one version, and one version is in force.

    `again` and `two` are the sentences for a number given twice and for two in force. Quarters that
    may be empty, for a whole year, ask for `nulls_distinct=False`.
    """
    return [
        models.UniqueConstraint(
            fields=[*key, "version"],
            nulls_distinct=nulls_distinct,
            name=f"{name}_version_once",
            violation_error_message=again,
        ),
        models.UniqueConstraint(
            fields=key,
            condition=Q(is_current=True),
            nulls_distinct=nulls_distinct,
            name=f"{name}_one_current",
            violation_error_message=two,
        ),
    ]


class Recorded(models.Model):
    """One version of something approved. A correction is a new version; nothing is deleted.

    A retracted version stays readable and keeps its number; it is never in force again.
    """

    year: models.PositiveSmallIntegerField[Any, int]
    """Each kind has it with its own label."""
    version = models.PositiveSmallIntegerField("版本", default=1)
    is_current = models.BooleanField("现行", default=True)
    reason = models.CharField("更正原因", max_length=200, blank=True)
    is_demo = models.BooleanField("演示数据", default=False, db_index=True)
    recorded_at = models.DateTimeField("入库时间", auto_now_add=True)
    recorded_by = models.CharField("录入人", max_length=60, blank=True)
    retracted_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(retracted_at=None) | Q(is_current=False),
                name="%(class)s_retracted_not_current",
                violation_error_message="已撤销的版本不能是现行版本",
            )
        ]

    @property
    def standing(self) -> str:
        """Why a version is not in force; empty for the one that is."""
        if self.is_current:
            return ""
        return "已撤销" if self.retracted_at else "已被取代"
