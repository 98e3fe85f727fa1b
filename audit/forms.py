"""What part of the ledger is looked at; every part is in the address."""

from typing import Any

from django import forms

from audit.models import Way
from common.fields import DayField

_DAY = {"type": "date"}


class HistoryFilterForm(forms.Form):
    object = forms.CharField(
        label="对象编号", required=False, max_length=80, widget=forms.TextInput({"size": 10})
    )
    kind = forms.CharField(
        label="对象类型",
        required=False,
        max_length=40,
        widget=forms.TextInput({"list": "kinds", "size": 10}),
    )
    user = forms.CharField(
        label="操作人", required=False, max_length=60, widget=forms.TextInput({"size": 8})
    )
    action = forms.CharField(
        label="操作",
        required=False,
        max_length=40,
        widget=forms.TextInput({"list": "actions", "size": 10}),
    )
    way = forms.ChoiceField(label="方式", required=False, choices=[("", "全部"), *Way.choices])
    start = DayField(label="从", required=False, widget=forms.DateInput(_DAY))
    end = DayField(label="到", required=False, widget=forms.DateInput(_DAY))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = self.fields.pop("start")
        self.fields["to"] = self.fields.pop("end")
