"""Matters to be decided or dealt with: 重大问题, risks and decisions in one ledger.

Source: 方案 五（二）, 五（三）.
"""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency
from projects.models import Project
from reporting.choices import MatterKind, MatterState, MatterStep, RiskLevel
from reporting.models.evidence import StoredFile
from reporting.models.obligations import Obligation
from targets.models import Target
from tasks.models import Task

CODE = RegexValidator(r"^\d{4}-\d{2,4}$", "编号是年份和顺序号，如 2026-07")


class Matter(models.Model):
    """事项: raised by an agency or the bureau; a row of the 重点风险台账 where `in_ledger`.

    `before` is the row of the two former ledgers, which were merged at `joined_at`: a page of an
    earlier day shows that row.
    """

    code = models.CharField("编号", max_length=10, unique=True, validators=[CODE])
    kind = models.CharField(
        "类别", max_length=12, choices=MatterKind, default=MatterKind.COORDINATE
    )
    title = models.CharField("事项", max_length=120)
    text = models.TextField("情况", blank=True)
    efforts = models.TextField("已做的工作", blank=True)
    wish = models.TextField("建议和需要协调的事项", blank=True)
    in_ledger = models.BooleanField("列入风险台账", default=False)
    level = models.CharField("等级", max_length=8, choices=RiskLevel, blank=True)
    measures = models.TextField("防范化解措施", blank=True)
    target = models.ForeignKey(
        Target, models.PROTECT, null=True, blank=True, verbose_name="指标", related_name="matters"
    )
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, verbose_name="任务", related_name="matters"
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, verbose_name="项目", related_name="matters"
    )
    obligation = models.ForeignKey(
        Obligation, models.PROTECT, null=True, blank=True, verbose_name="填报事项",
        related_name="matters",
    )  # fmt: skip
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, verbose_name="提出单位",
        related_name="matters",
    )  # fmt: skip
    agency_name = models.CharField("提出时的单位名称", max_length=80)
    reported_by = models.CharField("提出人", max_length=60)
    reported_at = models.DateTimeField("提出时间", default=timezone.now)
    handler = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, verbose_name="承办单位",
        related_name="handled_matters",
    )  # fmt: skip
    partners = models.CharField("协办单位", max_length=200, blank=True)
    due_on = models.DateField("期限", null=True, blank=True)
    keeper = models.CharField("跟踪人", max_length=60, blank=True)
    state = models.CharField("状态", max_length=12, choices=MatterState, default=MatterState.RAISED)
    closing_note = models.TextField("办结情况", blank=True)
    closing_by = models.CharField("销号提出人", max_length=60, blank=True)
    closing_by_id = models.BigIntegerField("销号提出账号", null=True, blank=True)
    closed_by = models.CharField("销号确认人", max_length=60, blank=True)
    closed_at = models.DateTimeField("销号时间", null=True, blank=True)
    risk_number = models.PositiveIntegerField("原风险编号", null=True, blank=True, unique=True)
    report_number = models.PositiveIntegerField(
        "原重大问题编号", null=True, blank=True, unique=True
    )
    before = models.JSONField("合并前的记录", default=dict, blank=True, editable=False)
    joined_at = models.DateTimeField("合并时间", null=True, blank=True, editable=False)
    is_demo = models.BooleanField("演示数据", default=False)
    changed_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        verbose_name = "事项"
        verbose_name_plural = "事项"
        ordering = ["-reported_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(agency_name=""),
                name="matter_names_agency",
                violation_error_message="事项要记下当时的单位名称",
            ),
            models.CheckConstraint(
                condition=Q(in_ledger=False) | ~Q(level=""),
                name="matter_in_ledger_has_level",
                violation_error_message="列入风险台账的要评等级",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | (~Q(closing_note="") & Q(closed_at__isnull=False)),
                name="matter_closed_has_note",
                violation_error_message="销号要写明办结情况",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reporting:matter", args=[self.code])

    @property
    def is_open(self) -> bool:
        return self.state != MatterState.CLOSED

    @property
    def is_closing(self) -> bool:
        """Whether closing is proposed and not decided yet."""
        return self.is_open and self.closing_by_id is not None

    @property
    def old_codes(self) -> tuple[str, ...]:
        """R3, W5: its codes in the two former ledgers."""
        numbers = {"R": self.risk_number, "W": self.report_number}
        return tuple(f"{letter}{number}" for letter, number in numbers.items() if number)

    @property
    def mark(self) -> str:
        """Changes with each step; a form sends it back, which detects concurrent steps."""
        return self.changed_at.isoformat()


class MatterNote(models.Model):
    """办理记录: one step, who took it and what was said. Append-only."""

    matter = models.ForeignKey(Matter, models.PROTECT, verbose_name="事项", related_name="notes")
    step = models.CharField("办理", max_length=20, choices=MatterStep)
    text = models.TextField("内容", blank=True)
    by_name = models.CharField("经办人", max_length=60)
    by_id = models.BigIntegerField("经办账号", null=True, blank=True)
    by_agency = models.CharField("经办单位", max_length=80, blank=True)
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "办理记录"
        verbose_name_plural = "办理记录"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.matter} {self.get_step_display()}"


class Instruction(models.Model):
    """批示: a leader's words as they stand on paper. Corrected by a new version, never edited.

    A matter may have several, told apart by `number`; the highest version of each is current.
    """

    matter = models.ForeignKey(
        Matter, models.PROTECT, verbose_name="事项", related_name="instructions"
    )
    note = models.OneToOneField(
        MatterNote, models.PROTECT, verbose_name="办理记录", related_name="instruction"
    )
    number = models.PositiveSmallIntegerField("第几次批示", default=1)
    version = models.PositiveSmallIntegerField("版本", default=1)
    leader = models.CharField("批示领导", max_length=60)
    day = models.DateField("批示日期")
    text = models.TextField("批示原文")
    reason = models.CharField("更正原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "批示"
        verbose_name_plural = "批示"
        ordering = ["-number", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "number", "version"],
                name="instruction_version_once",
                violation_error_message="这一版批示已经登记",
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(leader=""),
                name="instruction_has_words",
                violation_error_message="批示要有领导姓名和原文",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""),
                name="instruction_correction_has_reason",
                violation_error_message="更正批示要写明原因",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leader} {self.day:%Y-%m-%d}"

    @property
    def code(self) -> str:
        """Its name in the ledger: 2026-07 批示1."""
        return f"{self.matter.code} 批示{self.number}"


class MatterFile(models.Model):
    """A file of a step: the scan of a 批示, or the evidence of an agency's statement."""

    note = models.ForeignKey(
        MatterNote, models.PROTECT, verbose_name="办理记录", related_name="files"
    )
    file = models.ForeignKey(
        StoredFile, models.PROTECT, verbose_name="存档文件", related_name="matter_files"
    )
    name = models.CharField("文件名", max_length=200)

    class Meta:
        verbose_name = "事项附件"
        verbose_name_plural = "事项附件"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
