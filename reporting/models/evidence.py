"""Files that support a report."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from reporting.models.obligations import Obligation


class StoredFile(models.Model):
    """Content on disk under its hash, outside the web root; identical content is stored once."""

    sha256 = models.CharField("校验值", max_length=64, unique=True)
    size = models.PositiveBigIntegerField("字节数")
    content_type = models.CharField("类型", max_length=100)
    stored_at = models.DateTimeField("存入时间", auto_now_add=True)

    class Meta:
        verbose_name = "存档文件"
        verbose_name_plural = "存档文件"

    def __str__(self) -> str:
        return self.sha256[:12]


class Evidence(models.Model):
    """A file attached to an obligation under its editor's name for it. Stays when removed."""

    obligation = models.ForeignKey(
        Obligation, models.PROTECT, verbose_name="应报事项", related_name="evidence"
    )
    file = models.ForeignKey(
        StoredFile, models.PROTECT, verbose_name="存档文件", related_name="evidence"
    )
    name = models.CharField("文件名", max_length=200)
    uploaded_by = models.CharField("上传人", max_length=60)
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)
    is_locked = models.BooleanField("已随审核锁定", default=False)
    is_reused = models.BooleanField("沿用上季度", default=False)

    class Meta:
        verbose_name = "佐证材料"
        verbose_name_plural = "佐证材料"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "file"],
                condition=Q(removed_at=None),
                name="evidence_once",
                violation_error_message="这份文件已经上传",
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(is_locked=False),
                name="evidence_locked_stays",
                violation_error_message="审核通过的佐证材料不能移除",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        return self.obligation.code
