"""Forms of the bureau for periods, the calendar and the rules."""

from typing import Any

from django import forms

from common.fields import DayField, NumberField
from reporting.models import ReportingPeriod
from reporting.periods.rules.rhythm import PeriodDates
from reporting.periods.rules.thresholds import Threshold

_DATES = ("opens_on", "due_on", "closes_on")
_ASKS = ("is_backfill", "asks_contributions", "asks_annual", "asks_settled")


class PeriodForm(forms.Form):
    """Dates of a period and what it asks for."""

    opens_on = DayField(label="开放日期", error_messages={"required": "填写开放日期"})
    due_on = DayField(
        label="截止日期",
        help_text="当天24时以前报送算按时",
        error_messages={"required": "填写截止日期"},
    )
    closes_on = DayField(
        label="关闭日期",
        help_text="截止以后到这一天还可以补报，算逾期；过了这一天要申请解锁",
        error_messages={"required": "填写关闭日期"},
    )
    is_backfill = forms.BooleanField(
        label="补录以前的季度", required=False, help_text="不催报，不计逾期"
    )
    asks_contributions = forms.BooleanField(label="责任单位填报配合情况", required=False)
    asks_annual = forms.BooleanField(
        label="填报年度指标",
        required=False,
        help_text="从这一期起要报上一年的年度值；再早年度的最终值每期都要报，直到最终值入库",
    )
    asks_settled = forms.BooleanField(
        label="已竣工、已取消的项目仍须确认“本季度无变化”", required=False
    )

    def fill(self, period: ReportingPeriod) -> ReportingPeriod:
        """Set the typed values on a period; does not save it."""
        for name in (*_DATES, *_ASKS):
            setattr(period, name, self.cleaned_data[name])
        return period


def typed(period: ReportingPeriod) -> dict[str, Any]:
    """A period as initial data of its form."""
    return {name: getattr(period, name) for name in (*_DATES, *_ASKS)}


def proposed(period: ReportingPeriod, dates: PeriodDates) -> ReportingPeriod:
    """A new period with the dates that follow from the settings."""
    for name in _DATES:
        setattr(period, name, getattr(dates, name))
    return period


class HolidaysForm(forms.Form):
    """The pasted list of a year's holidays."""

    text = forms.CharField(
        label="放假和调休",
        max_length=6000,
        widget=forms.Textarea({"rows": 10, "spellcheck": "false"}),
        help_text="粘贴国务院办公厅通知的正文，或每行写一段，"
        "如“2027-01-01至2027-01-03 放假 元旦”“2027-01-09 上班”",
        error_messages={"required": "粘贴这一年的放假和调休安排"},
    )


class ThresholdForm(forms.Form):
    """One threshold and the reason of its change."""

    value = NumberField(label="数值", error_messages={"required": "填写数值"})
    reason = forms.CharField(
        label="原因",
        max_length=200,
        help_text="记入留痕，如“按2026年第四季度工作例会要求”",
        error_messages={"required": "写明修改的原因"},
    )

    def __init__(self, *args: Any, threshold: Threshold, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["value"]
        field.label = f"{threshold.label}（{threshold.unit}）"
        field.help_text = threshold.help
        if threshold.options:
            field.label = threshold.label
            field.widget = forms.Select(
                choices=[(f"{value}", word) for value, word in threshold.options]
            )


class SwitchForm(forms.Form):
    """Switching a rule off or on, and the reason."""

    reason = ThresholdForm.base_fields["reason"]
