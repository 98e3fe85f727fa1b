"""The newest values against the milestones of 2030."""

from django.urls import reverse

from common.charts import Chart, ChartTable
from common.formats import number
from dashboard.charts.dots import Dot, dot_plot
from dashboard.selectors.targets import TargetsOverview, Toward
from targets import rules
from targets.selectors import AHEAD_YEAR

HEADS = ("最新值", f"{AHEAD_YEAR}目标", "差距", "预警")


def ahead_chart(overview: TargetsOverview) -> Chart | None:
    """How far each target with a number for 2030 is, goal = 100, farthest first.

    None where no such target has a value. The short upright mark is what the year of the newest
    value requires.
    """
    rows = overview.toward
    if not rows:
        return None
    dots = [_dot(row) for row in rows]
    return Chart(
        id="milestones-2030",
        title=overview.toward_finding,
        subtitle=f"最新值完成到什么程度，{AHEAD_YEAR}年目标＝100；短竖线为最新值那一年的进度要求",
        alt=overview.toward_finding,
        figure=dot_plot(dots, HEADS, wide=True),
        narrow=dot_plot(dots, HEADS, wide=False),
        table=_table(rows),
        json_url=reverse("dashboard:ahead"),
        note="颜色为预警等级；空心为初步数据。没有短竖线的，基准值待补录。",
        demo=overview.has_demo,
        width=723,
    )


def _dot(toward: Toward) -> Dot:
    row, terms = toward.row, toward.row.terms
    return Dot(
        code=row.target.code,
        name=row.target.short_name,
        index=toward.index,
        level=row.light.level.value,
        cells=(
            rules.short(terms, row.latest_text),
            rules.short(terms, row.ahead_goal),
            toward.distance,
            row.light.level.label,
        ),
        is_hollow=not toward.latest.is_settled,
        mark=toward.required_index,
    )


def _table(rows: tuple[Toward, ...]) -> ChartTable:
    head = (
        "指标",
        "最新值",
        "年份",
        "那一年的进度要求",
        f"{AHEAD_YEAR}年目标",
        "完成程度",
        "差距",
        "预警",
    )
    return ChartTable(head, tuple(_table_row(row) for row in rows), text_columns=(0, 6, 7))


def _table_row(toward: Toward) -> tuple[str, ...]:
    row = toward.row
    return (
        f"{row.target.code} {row.target.short_name}",
        row.latest_text,
        str(toward.latest.year),
        rules.with_unit(row.terms, toward.required),
        row.ahead_goal,
        number(toward.index, 1),
        toward.distance,
        row.light.level.label,
    )
