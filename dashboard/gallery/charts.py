"""Sample charts of the gallery, built as an app's charts.py builds its own."""

import datetime
from decimal import Decimal

from common import charts
from common.charts import Chart, ChartTable, Part
from targets.charts import parts

_ACTUAL = {2020: "16.8", 2021: "17.2", 2022: "17.7", 2023: "18.3", 2024: "18.8", 2025: "19.2"}


def trajectory() -> Chart:
    """Values, required line, milestones, forecast and today, as on a target's page."""
    rows = tuple((f"{year}年", value, "最终核实") for year, value in _ACTUAL.items())
    return Chart(
        id="sample-trajectory",
        title="与要求的差距由2021年的0.2扩大到2025年的0.8个百分点",
        subtitle="非化石能源消费量占能源消费总量的比重，%，发电煤耗法。纵轴未从0开始",
        alt="2025年实际19.2%，低于要求的20%；按现趋势2030年约21.8%，能否达到22%不确定",
        figure=_trajectory(wide=True),
        narrow=_trajectory(wide=False),
        table=ChartTable(("年份", "实际值（%）", "数据状态"), rows, text_columns=(0, 2)),
        note="外推按2021—2025年趋势计算，不是承诺。空心点为初步核算。",
        demo=True,
    )


def _trajectory(*, wide: bool) -> Part:
    years = list(_ACTUAL)
    values = [Decimal(value) for value in _ACTUAL.values()]
    shown = [str(v) if wide or year in {2020, 2025} else "" for year, v in _ACTUAL.items()]
    today, words = charts.today_line(
        charts.on_years(datetime.date(2026, 11, 22)), "今天 2026年11月22日" if wide else "今天"
    )
    years_axis, marks = charts.year_axis(
        2020, 2030, bold=(2025, 2030), named=None if wide else (2020,)
    )
    forecast = [2025, 2026, 2027, 2028, 2029, 2030]
    return charts.figure(
        [
            charts.band(
                forecast, [19.2, 19.6, 20.1, 20.6, 21.1, 21.6], [19.2, 19.9, 20.4, 21.0, 21.5, 22.1]
            ),
            parts.forecast_line(forecast, [19.2, 19.8, 20.3, 20.8, 21.3, 21.8]),
            parts.required_line([2020, 2025, 2030], [Decimal("16.8"), 20, 22]),
            parts.milestones([2025, 2030], [20, 22], hover=["2025年 ≥20%", "2030年 ≥22%"]),
            parts.actual_line(
                years, values, ["final"] * 5 + ["preliminary"], labels=shown,
                hover=[f"{year}年 {value}%" for year, value in _ACTUAL.items()],
            ),
        ],
        height=360 if wide else 300,
        margin=(40, 128, 30, 36) if wide else (28, 76, 30, 30),
        xaxis=years_axis,
        yaxis=charts.axis((16, 23), grid=True, ticksuffix="%", showticksuffix="last"),
        shapes=[today, parts.shortfall(2025, Decimal("19.35"), Decimal("19.93"))],
        annotations=[
            words, *marks, parts.arrow(2025, 20), parts.arrow(2030, 22), *_labels(wide=wide),
        ],
    )  # fmt: skip


def _labels(*, wide: bool) -> list[Part]:
    label = charts.label
    gap = [label(2025, Decimal("19.65"), "差0.8", bold=True, color=charts.Palette.O_T, dx=8)]
    return (gap if wide else []) + [
        label(2025, 20, "2025年 ≥20%" if wide else "≥20%", bold=True, dy=-24, side="center"),
        label(2030, 22, "2030年 ≥22%" if wide else "≥22%", bold=True, dx=14, dy=-10),
        label(2030, Decimal("21.8"), "外推 21.8<br>80%区间<br>21.6—22.1", dx=14, dy=18),
        label(2022, Decimal("18.2"), "进度要求", side="right", dx=8 if wide else -4, dy=-12),
        label(2020, Decimal("16.8"), "基期值", dx=38 if wide else 34, dy=11),
    ]


def ends() -> Chart:
    """Lying bars on an axis of dates: planned outlined, actual solid."""
    names = ["P9 5G通信科技产业园", "P16 新河水厂提标改造工程", "P2 建筑垃圾资源化利用"]
    day = datetime.date
    today, words = charts.today_line(day(2026, 11, 22), "今天")
    figure = charts.figure(
        [
            charts.bars(names, _days(730, 730, 730), base=[day(2023, 1, 1)] * 3, width=0.28,
                        color=charts.Palette.PAPER, edge=charts.Palette.S_BAND_EDGE)
            | {"offset": -0.3},
            charts.bars(names, _days(1200, 1180, 1150), base=[day(2023, 5, 1)] * 3, width=0.16)
            | {"offset": 0.08},
        ],
        height=150,
        margin=(180, 24, 26, 8),
        barmode="overlay",
        xaxis=charts.axis(
            (day(2023, 1, 1), day(2027, 12, 31)), side="top", type="date",
            ticks={day(year, 1, 1): str(year) for year in range(2023, 2028)},
        ),
        yaxis=charts.axis(type="category", autorange="reversed"),
        shapes=[today],
        annotations=[words],
    )  # fmt: skip
    rows = tuple((name, "2023—2024年", "超期23个月") for name in names)
    return Chart(
        id="sample-ends",
        title="3个项目已超过计划完成年",
        subtitle="空框＝计划，实条＝实际",
        alt="3个项目都超过计划完成年23个月",
        figure=figure,
        table=ChartTable(("项目", "计划", "超期"), rows, text_columns=(0, 1, 2)),
        width=1280,
        demo=True,
    )


def _days(*counts: int) -> list[int]:
    """Lengths on an axis of dates are milliseconds."""
    return [count * 86_400_000 for count in counts]
