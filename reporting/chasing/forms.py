"""Forms of time requests."""

from collections.abc import Iterable
from typing import Any

from django import forms

from common.fields import DayField, typed_field
from reporting.models import Obligation

ALL = "all"
_REASON = {"rows": 3}


class AskForm(forms.Form):
    """An agency's request, for one obligation or for all."""

    item = forms.ChoiceField(label="事项")
    until = DayField(label="延至", error_messages={"required": "填写日期"})
    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea(_REASON),
        help_text="区发改局据此决定，如“区统计局12月3日才公布数据”",
        error_messages={"required": "写明理由"},
    )

    def __init__(
        self, *args: Any, obligations: Iterable[Obligation], word: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (str(obligation.pk), f"{obligation.subject_code} {obligation.name}")
            for obligation in obligations
        ]
        typed_field(self, "item", forms.ChoiceField).choices = [(ALL, "全部未报事项"), *choices]
        self.fields["until"].label = word


class ExtendForm(forms.Form):
    """An extension that the bureau grants without a request."""

    until = DayField(label="延至", error_messages={"required": "填写日期"})
    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea(_REASON),
        help_text="记入留痕，按时率按延期以后的日期计算",
        error_messages={"required": "写明理由"},
    )


class DecideForm(forms.Form):
    """Whether a request is granted, with an optional other day."""

    until = DayField(required=False)
    note = forms.CharField(required=False, max_length=500)
