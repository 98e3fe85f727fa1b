"""Actuals against the milestones of a year."""

from decimal import Decimal

from django.urls import reverse

from common.charts import Chart, ChartTable
from dashboard.charts.dot_plot import LOW, MET, Dot, dot_plot
from dashboard.selectors.years.settled_targets import AGAIN_MARK, SettledTargets
from targets import rules
from targets.selectors import Judged

# The subtitle names the year; beside the axis of a phone there is no room for it.
NARROW_HEADS = ("实际", "目标", "差距", "数据状态")


def milestone_chart(targets: SettledTargets) -> Chart | None:
    """Degree of completion of each target with a value of the year, met = 100, worst first.

    None if no target has a value. A point beyond the axis is drawn at its end; its number
    stands beside it and in the table.
    """
    rows = targets.settled_rows
    if not rows:
        return None
    dots, year = [_dot(row) for row in rows], targets.years.settled
    heads = (f"{year}实际", f"{year}目标", "差距", "数据状态")
    return Chart(
        id=f"milestones-{year}",
        title=targets.settled_finding,
        subtitle=f"横轴为完成程度，{year}年目标＝100，越靠右越好；降低率按实际降幅÷目标降幅",
        alt=targets.settled_finding,
        figure=dot_plot(dots, heads, wide=True),
        narrow=dot_plot(dots, NARROW_HEADS, wide=False),
        table=_table(rows, year),
        json_url=reverse("dashboard:year_milestones", args=[year]),
        note=_note(rows),
        demo=targets.has_demo,
        width=723,
    )


def _dot(row: Judged) -> Dot:
    judged = row.settled
    return Dot(
        code=_code(row),
        name=row.target.short_name,
        index=_place(judged),
        level=judged.level.value,
        cells=(
            rules.short(row.terms, row.settled_actual),
            rules.short(row.terms, row.settled_goal),
            row.settled_gap,
            _grade(judged),
        ),
        is_hollow=judged.is_provisional,
    )


def _place(judged: rules.Judgement) -> Decimal:
    """Where it is drawn: without a degree of completion (不降反升) at the end of its verdict."""
    if judged.index is not None:
        return judged.index
    return MET if judged.met else LOW


def _code(row: Judged) -> str:
    return row.target.code + (AGAIN_MARK if row.is_outdated else "")


def _note(rows: tuple[Judged, ...]) -> str:
    words = "空心为初步数据，待最终核实；完成程度低于60或高于120的画在边上。"
    again = any(row.is_outdated for row in rows)
    return words + (f"{AGAIN_MARK}判定以后数值或目标有变，须重新判定。" if again else "")


def _grade(judged: rules.Judgement) -> str:
    """数据状态 in four characters, for which there is room."""
    if judged.actual is None:
        return ""
    return rules.UNREVIEWED if judged.is_unreviewed else rules.grade(judged.actual)


def _table(rows: tuple[Judged, ...], year: int) -> ChartTable:
    return ChartTable(
        ("指标", f"{year}年实际", f"{year}年目标", "完成程度", "差距", "判定", "数据状态"),
        tuple(_table_row(row) for row in rows),
        text_columns=(0, 4, 5, 6),
    )


def _table_row(row: Judged) -> tuple[str, ...]:
    actual = row.settled.actual
    return (
        f"{_code(row)} {row.target.short_name}",
        row.settled_actual,
        row.settled_goal,
        rules.index_words(row.terms, row.settled.index, is_met=row.settled.met),
        row.settled_gap,
        row.settled.label,
        rules.grade(actual) if actual else "—",
    )
