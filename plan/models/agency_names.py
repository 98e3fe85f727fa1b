"""What agencies were called."""

from __future__ import annotations

from django.db import models

from agencies.models import Agency
from plan.models.bases import Recorded, one_in_force
from plan.models.published import Document


class AgencyName(Recorded):
    """What an agency was called from a day on, by a document. Who was never renamed has none."""

    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name="单位", related_name="names")
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=30)
    full_name = models.CharField("全称", max_length=120, blank=True)
    since = models.DateField("自", null=True, blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, verbose_name="依据文件", related_name="+"
    )

    class Meta(Recorded.Meta):
        verbose_name = "单位名称"
        verbose_name_plural = "单位名称"
        ordering = ["agency", "version"]
        constraints = [
            *Recorded.Meta.constraints,
            *one_in_force(
                "agency_name",
                "agency",
                again="这个单位的这一版名称已经登记",
                two="一个单位只能有一个现行名称",
            ),
        ]

    def __str__(self) -> str:
        return self.name
