"""Submissions of agencies, and the decisions on them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Cast, Concat

from agencies.models import Agency
from reporting.choices import DecisionKind
from reporting.models.obligations import Obligation
from reporting.models.periods import ReportingPeriod


def full_number_at(path: str) -> Concat:
    """The full number of the submission at a path of relations, for a query."""
    version = Cast(f"{path}version", models.CharField())
    return Concat(f"{path}number", Value("-"), version)


class Submission(models.Model):
    """What an agency submitted at one moment: the receipt.

    Names are copied, so that they outlive accounts and a renaming of the agency. A submission that
    takes the place of one of which nothing stands goes on with its number.
    """

    number = models.CharField("报送编号", max_length=40)
    version = models.PositiveSmallIntegerField(
        "版次", default=1, help_text="报送件最新一版；撤回、重新报送时加1"
    )
    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, verbose_name="填报期", related_name="submissions"
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name="单位", related_name="submissions"
    )
    agency_name = models.CharField("报送时的单位名称", max_length=80)
    agency_short_name = models.CharField("报送时的单位简称", max_length=30, blank=True)
    prepared_by = models.CharField("填报人", max_length=60)
    preparer_id = models.BigIntegerField("填报账号")
    signed_by = models.CharField("单位审核人", max_length=60, blank=True)
    phone = models.CharField("联系电话", max_length=30, blank=True)
    submitted_at = models.DateTimeField("报送时间")

    class Meta:
        verbose_name = "报送"
        verbose_name_plural = "报送"
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "version"],
                name="submission_version_once",
                violation_error_message="这个编号的这一版已经报送",
            ),
            models.CheckConstraint(
                condition=~Q(agency_name=""),
                name="submission_names_agency",
                violation_error_message="报送要记下当时的单位名称",
            ),
        ]

    def __str__(self) -> str:
        return self.full_number

    @property
    def code(self) -> str:
        return self.full_number

    @property
    def full_number(self) -> str:
        """2026Q3-JTJ-02-2: with the version of its sheet for the stamp."""
        return f"{self.number}-{self.version}"

    @property
    def short_name(self) -> str:
        """The agency's short name at the time of submission."""
        return self.agency_short_name or self.agency_name


class SubmittedItem(models.Model):
    """One obligation as submitted: a snapshot that is never changed.

    `round` counts the submissions of the obligation; `doubts` are its doubts with reasons.
    """

    submission = models.ForeignKey(
        Submission, models.PROTECT, verbose_name="报送", related_name="items"
    )
    obligation = models.ForeignKey(
        Obligation, models.PROTECT, verbose_name="应报事项", related_name="rounds"
    )
    round = models.PositiveSmallIntegerField("轮次")
    texts = models.JSONField("报送内容", default=dict)
    doubts = models.JSONField("疑点和说明", default=list, blank=True)
    evidence = models.JSONField("佐证材料", default=list, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        verbose_name = "报送事项"
        verbose_name_plural = "报送事项"
        ordering = ["obligation", "-round"]
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "round"],
                name="submitted_item_round_once",
                violation_error_message="这一轮已经报送",
            )
        ]

    def __str__(self) -> str:
        return f"{self.obligation} 第{self.round}次"


class Decision(models.Model):
    """A decision of a reviewer, or of the agency's own signer, on one submitted item."""

    obligation = models.ForeignKey(
        Obligation, models.PROTECT, verbose_name="应报事项", related_name="decisions"
    )
    item = models.ForeignKey(
        SubmittedItem,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="报送事项",
        related_name="decisions",
        help_text="单位退回时还没有报送",
    )
    kind = models.CharField("决定", max_length=10, choices=DecisionKind)
    comment = models.TextField("意见", blank=True)
    by_name = models.CharField("审核人", max_length=60)
    by_id = models.BigIntegerField("审核账号")
    by_agency = models.CharField("审核单位", max_length=80, blank=True)
    is_own_agency = models.BooleanField("审核本单位事项", default=False)
    decided_at = models.DateTimeField("时间")
    batch = models.CharField("批次", max_length=40, blank=True, db_index=True)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)
    effect = models.JSONField("写入的记录", default=dict, blank=True)

    class Meta:
        verbose_name = "审核意见"
        verbose_name_plural = "审核意见"
        ordering = ["-decided_at", "-pk"]
        indexes = [models.Index(fields=["decided_at"], name="decision_decided_at")]
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(undone_at=None, kind__in=["approved", "returned"]),
                name="decision_one_per_round",
                violation_error_message="这一轮已经有审核决定",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["returned", "sent_back"]) | ~Q(comment=""),
                name="decision_return_has_comment",
                violation_error_message="退回要写明意见",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation} {self.get_kind_display()}"


class FieldComment(models.Model):
    """A comment at a field of a returned submitted item, with a suggested value and the answer."""

    decision = models.ForeignKey(
        Decision, models.CASCADE, verbose_name="审核意见", related_name="comments"
    )
    field = models.CharField("字段", max_length=30)
    text = models.CharField("意见", max_length=500)
    suggested = models.CharField("建议值", max_length=800, blank=True)
    answer = models.CharField("答复", max_length=500, blank=True)
    answered_by = models.CharField("答复人", max_length=60, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    is_accepted = models.BooleanField("已采纳建议值", default=False)

    class Meta:
        verbose_name = "字段意见"
        verbose_name_plural = "字段意见"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.field}：{self.text}"

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None
