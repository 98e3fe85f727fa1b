"""Workbooks that agencies have downloaded, with what stood in their cells."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from agencies.models import Agency, User
from reporting.choices import UploadState
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


class WorkbookUpload(models.Model):
    """A workbook that came back: what its cells say, what was chosen about them, what was written.

    `cells` holds what the file says; it is compared anew whenever it is looked at. `choices` maps
    a control of the preview to its text and version, as content does in Obligation. `writes` holds
    one list of written fields for each time that somebody pressed the button, the last one last.
    """

    agency = models.ForeignKey(
        Agency, models.CASCADE, verbose_name="单位", related_name="workbook_uploads"
    )
    period = models.ForeignKey(
        ReportingPeriod, models.CASCADE, verbose_name="填报期", related_name="workbook_uploads"
    )
    download = models.ForeignKey(
        WorkbookDownload, models.CASCADE, null=True, verbose_name="由此下载", related_name="uploads"
    )
    by = models.ForeignKey(
        User, models.CASCADE, verbose_name="上传人", related_name="workbook_uploads"
    )
    by_name = models.CharField("上传人姓名", max_length=60)
    at = models.DateTimeField("上传时间")
    file_name = models.CharField("文件名", max_length=200)
    content = models.BinaryField("文件内容", default=bytes, editable=False)
    state = models.CharField(
        "状态", max_length=10, choices=UploadState, default=UploadState.CHECKING
    )
    progress = models.PositiveSmallIntegerField("读取进度", default=0, help_text="百分数")
    message = models.CharField("不能用的原因", max_length=300, blank=True)
    advice = models.CharField("怎么办", max_length=300, blank=True)
    cells = models.JSONField("表里的内容", default=list)
    strays = models.JSONField("对不上的行", default=list)
    choices = models.JSONField("逐格处理", default=dict)
    version = models.PositiveIntegerField("版本", default=0)
    writes = models.JSONField("写入记录", default=list)
    written_at = models.DateTimeField("写入时间", null=True)

    class Meta:
        verbose_name = "填报表上传"
        verbose_name_plural = "填报表上传"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["agency", "period"], name="workbook_upload_of")]

    def __str__(self) -> str:
        return f"{self.agency} {self.period} {self.file_name}"

    @property
    def is_reading(self) -> bool:
        return self.state == UploadState.READING

    @property
    def is_refused(self) -> bool:
        return self.state == UploadState.REFUSED

    @property
    def is_given_up(self) -> bool:
        return self.state == UploadState.GIVEN_UP

    def get_absolute_url(self) -> str:
        return reverse("reporting:excel_preview", args=[self.period.code, self.pk])
