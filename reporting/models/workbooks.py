"""Workbooks that agencies have downloaded, with what stood in their cells."""

from __future__ import annotations

from django.db import models

from agencies.models import Agency, User
from reporting.models.periods import ReportingPeriod


class WorkbookDownload(models.Model):
    """One download. What came back is compared with it, since a file cannot be trusted.

    `contents` maps the key of each row to its `form`, its `cells` (column → text as shown), the
    `texts` stored then and their versions `v`, and whether it was `locked`.
    """

    key = models.CharField("标识", max_length=32, unique=True)
    agency = models.ForeignKey(
        Agency, models.CASCADE, verbose_name="单位", related_name="workbook_downloads"
    )
    period = models.ForeignKey(
        ReportingPeriod, models.CASCADE, verbose_name="填报期", related_name="workbook_downloads"
    )
    by = models.ForeignKey(
        User, models.CASCADE, verbose_name="下载人", related_name="workbook_downloads"
    )
    by_name = models.CharField("下载人姓名", max_length=60)
    at = models.DateTimeField("下载时间")
    contents = models.JSONField("下载时的内容", default=dict)

    class Meta:
        verbose_name = "填报表下载"
        verbose_name_plural = "填报表下载"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["agency", "period"], name="workbook_download_of")]

    def __str__(self) -> str:
        return f"{self.agency} {self.period} {self.at:%Y-%m-%d %H:%M}"
