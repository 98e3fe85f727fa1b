from django import forms

from common.fields import Bound
from dashboard.rules.overview.score import SettledGroup
from dashboard.selectors.years.settled import MilestoneGroup, Milestones
from plan.models import Document
from targets.choices import SettledVerdict
from targets.rules import Settled, Verdict
from targets.services import NOTE_LEAST

_ALL = ("", "全部")


class MilestoneFilter(forms.Form):
    """The filters of the milestones, kept in the address; unknown values are ignored."""

    group = forms.ChoiceField(
        label="类别",
        required=False,
        choices=[
            _ALL,
            ("看板分组", [(score.value, score.label) for score in SettledGroup]),
            ("类别", [(group.value, group.label) for group in MilestoneGroup]),
        ],
    )
    verdict = forms.ChoiceField(
        label="结论",
        required=False,
        choices=[_ALL, *((verdict.value, verdict.label) for verdict in Verdict)],
    )
    state = forms.ChoiceField(
        label="判定",
        required=False,
        choices=[_ALL, *((state.value, state.label) for state in Settled)],
    )

    def __init__(self, data: Bound, page: Milestones) -> None:
        super().__init__(data)
        self.page = page

    def chosen(self) -> Milestones:
        """The rows that match all filters."""
        self.is_valid()
        names = ("group", "verdict", "state")
        return self.page.chosen(**{name: self.cleaned_data.get(name, "") for name in names})

    @property
    def is_narrowed(self) -> bool:
        """Whether a known filter holds."""
        return self.is_valid() and any(self.cleaned_data.values())


class SettleForm(forms.Form):
    """What goes with settling: a remark, and the reason where it is done again."""

    note = forms.CharField(
        label="说明",
        required=False,
        max_length=400,
        widget=forms.Textarea({"rows": 2}),
        help_text="如所依据的公报或台账；随判定一起显示",
    )
    reason = forms.CharField(
        label="重新判定的原因",
        max_length=200,
        help_text="如 五经普修订了2025年数值",
        error_messages={"required": "写明为什么重新判定"},
    )

    def __init__(self, data: Bound, *, is_again: bool) -> None:
        super().__init__(data)
        if not is_again:
            del self.fields["reason"]


class RecogniseForm(forms.Form):
    """The verdict of a milestone without a number, by a document and with the reason."""

    verdict = forms.ChoiceField(
        label="认定为",
        widget=forms.RadioSelect({"class": "rad"}),
        error_messages={"required": "选择认定的结论"},
    )
    document = forms.ModelChoiceField(
        Document.objects.filter(is_plan=False).order_by("-issued_on", "number"),
        label="依据文件",
        empty_label="选择文件",
        help_text="没有列出的文件，先由管理员在登记册“文件”中登记",
        error_messages={"required": "选择认定所依据的文件"},
    )
    note = forms.CharField(
        label="理由",
        max_length=400,
        widget=forms.Textarea({"rows": 3}),
        help_text=f"随结论一起显示，至少{NOTE_LEAST}个字",
        error_messages={"required": "写明认定的理由"},
    )
    reason = forms.CharField(
        label="重新认定的原因",
        max_length=200,
        help_text="如 收到新的核查报告",
        error_messages={"required": "写明为什么重新认定"},
    )

    def __init__(self, data: Bound, *, is_again: bool, is_striven: bool) -> None:
        super().__init__(data)
        verdict = self.fields["verdict"]
        assert isinstance(verdict, forms.ChoiceField)  # noqa: S101
        verdict.choices = [
            (one.value, one.said(is_striven=is_striven).label) for one in SettledVerdict
        ]
        if not is_again:
            del self.fields["reason"]


class RetractForm(forms.Form):
    """Why a settlement is taken back."""

    reason = forms.CharField(
        label="撤销的原因",
        min_length=NOTE_LEAST,
        max_length=200,
        error_messages={
            "required": "写明为什么撤销这项判定",
            "min_length": f"至少写{NOTE_LEAST}个字",
        },
    )
