"""Forms of matters, and the filters of the ledger of risks."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import construct_instance

from common.fields import DayField
from plan.rules import subject_codes
from projects.models import Project
from reporting.choices import MatterState, MatterStep, RiskLevel
from reporting.matters.forms.drafted import (
    Drafted,
    FilesField,
    due_field,
    handler_field,
    words_field,
)
from reporting.models import Instruction, Matter
from targets.models import Target
from tasks.models import Task

ALL = [("", "全部")]


class _About(Drafted, forms.ModelForm):  # type: ignore[type-arg]
    """Fields of the subject: at most one target, task or project, which the service checks."""

    about = forms.CharField(
        required=False,
        max_length=60,
        help_text="指标、任务或项目的编号，如 T18、5-1 或 P16；不涉及时留空",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.instance.target or self.instance.task or self.instance.project
        self.fields["about"].initial = known.code if known else ""

    def clean_about(self) -> Target | Task | Project | None:
        code, *others = subject_codes(str(self.cleaned_data["about"])) or [""]
        if not code:
            return None
        if others:
            told = f"一件事只登记涉及的一项：{code}和{'、'.join(others)}中留下一个"
            raise ValidationError(f"{told}，其余写在“情况”里")
        for model in (Target, Task, Project):
            found = model._default_manager.filter(code=code).first()
            if found:
                return found  # type: ignore[return-value]
        raise ValidationError(f"没有编号为{code}的指标、任务或项目")

    def _post_clean(self) -> None:
        """Only fill in the record; validation is the service's."""
        self.instance = construct_instance(self, self.instance, self._meta.fields)
        about = self.cleaned_data.get("about")
        self.instance.target = about if isinstance(about, Target) else None
        self.instance.task = about if isinstance(about, Task) else None
        self.instance.project = about if isinstance(about, Project) else None


class MatterForm(_About):
    """A matter that an agency raises."""

    attached = FilesField(label="附件")
    field_order = ("title", "text", "efforts", "wish", "about", "attached")

    class Meta:
        model = Matter
        fields = ["title", "text", "efforts", "wish"]
        widgets = {name: forms.Textarea({"rows": 2}) for name in ("text", "efforts", "wish")}
        help_texts = {
            "title": "一句话，如：新河水厂提标改造因管线迁改停工",
            "text": "什么时候发生、影响哪些目标任务",
            "wish": "请谁决定、协调什么",
        }


_RATED = ("kind", "handler", "due_on", "partners", "in_ledger", "level", "measures")


class _Rated(_About):
    """Fields that only the bureau fills in: kind, handler, term, and those of the risk ledger."""

    handler = handler_field(required=False)
    due_on = due_field()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("in_ledger") and not found.get("level"):
            self.add_error("level", "列入风险台账的要评等级")
        return found


class RegisterForm(_Rated):
    """A matter that the bureau registers itself."""

    attached = FilesField(label="附件")
    field_order = ("kind", "title", "text", "efforts", "wish", "about", *_RATED[1:], "attached")

    class Meta(MatterForm.Meta):
        fields = ["title", "text", "efforts", "wish", *_RATED]
        widgets = {**MatterForm.Meta.widgets, "measures": forms.Textarea({"rows": 2})}


class AssessForm(_Rated):
    """研判: the bureau's opinion, and its classification of the matter."""

    step = "研判"
    hint = "写明是否属实、要不要领导决定；列入风险台账的评等级"
    button = "保存研判"

    said_in = "opinion"
    opinion = words_field()
    field_order = ("opinion", "title", "about", *_RATED)

    class Meta:
        model = Matter
        fields = ["title", *_RATED]
        widgets = {"measures": forms.Textarea({"rows": 2})}


class InstructForm(Drafted, forms.Form):
    """A leader's words as they stand on paper."""

    step = "登记批示"
    hint = "照批示件录入，不改字；登记后领导和承办单位都能看到"
    button = "登记批示，转承办单位"

    said_in = "words"
    leader = forms.CharField(max_length=60, widget=forms.TextInput({"class": "line"}))
    day = DayField()
    words = words_field()
    handler = handler_field()
    due_on = due_field()
    partners = forms.CharField(max_length=200, required=False, help_text="几个单位用顿号分开")
    attached = FilesField(label="批示件", help_text="扫描件或照片；没有的写明口头批示、记录人")

    @property
    def instruction(self) -> Instruction:
        found = self.cleaned_data
        return Instruction(
            leader=found["leader"],
            day=found["day"],
            text=found["words"],
            reason=found.get("reason", ""),
        )

    def take_into(self, matter: Matter) -> Matter:
        """The matter with handler, partners and term of the paper."""
        for name in ("handler", "partners", "due_on"):
            setattr(matter, name, self.cleaned_data[name])
        return matter


class CorrectForm(InstructForm):
    """A corrected instruction, with the reason."""

    reason = forms.CharField(max_length=200)


class StepForm(Drafted, forms.Form):
    """A step of a matter that is being dealt with."""

    said_in = "note"
    do = forms.ChoiceField(widget=forms.RadioSelect)
    note = words_field()
    due_on = due_field()
    attached = FilesField(label="佐证材料")

    def __init__(self, *args: Any, steps: Iterable[MatterStep] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        do = self.fields["do"]
        assert isinstance(do, forms.ChoiceField)  # noqa: S101 # tells mypy the kind
        do.choices = [(step.value, _STEP_WORDS.get(step, step.label)) for step in steps]
        do.initial = next((step.value for step in steps), "")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("do") == MatterStep.EXTEND and not found.get("due_on"):
            self.add_error("due_on", "写明延到哪一天")
        return found


_STEP_WORDS = {MatterStep.REPORT_BACK: "单位反馈", MatterStep.ANSWER: "答复提出单位"}


class LedgerFilterForm(forms.Form):
    state = forms.ChoiceField(label="状态", required=False, choices=[*ALL, *MatterState.choices])
    level = forms.ChoiceField(label="等级", required=False, choices=[*ALL, *RiskLevel.choices])
    agency = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)
