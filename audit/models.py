from django.db import models


class Way(models.TextChoices):
    WEB = "web", "网页"
    EXCEL = "excel", "Excel导入"
    ANNEX = "annex", "附件导入"
    COMMAND = "command", "命令"


class AuditEvent(models.Model):
    """One thing that somebody did. Rows are only ever added: the database refuses to change them.

    Names of the person and the agency are copied: the event outlives the account.
    """

    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    actor_id = models.BigIntegerField("账号编号", null=True, blank=True)
    actor_name = models.CharField("操作人", max_length=60, blank=True)
    agency_name = models.CharField("单位", max_length=80, blank=True)
    address = models.GenericIPAddressField("来源地址", null=True, blank=True)
    way = models.CharField("方式", max_length=10, choices=Way)
    action = models.CharField("操作", max_length=40)
    object_type = models.CharField("对象类型", max_length=40)
    object_code = models.CharField("对象编号", max_length=80)
    object_name = models.CharField("对象名称", max_length=200, blank=True)
    changes = models.JSONField("变更", default=list, blank=True)
    reason = models.TextField("原因", blank=True)
    succeeded = models.BooleanField("成功", default=True)

    class Meta:
        verbose_name = "留痕"
        verbose_name_plural = "留痕"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["object_type", "object_code", "-at"], name="audit_object")]

    def __str__(self) -> str:
        return f"{self.actor_name or '系统'} {self.action} {self.object_code}"
