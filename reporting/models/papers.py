"""Sheets for the stamp: what an agency answers for on paper."""

from django.db import models

from agencies.models import Agency
from records.models import IssuedCode
from reporting.models.periods import ReportingPeriod
from reporting.models.submissions import Submission


class Paper(models.Model):
    """One version of a sheet for the stamp, printed from `content` and from nothing else.

    Of one submission, or of the whole quarter of an agency (`submission` is None).
    """

    number = models.CharField("编号", max_length=40)
    version = models.PositiveSmallIntegerField("版次")
    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name="单位", related_name="+")
    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, verbose_name="填报期", related_name="papers"
    )
    submission = models.ForeignKey(
        Submission,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="报送",
        related_name="papers",
    )
    content = models.JSONField("印出的内容")
    issued = models.OneToOneField(
        IssuedCode, models.PROTECT, verbose_name="签发编号", related_name="+"
    )

    class Meta:
        verbose_name = "报送件"
        verbose_name_plural = "报送件"
        ordering = ["number", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "version"],
                name="paper_version_once",
                violation_error_message="这一版报送件已经签发",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}-{self.version}"
