from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from agencies.models import User
from imports.choices import OPEN, AnnexTable, ImportState


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def for_list(self) -> ImportRunQuerySet:
        """Without the workbook and what was read of it: a list does not carry them."""
        heavy = ("content", "reading", "answers", "agency_answers", "changes")
        return self.defer(*heavy).select_related("created_by")

    def open(self) -> ImportRunQuerySet:
        return self.filter(state__in=OPEN)


class ImportRun(models.Model):
    """One workbook on its way into the plan: the file, the answers given, what was changed."""

    file_name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("文件指纹", max_length=64)
    content = models.BinaryField("文件内容", editable=False)
    table = models.CharField("表格", max_length=10, choices=AnnexTable, blank=True)
    sheet = models.CharField("工作表", max_length=80, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=ImportState, default=ImportState.CHECKING
    )
    version = models.PositiveIntegerField("版本", default=1)
    header_choices = models.JSONField("表头选择", default=dict, blank=True)
    reading = models.JSONField("读取结果", null=True, blank=True)
    message = models.TextField("说明", blank=True)
    answers = models.JSONField("逐格处理", default=dict, blank=True)
    agency_answers = models.JSONField("单位处理", default=dict, blank=True)
    counts = models.JSONField("计数", default=dict, blank=True)
    changes = models.JSONField("变更记录", default=list, blank=True)
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name="上传人", related_name="+"
    )
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name="导入人", related_name="+"
    )
    confirmed_at = models.DateTimeField("导入时间", null=True, blank=True)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = "导入记录"
        verbose_name_plural = "导入记录"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "undone"]) | Q(confirmed_at__isnull=False),
                name="import_confirmed_has_time",
            )
        ]

    def __str__(self) -> str:
        return f"导入{self.pk} {self.file_name}"

    @property
    def is_of_projects(self) -> bool:
        return self.table == AnnexTable.PROJECTS

    @property
    def is_confirmed(self) -> bool:
        return self.state == ImportState.CONFIRMED

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def code(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        return reverse("imports:run", args=[self.pk])
