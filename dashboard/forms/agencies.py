from django import forms

from agencies.choices import AgencyKind

DUTIES = [
    ("", "全部"), ("lead", "牵头"), ("convenor", "汇总"), ("responsible", "责任单位"),
    ("owner", "项目单位"), ("reporter", "填报项目"),
]  # fmt: skip


class AgencyFilterForm(forms.Form):
    """The filters of the list of agencies, kept in the address."""

    q = forms.CharField(label="查找", required=False, max_length=80)
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部"), *AgencyKind.choices]
    )
    has = forms.ChoiceField(label="职责", required=False, choices=DUTIES)

    @property
    def filters(self) -> dict[str, str]:
        """Unknown values of a filter are ignored."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("q", "kind", "has")}
