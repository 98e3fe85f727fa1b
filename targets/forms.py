import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from agencies.models import Agency
from common.fields import Bound, DayField, LongSelect, NumberField, typed_field
from plan.models import Document
from targets import rules
from targets.choices import Commitment, DataGrade, GapMethod, OverrideLevel, TargetKind
from targets.selectors import BaseEntry, Judged

SORT_BY_WORST = "worst"
Choices = list[tuple[str, str]]


class TargetFilter(forms.Form):
    """The filters of the list, kept in the address; choices come from the rows themselves."""

    category = forms.ChoiceField(label="领域", required=False)
    lead = forms.ChoiceField(label="牵头单位", required=False, widget=LongSelect)
    kind = forms.ChoiceField(label="类型", required=False)
    commitment = forms.ChoiceField(label="约束性", required=False)
    verdict = forms.ChoiceField(label="判定", required=False)
    level = forms.ChoiceField(label="预警", required=False)
    sort = forms.ChoiceField(
        label="排序", required=False, choices=[("", "按编号"), (SORT_BY_WORST, "最差在前")]
    )

    def __init__(self, data: Bound, rows: Sequence[Judged]) -> None:
        super().__init__(data)
        self.rows = rows
        if rows:
            self.fields["verdict"].label = f"{rows[0].years.settled}年判定"
        self._offer("category", sorted({row.field for row in rows}))
        self._offer("lead", sorted({lead for row in rows if (lead := _lead(row))}))
        self._offer("kind", TargetKind.choices)
        self._offer("commitment", Commitment.choices)
        self._offer("verdict", [(verdict.value, verdict.label) for verdict in rules.Verdict])
        self._offer("level", [(level.value, level.label) for level in rules.Level])

    def _offer(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", "全部"), *choices]

    def chosen(self) -> list[Judged]:
        """The rows that match all filters; an unknown value of a filter is ignored."""
        self.is_valid()
        wanted = {name: value for name, value in self.cleaned_data.items() if value}
        rows = [row for row in self.rows if _passes(row, wanted)]
        if wanted.get("sort") == SORT_BY_WORST:
            rows.sort(key=lambda row: row.sort_key)
        return rows


def _passes(row: Judged, wanted: dict[str, str]) -> bool:
    facts = {
        "category": row.field[0],
        "lead": (_lead(row) or ("",))[0],
        "kind": row.target.kind,
        "commitment": row.target.commitment,
        "verdict": row.settled.verdict.value,
        "level": row.light.level.value,
    }
    return all(facts[name] == value for name, value in wanted.items() if name in facts)


def _lead(row: Judged) -> tuple[str, str] | None:
    lead = row.target.lead
    return (lead.code, lead.short_name or lead.name) if lead else None


class ConvenorForm(forms.Form):
    """Who reports a target that has no lead."""

    convenor = forms.ModelChoiceField(
        Agency.objects.none(), label="汇总单位", required=False, empty_label="不指定"
    )
    reason = forms.CharField(label="说明", required=False, max_length=200)

    def __init__(self, data: Bound, *, agencies: QuerySet[Agency], chosen: Agency | None) -> None:
        super().__init__(data, initial={"convenor": chosen})
        typed_field(self, "convenor", forms.ModelChoiceField).queryset = agencies


class OverrideForm(forms.Form):
    """A warning level set by hand; `seen` is the value that it was set for."""

    level = forms.ChoiceField(
        label="预警等级",
        choices=OverrideLevel.choices,
        widget=forms.RadioSelect({"class": "rad"}),
        error_messages={"required": "选择预警等级"},
    )
    reason = forms.CharField(
        label="理由",
        min_length=rules.REASON_LEAST,
        max_length=200,
        widget=forms.Textarea({"rows": 3}),
        help_text="随预警等级一起显示，记入留痕",
        error_messages={
            "required": "写明为什么不按规则判定",
            "min_length": f"至少写{rules.REASON_LEAST}个字",
        },
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class DocumentField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A registered document that what is typed rests on."""

    def __init__(self) -> None:
        super().__init__(
            Document.objects.order_by("-issued_on", "number"),
            label="依据文件",
            empty_label="选择文件",
            help_text="没有列出的文件，先由管理员在登记册“文件”中登记",
            error_messages={"required": "选择依据文件"},
        )


class BaseForm(forms.Form):
    """The value of a target's base year. `seen` is what the preview was made of."""

    value = NumberField(label="基期值", error_messages={"required": "填写基期值"})
    grade = forms.ChoiceField(
        label="数据状态",
        choices=DataGrade.choices,
        initial=DataGrade.FINAL,
        widget=forms.RadioSelect({"class": "rad"}),
        error_messages={"required": "选择数据状态"},
    )
    document = DocumentField()
    note = forms.CharField(
        label="说明", required=False, max_length=200, help_text="如 表号、页码、计算方法"
    )
    reason = forms.CharField(
        label="更正的原因",
        max_length=200,
        help_text="已有基期值，写明为什么改；记入留痕",
        error_messages={"required": "写明更正的原因"},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Bound, *, entry: BaseEntry) -> None:
        super().__init__(data)
        target, self.entry = entry.target, entry
        self.fields["value"].label = f"{target.baseline_year}年{target.name}"
        self.fields["value"].help_text = f"单位：{target.unit}" if target.unit else ""
        if entry.known is None:
            del self.fields["reason"]

    @property
    def facts(self) -> dict[str, Any]:
        """What the service is told."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    @property
    def mark(self) -> str:
        """Tells previews apart: what was typed, and the value that it was laid upon."""
        known = self.entry.known
        return f"{rules.plain(self.cleaned_data['value'])}-{known.pk if known else 0}"


class BaseGoneForm(forms.Form):
    """Why a base value is taken back. `seen` is the version that was shown."""

    reason = forms.CharField(
        label="撤销的原因",
        max_length=200,
        help_text="记入留痕",
        error_messages={"required": "写明撤销的原因"},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> None:
        """Nothing is proposed of another version than the one that was shown."""
        if self.cleaned_data["seen"] != str(self.initial["seen"]):
            raise ValidationError("基期值刚刚更新，看过现行值再撤销")


class ToleranceForm(forms.Form):
    """The tolerance of 左右 with the document that confirms it."""

    percent = NumberField(
        label="左右容差（%）", decimals=2, error_messages={"required": "填写容差，如2"}
    )
    document = DocumentField()
    confirmed_on = DayField(label="确认日期", error_messages={"required": "填写确认日期"})


class RulesForm(forms.Form):
    """Other thresholds, from when and why. `seen` is what the preview was made of."""

    method = forms.ChoiceField(
        label="差距算法",
        choices=(
            (GapMethod.CHANGE, "按应有进展：（要求值−实际值）÷（要求值−基期值）"),
            (GapMethod.LEVEL, "按要求值：（要求值−实际值）÷要求值"),
        ),
        widget=forms.RadioSelect({"class": "rad"}),
        help_text="改用另一种算法须由第二位审核员或管理员确认后生效",
        error_messages={"required": "选择差距算法"},
    )
    near_percent = NumberField(
        label="二级差距上限（%）",
        decimals=2,
        help_text="差距的百分比，不超过它为二级，超过为一级；大于0、不超过50",
        error_messages={"required": "填写二级差距上限，如10"},
    )
    tolerance_percent = NumberField(
        label="左右容差（%）",
        decimals=2,
        help_text="目标写“左右”时，目标值上下各允许的百分比；大于0、不超过20",
        error_messages={"required": "填写左右容差，如2"},
    )
    caps_striven = forms.BooleanField(
        label="力争目标最高到二级", required=False, help_text="不选时力争目标也会亮一级"
    )
    needs_second = forms.BooleanField(
        label="判定、认定和撤销须两人",
        required=False,
        help_text="一人提出、另一位审核员确认；改动本身也须第二人确认",
    )
    valid_from = DayField(
        label="生效日期",
        help_text="今天或以后；过去的灯保持当时的规则",
        error_messages={"required": "填写生效日期，如今天"},
    )
    reason = forms.CharField(
        label="修改原因",
        max_length=200,
        help_text="至少5个字，记入留痕，如“按省发展改革委2026年预警办法调整”",
        error_messages={"required": "写明修改的原因"},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_near_percent(self) -> Decimal:
        return self._within("near_percent", "二级差距上限", 50)

    def clean_tolerance_percent(self) -> Decimal:
        return self._within("tolerance_percent", "左右容差", 20)

    def clean_valid_from(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["valid_from"]
        if day < timezone.localdate():
            raise ValidationError("生效日期不能早于今天：过去的灯保持当时的规则")
        return day

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"].strip()
        if len(reason) < rules.REASON_LEAST:
            raise ValidationError(f"写明修改的原因（至少{rules.REASON_LEAST}个字）")
        return reason

    def _within(self, name: str, label: str, most: int) -> Decimal:
        value: Decimal = self.cleaned_data[name]
        if not 0 < value <= most:
            raise ValidationError(f"{label}须大于0、不超过{most}")
        return value

    @property
    def facts(self) -> dict[str, Any]:
        """What the service is told."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def wanted(self, *, version: int) -> rules.JudgingRules:
        """The rules that were typed, as the next version."""
        facts = self.cleaned_data
        return rules.JudgingRules(
            version,
            facts["near_percent"],
            facts["tolerance_percent"],
            facts["caps_striven"],
            rules.GapMethod(facts["method"]),
            facts["needs_second"],
        )

    def mark(self, *, last_version: int) -> str:
        """Tells previews apart: what was typed, and the version that it was laid upon."""
        wanted = self.wanted(version=last_version + 1)
        numbers = (rules.plain(wanted.near_percent), rules.plain(wanted.tolerance_percent))
        day = self.cleaned_data["valid_from"]
        flags = (f"{wanted.caps_striven:d}", f"{wanted.needs_second:d}")
        marks = (wanted.version, *numbers, *flags, wanted.method, day)
        return " ".join(map(str, marks))


class YearEndForm(forms.Form):
    """The value of a fourth quarter as the button beside it sends it."""

    offer = forms.RegexField(r"\A\d{4} -?\d{1,14}(\.\d{1,4})?\Z")

    def clean(self) -> dict[str, Any]:
        year, _, value = self.cleaned_data.get("offer", "").partition(" ")
        return {"year": int(year), "value": Decimal(value)} if year else {}


class RulesDecisionForm(forms.Form):
    """What a second person says to proposed rules. `seen` is the proposal that was shown."""

    CONFIRM, DECLINE = "confirm", "decline"
    decision = forms.ChoiceField(choices=((CONFIRM, "确认"), (DECLINE, "不采用")))
    reason = forms.CharField(
        label="不采用的原因",
        required=False,
        max_length=200,
        help_text="不采用时填写，至少5个字；提出的人也可以撤回",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


def rules_typed(in_force: rules.JudgingRules, *, method: str = "") -> dict[str, Any]:
    """The rules in force as the form first shows them."""
    return {
        "method": method or in_force.method,
        "near_percent": rules.plain(in_force.near_percent),
        "tolerance_percent": rules.plain(in_force.tolerance_percent),
        "caps_striven": in_force.caps_striven,
        "needs_second": in_force.needs_second,
        "valid_from": timezone.localdate(),
    }
