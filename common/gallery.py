"""A page of every component with sample data, for those who build pages (DEBUG only)."""

from decimal import Decimal

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common import gallery_charts
from common.kpi import Kpi
from common.static_figures.small import BarPart, Sparkline


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
        "kpis": _kpis(),
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


def _kpis() -> tuple[Kpi, ...]:
    values = tuple(Decimal(v) for v in ("16.8", "17.2", "17.7", "18.3", "18.8", "19.2"))
    rising = Sparkline(values, goal=Decimal(20), last_settled=False)
    stable = Sparkline(
        tuple(Decimal(v) for v in ("15.36", "15.37", "15.38", "15.38")),
        band=(Decimal("15.07"), Decimal("15.69")),
    )
    forest = Kpi(
        "T04", "森林覆盖率", "#", "15.38", "%", "2025", "green", "", "在范围内", spark=stable
    )
    share = Kpi(
        "T03", "非化石能源消费比重", "#", "19.2", "%", "2025", "orange", "", "2025 ≥20%，差0.8",
        hollow=True, spark=rising,
    )  # fmt: skip
    pending = Kpi(
        "T02", "单位GDP碳排放", "#", "", "%", "", "grey", "", "目标待市下达", why="2025年数据未核定"
    )
    return (share, forest, pending) * 2
