"""The register of what was issued: enough to say whether a paper is the newest, no contents."""

from django.db import models
from django.db.models import F, Q

from records import rules
from records.choices import CodeState


class IssuedCode(models.Model):
    """The check code of one issued paper. Rows are never deleted, but those of a demonstration.

    `number` ends with the version; `owner` is the agency's name at the time.
    """

    code = models.CharField("校验码", max_length=rules.LENGTH, unique=True)
    sha256 = models.CharField("内容校验值", max_length=64, unique=True)
    number = models.CharField("编号", max_length=60, unique=True)
    label = models.CharField("名称", max_length=200)
    owner = models.CharField("单位", max_length=120)
    state = models.CharField("状态", max_length=10, choices=CodeState, default=CodeState.VALID)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name="替代它的", related_name="+"
    )
    issued_at = models.DateTimeField("签发时间")
    issued_by = models.CharField("签发人", max_length=60, blank=True)
    ended_at = models.DateTimeField("失效时间", null=True, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    class Meta:
        verbose_name = "签发编号"
        verbose_name_plural = "签发编号"
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=CodeState.VALID, ended_at=None)
                | (~Q(state=CodeState.VALID) & Q(ended_at__isnull=False)),
                name="issued_code_ends_once",
                violation_error_message="失效的编号要有失效时间，有效的没有",
            ),
            models.CheckConstraint(
                condition=~Q(state=CodeState.REPLACED) | Q(replaced_by__isnull=False),
                name="issued_code_names_its_successor",
                violation_error_message="已被替代的编号要写明被哪一份替代",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | ~Q(replaced_by=F("id")),
                name="issued_code_not_its_own_successor",
                violation_error_message="编号不能由它自己替代",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def spelled(self) -> str:
        """7C1E 40B9 D2A6: as printed."""
        return rules.spelled(self.code)

    @property
    def is_valid(self) -> bool:
        return self.state == CodeState.VALID
