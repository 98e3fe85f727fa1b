"""Matters as people type them, and the filters of their lists."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import construct_instance

from agencies.models import Agency
from projects.models import Project
from reporting.choices import MatterState, RiskLevel
from reporting.models import Matter
from reporting.selectors.matter_lines import Waits
from reporting.selectors.matters import CLOSED, OVERDUE, OWNERLESS
from targets.models import Target
from tasks.models import Task

ALL = [("", "全部")]
SHOWN = [
    *ALL,
    *((turn.value, turn.label) for turn in Waits),
    (OVERDUE, "已过期限"),
    (OWNERLESS, "没有承办单位"),
    (CLOSED, "已销号"),
]


class _About(forms.ModelForm):  # type: ignore[type-arg]
    """With the target, task or project that it is about: at most one. The service checks."""

    about = forms.CharField(
        label="涉及的事项",
        required=False,
        max_length=10,
        help_text="编号，如 T18、5-1 或 P16；不涉及具体事项时留空",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.instance.target or self.instance.task or self.instance.project
        self.fields["about"].initial = known.code if known else self.initial.get("about", "")

    def clean_about(self) -> Target | Task | Project | None:
        code = str(self.cleaned_data["about"]).strip().upper()
        if not code:
            return None
        for model in (Target, Task, Project):
            found = model._default_manager.filter(code=code).first()
            if found:
                return found  # type: ignore[return-value]
        raise ValidationError(f"没有编号为{code}的指标、任务或项目")

    def _post_clean(self) -> None:
        """Only fill the record: the service checks it."""
        self.instance = construct_instance(self, self.instance, self._meta.fields)
        about = self.cleaned_data.get("about")
        self.instance.target = about if isinstance(about, Target) else None
        self.instance.task = about if isinstance(about, Task) else None
        self.instance.project = about if isinstance(about, Project) else None

    def refuse(self, error: ValidationError) -> None:
        """Show what the service says, at the field where there is one."""
        fields = error.error_dict if hasattr(error, "error_dict") else {}
        known = fields and set(fields) <= set(self.fields)
        self.add_error(None, error if known else error.messages)


class MatterForm(_About):
    """What an agency tells the bureau."""

    class Meta:
        model = Matter
        fields = ["title", "text", "wish"]
        help_texts = {
            "title": "一句话，如：新河水厂提标改造因管线迁改停工",
            "text": "什么时候发生、影响哪些目标任务、已经采取的措施",
        }


class RegisterForm(_About):
    """What the bureau registers itself."""

    class Meta:
        model = Matter
        fields = [
            "kind", "title", "text", "wish", "handler", "due_on", "in_ledger", "level", "measures",
        ]  # fmt: skip
        widgets = {"due_on": forms.DateInput({"placeholder": "2026-12-31"})}
        help_texts = {"due_on": "如 2026-12-31", "level": "列入风险台账的要评等级"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        handler = self.fields["handler"]
        assert isinstance(handler, forms.ModelChoiceField)  # noqa: S101 # tells mypy the kind
        handler.queryset = Agency.objects.able_to_report().in_plan_order()
        handler.empty_label = "待指定"


class MatterFilterForm(forms.Form):
    show = forms.ChoiceField(label="范围", required=False, choices=SHOWN)


class LedgerFilterForm(forms.Form):
    state = forms.ChoiceField(label="状态", required=False, choices=[*ALL, *MatterState.choices])
    level = forms.ChoiceField(label="等级", required=False, choices=[*ALL, *RiskLevel.choices])
    agency = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)
