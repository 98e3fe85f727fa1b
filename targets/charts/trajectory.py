"""The trajectory of a target: values, required line, milestones, today."""

from decimal import Decimal

from django.urls import reverse

from common.charts import Chart, ChartTable
from common.formats import number
from targets import rules
from targets.charts.drawing import Drawing, years_of
from targets.selectors import SETTLED_YEAR, TargetDetail


def trajectory_chart(detail: TargetDetail) -> Chart | None:
    """The chart of a target's page; None where there is neither a value nor a numeric goal.

    Values of the newest accounting basis in the target's unit, years on the axis.
    """
    drawing = Drawing(detail)
    if not drawing.heights:
        return None
    code = detail.target.code
    return Chart(
        id=f"trajectory-{code}",
        title=finding(detail),
        subtitle=_subtitle(detail),
        alt=f"{detail.target.name}：{finding(detail)}",
        figure=drawing.figure(wide=True),
        narrow=drawing.figure(wide=False),
        table=trajectory_table(detail),
        json_url=reverse("targets:figure", args=[code]),
        data_url=reverse("targets:data", args=[code]),
        note=_note(detail),
        demo=detail.has_demo,
    )


def finding(detail: TargetDetail) -> str:
    """The title of the chart: what it shows, as a sentence without its full stop."""
    judged, terms = detail.judged, detail.terms
    if judged.latest is None:
        return f"{detail.target.short_name}还没有年度值"
    if not terms.is_own_basis(judged.latest):
        return f"{judged.latest.year}年为{judged.latest_text}，口径变更待确认"
    if judged.peak:
        return f"{judged.peak.words}（{judged.latest.year}年）"
    gaps = _gaps(detail)
    if len(gaps) < 2:
        words = rules.gap_words(terms, judged.settled)
        return f"{judged.latest.year}年为{judged.latest_text}" + (f"，{words}" if words else "")
    (first, was), (last, now) = gaps[0], gaps[-1]
    if now <= 0:
        return f"{last}年达到进度要求"
    words = rules.difference(terms, now)
    if was <= 0:
        return f"由达到要求变为{last}年差{words}"
    move = "扩大" if now > was else "缩小" if now < was else "保持"
    start = number(was, terms.decimals)
    return f"与要求的差距由{first}年的{start}{move}到{last}年的{words}"


def trajectory_table(detail: TargetDetail) -> ChartTable:
    """The chart's numbers as text: one row a year."""
    unit = rules.unit_of(detail.terms)
    head = ("年份", f"实际值（{unit}）" if unit else "实际值", "进度要求", "阶段目标", "数据状态")
    return ChartTable(head, tuple(_table_row(detail, year) for year in years_of(detail)), (0, 4))


def _table_row(detail: TargetDetail, year: int) -> tuple[str, ...]:
    terms = detail.terms
    actual = next((a for a in terms.series if a.year == year), None)
    goal = next((goal for goal in terms.goals if goal.year == year), None)
    return (
        f"{year}年",
        number(actual.value if actual else None, terms.decimals),
        number(rules.required(terms, year), terms.decimals),
        rules.goal_value(terms, goal) if goal else "—",
        rules.grade(actual) if actual else "—",
    )


def _gaps(detail: TargetDetail) -> list[tuple[int, Decimal]]:
    """Year and shortfall of every value whose year requires something, the base year apart."""
    terms = detail.terms
    found = []
    for actual in terms.series:
        need = rules.required(terms, actual.year)
        if need is None or actual.value is None or actual.year == terms.baseline_year:
            continue
        goal = rules.goal_at(terms, actual.year, need)
        found.append((actual.year, rules.shortfall(goal, actual.value, terms.tolerance_percent)))
    return found


def _subtitle(detail: TargetDetail) -> str:
    unit = rules.unit_of(detail.terms)
    what = f"{detail.target.name}，{unit or '比值'}"
    basis = f"，{detail.target.accounting_basis}" if detail.target.accounting_basis else ""
    return f"{what}{basis}。纵轴未从0开始"


def _note(detail: TargetDetail) -> str:
    terms = detail.terms
    parts = ["圆点为核算值，菱形为部门统计或测算；空心为尚未核定。"]
    if rules.needs_baseline(terms):
        parts.append(f"基准值待补录，不画{SETTLED_YEAR}年以前的进度要求线。")
    if any(goal.state == "pending" for goal in terms.goals):
        parts.append("目标待市下达的年份以空心方框标出。")
    if terms.kind == "about":
        parts.append("浅色带为系统设置的左右容差。")
    if terms.latest is not None and not terms.is_own_basis(terms.latest):
        parts.append("图中数值与目标的口径不同，不能与进度要求比较。")
    if len(terms.series) < len([a for a in terms.actuals if a.value is not None]):
        parts.append("另一种口径的数值不连线，见下表。")
    return "".join(parts)
