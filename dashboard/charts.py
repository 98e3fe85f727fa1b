"""The overview's chart: actuals against the milestones of 2025."""

from decimal import Decimal

from django.urls import reverse

from common import charts
from common.charts import LIGHT_COLORS, LIGHT_SYMBOLS, Chart, ChartTable, Palette, Part
from dashboard.selectors.targets import TargetsOverview
from targets import rules
from targets.selectors import SETTLED_YEAR, Judged

LOW, HIGH, MET = Decimal(60), Decimal(120), Decimal(100)
ROW_HEIGHT = 26


def milestone_chart(overview: TargetsOverview) -> Chart | None:
    """Degree of completion of each target with a value for 2025, met = 100, worst first.

    None where no target has a value. A point beyond the axis is drawn at its end; its number
    stands beside it and in the table.
    """
    rows = overview.settled_rows
    if not rows:
        return None
    return Chart(
        id="milestones-2025",
        title=overview.settled_finding,
        subtitle=f"横轴为完成程度，{SETTLED_YEAR}年目标＝100，越靠右越好；降低率按实际降幅÷目标降幅",
        alt=overview.settled_finding,
        figure=_figure(rows, wide=True),
        narrow=_figure(rows, wide=False),
        table=milestone_table(rows),
        json_url=reverse("dashboard:milestones"),
        note="空心为初步数据，待最终核实；完成程度低于60或高于120的画在边上。",
        demo=overview.has_demo,
        width=723,
    )


def milestone_table(rows: tuple[Judged, ...]) -> ChartTable:
    """The chart's numbers as text."""
    return ChartTable(
        ("指标", "2025年实际", "2025年目标", "完成程度", "差距", "判定", "数据状态"),
        tuple(_table_row(row) for row in rows),
        text_columns=(0, 4, 5, 6),
    )


def _table_row(row: Judged) -> tuple[str, ...]:
    index, actual = row.settled.index, row.settled.actual
    return (
        f"{row.target.code} {row.target.short_name}",
        row.settled_actual,
        row.settled_goal,
        f"{index:.1f}" if index is not None else "—",
        row.settled_gap,
        row.settled.label,
        rules.grade(actual) if actual else "—",
    )


def _figure(rows: tuple[Judged, ...], *, wide: bool) -> Part:
    places = list(range(len(rows)))
    shown = [_inside(row) for row in rows]
    names = {
        place: charts.safe_text(
            f"{row.target.code} {row.target.short_name}" if wide else row.target.code
        )
        for place, row in enumerate(rows)
    }
    return charts.figure(
        [_points(rows, shown, places)],
        height=ROW_HEIGHT * len(rows) + 44,
        margin=(190, 176, 26, 14) if wide else (40, 120, 26, 14),
        xaxis=charts.axis(
            (LOW - 2, HIGH + 2),
            ticks={60: "60", 80: "80", 100: "目标＝100", 120: "120"},
            side="top",
        ),
        yaxis=charts.axis((len(rows) - Decimal("0.5"), Decimal("-0.5")), ticks=names),
        shapes=[charts.upright(MET), *_stems(rows, shown)],
        annotations=_labels(rows, wide=wide),
    )


def _inside(row: Judged) -> Decimal:
    return min(max(row.settled.index or LOW, LOW), HIGH)


def _points(rows: tuple[Judged, ...], shown: list[Decimal], places: list[int]) -> Part:
    levels = [row.settled.level.value for row in rows]
    return charts.points(
        shown,
        places,
        symbol=[LIGHT_SYMBOLS[level] for level in levels],
        color=[LIGHT_COLORS[level] for level in levels],
        hollow=[row.settled.is_provisional for row in rows],
        hover=[
            charts.safe_text(" ".join(_table_row(row)[:3]) + f" {row.settled.label}")
            for row in rows
        ],
    )


def _stems(rows: tuple[Judged, ...], shown: list[Decimal]) -> list[Part]:
    return [
        {
            "type": "line",
            "x0": MET,
            "x1": value,
            "y0": place,
            "y1": place,
            "layer": "below",
            "line": {"color": LIGHT_COLORS[row.settled.level.value], "width": 1.75},
        }
        for place, (row, value) in enumerate(zip(rows, shown, strict=True))
        if value != MET
    ]


def _labels(rows: tuple[Judged, ...], *, wide: bool) -> list[Part]:
    found = []
    for place, row in enumerate(rows):
        words = f"{row.settled_actual}　{row.settled_goal}" if wide else row.settled_actual
        found.append(
            charts.label(1, place, words, bold=not wide, dx=10, paper="x", color=Palette.INK)
        )
    return found
