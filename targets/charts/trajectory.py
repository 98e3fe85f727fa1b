"""The trajectory of a target: values, required line, milestones, today."""

from decimal import Decimal

from django.urls import reverse

from common.charts import Chart, ChartTable
from common.formats import number, rounded_apart
from targets import rules
from targets.charts.forecast import Forecast, forecast_of
from targets.charts.marks import (
    basis_words,
    direction,
    other_values,
    superseded,
    years_compared,
)
from targets.charts.plot import Plot, years_of
from targets.charts.trajectory_drawing import draw_trajectory
from targets.selectors import TargetDetail

LEAST_POINTS = 2


def trajectory_chart(detail: TargetDetail) -> Chart | None:
    """The chart of a target's page; None with fewer than two values: its table says it all.

    Values of the newest accounting basis in the target's unit, years on the axis.
    """
    plot = Plot(detail)
    if len(plot.annual_points) < LEAST_POINTS:
        return None
    code = detail.target.code
    return Chart(
        id=f"trajectory-{code}",
        title=finding(detail),
        subtitle=_subtitle(detail, from_zero=plot.is_from_zero),
        alt=f"{detail.target.name}：{finding(detail)}",
        figure=draw_trajectory(plot, wide=True),
        narrow=draw_trajectory(plot, wide=False),
        table=trajectory_table(detail),
        json_url=reverse("targets:figure", args=[code]),
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
        words = rules.gap_words(terms, judged.present)
        words = "达到目标" if words == rules.REACHED else words
        return f"{judged.latest.year}年为{judged.latest_text}" + (f"，{words}" if words else "")
    (first, was), (last, now) = gaps[0], gaps[-1]
    if now <= 0:
        return f"{last}年达到进度要求"
    words = rules.difference(terms, now)
    if was <= 0:
        return f"由达到要求变为{last}年差{words}"
    move = "扩大" if now > was else "缩小" if now < was else "保持"
    start = number(rounded_apart(was, terms.decimals, [Decimal(0)]))
    return f"与要求的差距由{first}年的{start}{move}到{last}年的{words}"


def trajectory_table(detail: TargetDetail) -> ChartTable:
    """The chart's numbers as text: one row a year, with the forecast where there is one.

    Values of another accounting basis stand in a column of their own, in words.
    """
    unit = rules.unit_of(detail.terms)
    actual = f"实际值（{unit}）" if unit else "实际值"
    head: tuple[str, ...] = ("年份", actual, "进度要求", "阶段目标", "数据状态")
    forecast = forecast_of(detail.terms, detail.judged.outlook)
    if forecast:
        head = (*head, "外推（80%区间）")
    rows = tuple(_table_row(detail, year, forecast) for year in years_of(detail))
    others = other_values(detail.terms)
    if not others:
        return ChartTable(head, rows, (0, 4))
    said = {
        year: "；".join(basis_words(detail.terms, other) for other in others if other.year == year)
        for year in years_of(detail)
    }
    more = (said[year] or "—" for year in years_of(detail))
    joined = tuple((*row, words) for row, words in zip(rows, more, strict=True))
    return ChartTable((*head, "另一口径"), joined, (0, 4, len(head)))


def few_table(detail: TargetDetail) -> ChartTable:
    """The table in the place of a chart: the years of which anything is known."""
    whole = trajectory_table(detail)
    rows = tuple(row for row in whole.rows if any(cell != "—" for cell in row[1:]))
    return ChartTable(whole.head, rows, whole.text_columns)


def _table_row(detail: TargetDetail, year: int, forecast: Forecast | None) -> tuple[str, ...]:
    terms = detail.terms
    ahead = next((at for at in forecast.points if at.year == year), None) if forecast else None
    said = (forecast.text(ahead) if ahead else "—",) if forecast else ()
    actual = next((a for a in terms.series if a.year == year), None)
    goal = next((goal for goal in terms.goals if goal.year == year), None)
    return (
        f"{year}年",
        rules.actual_figure(terms, actual, goal),
        number(rules.required(terms, year), terms.decimals),
        rules.goal_value(terms, goal) if goal else "—",
        rules.grade(actual) if actual else "—",
        *said,
    )


def _gaps(detail: TargetDetail) -> list[tuple[int, Decimal]]:
    """Year and shortfall of every value whose year requires something, the base year apart."""
    terms = detail.terms
    found = []
    for actual in terms.series:
        goal = rules.goal_at(terms, actual.year)
        if goal is None or actual.value is None or actual.year == terms.baseline_year:
            continue
        found.append((actual.year, rules.shortfall(goal, actual.value, terms.tolerance)))
    return found


def _subtitle(detail: TargetDetail, *, from_zero: bool) -> str:
    unit = rules.unit_of(detail.terms)
    what = f"{detail.target.name}，{unit or '比值'}"
    basis = f"，{detail.target.basis_name}" if detail.target.basis_name else ""
    return f"{what}{basis}" + ("" if from_zero else "。纵轴未从0开始")


def _note(detail: TargetDetail) -> str:
    terms = detail.terms
    ahead, before = years_compared(detail)
    parts = [*_ahead_notes(detail), "横轴刻度为各年年末。"]
    parts.append("圆点为核算值，菱形为部门统计或测算；空心为尚未核定。")
    if rules.needs_baseline(terms):
        parts.append(f"基期值待补录，不画{detail.judged.years.years[0]}年以前的进度要求线。")
    if any(goal.is_pending for goal in terms.goals):
        parts.append("目标待市下达的年份以空心方框标出。")
    if terms.kind == rules.Kind.ABOUT:
        parts.append("浅色带为“左右”的容差。")
    if terms.latest is not None and not terms.is_own_basis(terms.latest):
        parts.append("图中数值与目标的口径不同，不能与进度要求比较。")
    if other_values(terms):
        parts.append("倒三角为另一口径的数值，不连线、不比较。")
    if direction(detail) is not None:
        parts.append(f"{ahead}年只定方向，没有数值：点线为{before}年值，仅作参照。")
    if superseded(detail):
        parts.append("灰色×为已更正的原值。")
    return "".join(parts)


def _ahead_notes(detail: TargetDetail) -> list[str]:
    """Needed pace against that of late; what the forecast rests on, or why there is none."""
    terms, found = detail.terms, detail.judged.outlook
    notes = [rules.pace_words(terms, found.goal, detail.judged.pace)]
    if found.trend is not None:
        first, last = found.trend.first_year, found.trend.last_year
        notes.append(f"按{first}—{last}年趋势{rules.DISCLAIMER}。")
    elif found.prospect == rules.Prospect.TOO_LITTLE:
        notes.append(f"没有外推：{found.reason}。")
    elif terms.is_peak:
        notes.append("达峰指标不作外推，不画要求线；圆圈标出最高值。")
    return [note for note in notes if note]
