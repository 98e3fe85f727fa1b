"""Reporting periods, the calendar of working days and the settings that the bureau keeps."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from common.quarters import Period
from reporting.choices import DayKind, PeriodState


class ReportingPeriod(models.Model):
    """A quarter for which agencies report. Figures are those of its last day."""

    year = models.PositiveSmallIntegerField("年份")
    quarter = models.PositiveSmallIntegerField("季度")
    opens_on = models.DateField("开放日期")
    due_on = models.DateField("截止日期")
    closes_on = models.DateField("关闭日期")
    state = models.CharField("状态", max_length=8, choices=PeriodState, default=PeriodState.PLANNED)
    is_backfill = models.BooleanField("补录", default=False, help_text="补报以前的季度，不计逾期")
    asks_contributions = models.BooleanField("责任单位填报配合情况", default=True)
    asks_annual = models.BooleanField(
        "填报年度指标", default=False, help_text="只在年度数据应当有了的季度选"
    )
    asks_settled = models.BooleanField("已竣工项目仍须确认无变化", default=True)
    holes = models.PositiveSmallIntegerField(
        "没有单位填报的事项数", default=0, editable=False, help_text="最近一次更新应报事项时"
    )
    is_automatic = models.BooleanField(
        "系统建立",
        default=False,
        editable=False,
        help_text="日期随放假安排和填报规则调整，直到有人修改",
    )
    is_demo = models.BooleanField("演示数据", default=False, editable=False)
    opened_at = models.DateTimeField("开放时间", null=True, blank=True, editable=False)
    closed_at = models.DateTimeField("关闭时间", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "填报期"
        verbose_name_plural = "填报期"
        ordering = ["-year", "-quarter"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "quarter"],
                name="period_once",
                violation_error_message="这个季度的填报期已经建立",
            ),
            models.CheckConstraint(
                condition=Q(quarter__gte=1, quarter__lte=4),
                name="period_quarter_1_4",
                violation_error_message="季度只能是1至4",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("opens_on"), closes_on__gte=F("due_on")),
                name="period_dates_ordered",
                violation_error_message="日期应当依次为开放、截止、关闭",
            ),
        ]

    def __str__(self) -> str:
        return self.period.label

    @property
    def code(self) -> str:
        """2026Q3: its name in addresses and in the ledger."""
        return self.period.code

    @property
    def is_planned(self) -> bool:
        return self.state == PeriodState.PLANNED

    @property
    def is_opened(self) -> bool:
        """Opened and not closed; whether its days allow entries is policies.is_open."""
        return self.state == PeriodState.OPEN

    @property
    def is_closed(self) -> bool:
        return self.state == PeriodState.CLOSED

    @property
    def period(self) -> Period:
        return Period(self.year, self.quarter)


class CalendarDay(models.Model):
    """A day that is not what its weekday suggests: a holiday, or a weekend day that is worked."""

    day = models.DateField("日期", unique=True)
    kind = models.CharField("安排", max_length=8, choices=DayKind)
    name = models.CharField("名称", max_length=30, blank=True)

    class Meta:
        verbose_name = "放假和调休"
        verbose_name_plural = "放假和调休"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.get_kind_display()}"

    @property
    def code(self) -> str:
        return f"{self.day:%Y-%m-%d}"


class ReportingSetting(models.Model):
    """A threshold that differs from its default, or a rule that is switched off.

    What can be set, with unit and default, is reporting/periods/rules/thresholds.py.
    """

    code = models.CharField("设置项", max_length=30, unique=True)
    value = models.DecimalField("数值", max_digits=14, decimal_places=4, null=True, blank=True)
    is_off = models.BooleanField("停用", default=False)

    class Meta:
        verbose_name = "填报规则"
        verbose_name_plural = "填报规则"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code
