"""What administrators type to complete the plan's data."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from agencies.choices import GROUP_KINDS
from agencies.models import Agency
from common.fields import Bound, DayField, NumberField, typed_field
from plan.models import Document
from plan.rules import PlanTextError, parse
from projects.models import Project
from setup.choices import AccountsGo, AgencyChangeKind
from setup.models import AgencyChange
from targets import rules
from targets.models import AccountingBasis, Milestone, Target
from targets.rules.series.accounting import spelling
from targets.selectors import base_years
from tasks.models import Task

MAX_TEXT_BYTES = 2_000_000
ASSIGNED, WITHDRAWN = "assigned", "withdrawn"


class PlanTextForm(forms.Form):
    text = forms.FileField(
        label="方案全文",
        allow_empty_file=True,
        help_text="纯文本（.txt，UTF-8或GB18030编码），章节编号为一、（一）、1.；在Word中可“另存为”纯文本。",
        widget=forms.FileInput({"accept": ".txt,text/plain"}),
        error_messages={"required": "选择方案全文的文本文件"},
    )

    def clean_text(self) -> str:
        """The text itself."""
        upload = self.cleaned_data["text"]
        if upload.size > MAX_TEXT_BYTES:
            raise ValidationError("文件超过2 MB，不像是方案的文本；请另存为纯文本后再上传")
        text = decoded(upload.read())
        try:
            parse(text)
        except PlanTextError as error:
            raise ValidationError(str(error)) from error
        return text


def decoded(data: bytes) -> str:
    """Text of a file as Windows or Linux programs write it. Raises ValidationError."""
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ValidationError("这不是文本文件：请在Word或WPS中另存为“纯文本（.txt）”再上传")


class AssignedForm(forms.Form):
    """A value that the city has sent down, or the notice that none will come."""

    outcome = forms.ChoiceField(
        label="结果",
        choices=((ASSIGNED, "已下达数值"), (WITHDRAWN, "不再下达")),
        initial=ASSIGNED,
        widget=forms.RadioSelect,
        error_messages={"required": "选择已下达或不再下达"},
    )
    value = NumberField(label="目标值", error_messages={"required": "填写文件下达的数值"})
    base_year = forms.TypedChoiceField(
        label="比较基年",
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        help_text="按文件的写法选；较2025年的由系统按2025年实际值换算",
        error_messages={"required": "看文件写的是较哪一年下降"},
    )
    basis = forms.ModelChoiceField(
        AccountingBasis.objects.none(),
        label="口径",
        required=False,
        empty_label="与指标的口径相同",
        help_text="文件按另一种口径下达时选；口径不同的数值不和它比较。列表里没有的，先在口径登记册里增加",
    )
    sure = forms.BooleanField(
        label="已核对文件，数值和比较基年没有填错",
        required=False,
        help_text="数值不到1%，或低于以前的目标或实际降低率时勾选",
    )
    number = forms.CharField(
        label="文号",
        max_length=60,
        help_text="如 长发改〔2024〕9号",
        error_messages={"required": "填写文号"},
    )
    title = forms.CharField(
        label="文件名称", max_length=120, error_messages={"required": "填写文件名称"}
    )
    effective_from = DayField(
        label="生效日期",
        help_text="一般为文件的印发日期，如 2024-03-15",
        error_messages={"required": "填写生效日期", "invalid": "日期写成 2024-03-15"},
    )
    note = forms.CharField(
        label="说明",
        required=False,
        max_length=400,
        widget=forms.Textarea({"rows": 3}),
        help_text="不再下达时写明原因",
        error_messages={"required": "写明不再下达的原因"},
    )

    def __init__(
        self, *args: Any, milestone: Milestone, reached: Decimal | None = None, **kwargs: Any
    ) -> None:
        """`reached` is the reduction that earlier goals ask for or earlier years show."""
        super().__init__(*args, **kwargs)
        self.reached, self.own_base = reached, milestone.target.baseline_year
        self.unit = milestone.target.unit
        others = AccountingBasis.objects.exclude(name=milestone.target.basis_name)
        typed_field(self, "basis", forms.ModelChoiceField).queryset = others
        self.fields["basis"].initial = milestone.basis
        years = base_years(milestone)
        if years:
            choices = [(year, f"较{year}年") for year in years]
            typed_field(self, "base_year", forms.TypedChoiceField).choices = choices
        else:
            del self.fields["base_year"]
        if self.unit != "%":
            del self.fields["sure"]
        withdrawn = self.data.get("outcome") == WITHDRAWN
        for name in {"value", "base_year"} & set(self.fields):
            self.fields[name].required = not withdrawn
        self.fields["note"].required = withdrawn
        hints = [f"单位：{milestone.target.unit}"] if milestone.target.unit else []
        if "降低率" in milestone.target.name:
            hints.append("下降填正数，如下降15%填15")
        self.fields["value"].help_text = "；".join(hints)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("outcome") == WITHDRAWN and data.get("value") is not None:
            self.add_error("value", "不再下达的目标没有数值，请清空")
        doubt = self._doubt(data)
        if doubt and not data.get("sure"):
            self.add_error("value", f"{doubt}；没有填错的勾选“已核对文件”")
        return data

    def _doubt(self, data: dict[str, Any]) -> str:
        """What is to be asked about the number; empty if nothing is."""
        value = data.get("value")
        if value is None:
            return ""
        is_own_base = data.get("base_year") == self.own_base
        reached = self.reached if is_own_base else None
        return rules.doubt_of_percent(value, self.unit) or rules.doubt_of_reduction(
            value, reached, self.own_base
        )

    @property
    def entry(self) -> dict[str, Any]:
        """Arguments of `enter_assigned`; without a value nothing will be sent down."""
        known = {name: self.cleaned_data[name] for name in self.fields}
        base = known.pop("base_year", None)
        facts = {name: value for name, value in known.items() if name not in {"outcome", "sure"}}
        is_own = base == self.own_base or facts["value"] is None
        return facts | {"base_year": None if is_own else base}


class TargetsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Targets as code and short name."""

    def label_from_instance(self, obj: Target) -> str:
        return f"{obj.code} {obj.short_name}"


class LinksForm(forms.Form):
    """The targets that a task or project serves, as the administrator ticks them."""

    targets = TargetsField(
        label="相关指标", queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label="依据", max_length=200, help_text="为什么关联或不再关联，记入留痕"
    )

    def __init__(self, *args: Any, record: Task | Project, **kwargs: Any) -> None:
        linked = record.targets.values_list("pk", flat=True)
        kwargs["initial"] = {"targets": list(linked)}
        super().__init__(*args, **kwargs)
        offered = Target.objects.filter(Q(retired_on=None) | Q(pk__in=linked))
        typed_field(self, "targets", TargetsField).queryset = offered.order_by("position")


class BasisForm(forms.ModelForm):  # type: ignore[type-arg]
    """An entry of the register of accounting bases; the service writes it."""

    document = forms.ModelChoiceField(
        Document.objects.order_by("-issued_on", "number"),
        label="依据文件",
        required=False,
        empty_label="没有",
        help_text="没有列出的文件，先在登记册“文件”中登记",
    )
    reason = forms.CharField(label="说明", required=False, max_length=200)

    class Meta:
        model = AccountingBasis
        fields = ("name", "measures", "document", "valid_from", "valid_to")
        widgets = {"measures": forms.Textarea({"rows": 3})}

    def clean_name(self) -> str:
        """Which entry has the same name but for blanks and brackets, said at the field."""
        name: str = self.cleaned_data["name"]
        others = AccountingBasis.objects.exclude(pk=self.instance.pk)
        same = [row.name for row in others if spelling(row.name) == spelling(name)]
        if same:
            raise ValidationError(f"登记册里已有“{same[0]}”，只差空格或括号的是同一个口径")
        return name


class OwnBasisForm(forms.Form):
    """Which basis is a target's own."""

    basis = forms.ModelChoiceField(
        AccountingBasis.objects.all(),
        label="口径",
        empty_label="选择",
        help_text="列表里没有的，先在口径登记册里增加",
    )
    reason = forms.CharField(label="说明", required=False, max_length=200)


class MergeForm(forms.Form):
    """Into which basis another one goes."""

    into = forms.ModelChoiceField(AccountingBasis.objects.none(), label="并入", empty_label="选择")
    reason = forms.CharField(label="原因", max_length=200)
    verb = "合并"

    def __init__(self, data: Bound, *, basis: AccountingBasis) -> None:
        super().__init__(data)
        self.basis = basis
        others = AccountingBasis.objects.exclude(pk=basis.pk)
        typed_field(self, "into", forms.ModelChoiceField).queryset = others

    @property
    def entry(self) -> dict[str, Any]:
        """What the service is told."""
        return self.cleaned_data

    @property
    def moved(self) -> dict[str, Any]:
        """Which values, goals and targets come to the other basis."""
        return {
            "rows": self.basis.observations.all(),
            "goals": self.basis.milestones.all(),
            "targets": self.basis.targets.all(),
            "into": self.cleaned_data["into"],
        }


class SplitForm(MergeForm):
    """Which values of a basis come to another one."""

    targets = forms.ModelMultipleChoiceField(
        Target.objects.none(), label="指标", widget=forms.CheckboxSelectMultiple
    )
    first = forms.IntegerField(label="从哪一年", min_value=1900, max_value=2100)
    last = forms.IntegerField(label="到哪一年", min_value=1900, max_value=2100)
    moves_targets = forms.BooleanField(label="这些指标以后也按新口径", required=False)
    verb = "拆分"
    field_order = ("into", "targets", "first", "last", "moves_targets", "reason")

    def __init__(self, data: Bound, *, basis: AccountingBasis) -> None:
        super().__init__(data, basis=basis)
        self.fields["into"].label = "改为口径"
        self.fields["into"].help_text = "列表里没有的，先在口径登记册里增加"
        used = Target.objects.filter(
            Q(observations__basis=basis) | Q(milestones__basis=basis) | Q(accounting_basis=basis)
        )
        field = typed_field(self, "targets", forms.ModelMultipleChoiceField)
        field.queryset = used.distinct()

    @property
    def entry(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        return found | {"years": (found.pop("first"), found.pop("last"))}

    @property
    def moved(self) -> dict[str, Any]:
        found, basis = self.cleaned_data, self.basis
        of_these = Q(year__range=(found["first"], found["last"]), target__in=found["targets"])
        owners = basis.targets.filter(pk__in=found["targets"])
        return {
            "rows": basis.observations.filter(of_these),
            "goals": basis.milestones.filter(of_these),
            "targets": owners if found["moves_targets"] else Target.objects.none(),
            "into": found["into"],
        }


class AgencyChangeForm(forms.ModelForm):  # type: ignore[type-arg]
    """更名, 合并 or 撤销 of one agency: what is asked depends on which."""

    day = DayField(label="生效日期", help_text="文件写明的日期；以后的日期到那天自动执行")
    number = forms.CharField(label="文号", max_length=60, help_text="如 开编委〔2026〕12号")
    title = forms.CharField(label="文件名称", max_length=120)

    class Meta:
        model = AgencyChange
        fields = ("day", "name", "short_name", "full_name", "into", "accounts", "note")
        widgets = {
            "accounts": forms.RadioSelect,
            "note": forms.Textarea({"rows": 2}),
        }

    field_order = (
        "day", "name", "short_name", "full_name", "into", "accounts", "number", "title", "note"
    )  # fmt: skip
    _ASKED = {
        AgencyChangeKind.RENAME: {"name", "short_name", "full_name"},
        AgencyChangeKind.MERGE: {"into", "accounts"},
        AgencyChangeKind.ABOLISH: set(),
    }

    def __init__(self, data: Bound, *, agency: Agency, kind: AgencyChangeKind) -> None:
        change = AgencyChange(agency=agency, kind=kind)
        self.verb = kind.label
        super().__init__(data, instance=change)
        own = set().union(*self._ASKED.values())
        for name in own - self._ASKED[kind]:
            del self.fields[name]
        for name in self._ASKED[kind] - {"full_name"}:
            self.fields[name].required = True
        if kind == AgencyChangeKind.MERGE:
            others = Agency.objects.filter(valid_to=None).exclude(kind__in=GROUP_KINDS)
            into = typed_field(self, "into", forms.ModelChoiceField)
            into.queryset = others.exclude(pk=agency.pk).in_plan_order()
            typed_field(self, "accounts", forms.ChoiceField).choices = AccountsGo.choices

    @property
    def document(self) -> dict[str, str]:
        """What the document is known by."""
        return {name: self.cleaned_data[name] for name in ("number", "title")}

    def _post_clean(self) -> None:
        """Without the model's own checks, which want the document: the service makes them."""
        for name, value in self.cleaned_data.items():
            if name in self._meta.fields:  # type: ignore[operator]
                setattr(self.instance, name, value)
