"""A page of every component with sample data, for those who build pages (DEBUG only)."""

from decimal import Decimal

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.bars import BarPart
from dashboard.gallery import charts as gallery_charts


class SampleForm(forms.Form):
    number = forms.CharField(label="数值", help_text="期末纯电动公交车辆数 ÷ 公交车辆总数")
    source = forms.CharField(label="数据来源", required=False)
    grade = forms.ChoiceField(
        label="数据状态",
        choices=[("department", "部门统计"), ("final", "最终核实")],
        widget=forms.RadioSelect,
    )
    period = forms.ChoiceField(label="数据属于", choices=[("2026Q3", "2026年第三季度")])
    remark = forms.CharField(label="备注", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    agreed = forms.BooleanField(label="已与统计部门核对")


class SampleFilter(forms.Form):
    text = forms.CharField(label="名称或编号", required=False)
    kind = forms.ChoiceField(label="类型", choices=[("", "全部"), ("b", "约束性")], required=False)
    late = forms.BooleanField(label="只看滞后", required=False)


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    form = SampleForm({"number": "", "source": "区交通运输局公交台账", "period": "2026Q3"})
    context = {
        "form": form,
        "filter": SampleFilter(request.GET or None),
        "page": Paginator(range(130), 25).get_page(request.GET.get("page")),
        "parts": (BarPart(86), BarPart(23, "wait"), BarPart(3, "back")),
        "amount": Decimal(915822),
        "pairs": (("牵头单位", "区发展和改革局"), ("单位", "%"), ("备注", "")),
        "trajectory": gallery_charts.trajectory(),
        "ends": gallery_charts.ends(),
    }
    return render(request, "components/gallery.html", context)
