"""Where the trends lead: the interval of each target on one axis whose 100 is the goal (C4)."""

from collections.abc import Sequence
from decimal import Decimal

from django.urls import reverse

from common import charts
from common.charts import Chart, ChartTable, Palette, Part
from dashboard.selectors.years.outlook import AheadRow, OutlookGroup, Outlooks
from targets import rules

LOW, HIGH, MET = Decimal(80), Decimal(120), Decimal(100)
ROW_HEIGHT, TOP, FOOT = 28, 32, 10
WIDTH = 1280
# Edges of the columns right of the plot in pixels, with the side that stands there.
COLUMNS = ((72, "right"), (252, "right"), (372, "right"), (396, "left"))
HEADS = ("{}年外推", "80%区间", "{}年目标", "展望")
NARROW_COLUMN = (8, "left")
HEAD = (
    "指标", "类别", "最新值", "最新时期", "数据状态", "{}年目标", "{}年外推",
    "80%区间", "完成程度", "80%区间（目标＝100）", "展望", "今后年均需", "近年年均", "历年最快",
    "说明",
)  # fmt: skip


def outlook_chart(page: Outlooks, *, query: str = "") -> Chart | None:
    """The 80 % interval and the expected value of each projected target, goal = 100.

    Plain ink and grey: a prospect is not a verdict and has no light. None if nothing is
    projected. `query` are the filters of the page, for figure and workbook.
    """
    rows = page.projected
    if not rows:
        return None
    tail = f"?{query}" if query else ""
    return Chart(
        id=f"outlook-{page.year}",
        title=page.finding,
        subtitle=f"横轴为完成程度，{page.year}年目标＝100，越靠右越好；"
        "横条为80%区间，短竖线为外推值",
        alt=page.finding,
        figure=_figure(rows, page.year, wide=True),
        narrow=_figure(rows, page.year, wide=False),
        table=outlook_table(page),
        json_url=reverse("dashboard:outlook_figure", args=[page.year]) + tail,
        note=f"{page.method}低于{LOW}或高于{HIGH}的画在边上，以小三角示出。",
        demo=page.has_demo,
        width=WIDTH,
    )


def outlook_table(page: Outlooks) -> ChartTable:
    """Every target, also those that are not projected, with the reason."""
    return ChartTable(
        tuple(head.format(page.year) for head in HEAD),
        tuple(map(_table_row, page.rows)),
        (0, 1, 3, 4, 5, 10, 14),
    )


def _table_row(row: AheadRow) -> tuple[str, ...]:
    found, low, expected, high = row.outlook.index, "", "—", ""
    if found is not None and row.index is not None:
        ends = (found.low, found.expected, found.high)
        low, expected, high = (rules.index_words(row.terms, end) for end in ends)
    return (
        f"{row.code} {row.name}",
        row.group_label,
        *_newest(row.newest),
        row.goal,
        row.expected,
        row.between,
        expected,
        f"{low}—{high}" if low else "—",
        row.word,
        row.needed,
        row.recent,
        row.best,
        row.reason,
    )


def _newest(found: rules.Newest | None) -> tuple[str, str, str]:
    return (found.text, found.when, found.grade) if found else ("—", "—", "—")


def _figure(rows: Sequence[AheadRow], year: int, *, wide: bool) -> Part:
    names = {place: charts.safe_text(_name(row, wide=wide)) for place, row in enumerate(rows)}
    return charts.figure(
        [_intervals(rows), _expected(rows)],
        height=ROW_HEIGHT * len(rows) + TOP + FOOT,
        margin=(208, 520, TOP, FOOT) if wide else (62, 118, TOP, FOOT),
        xaxis=charts.axis(
            (LOW - 2, HIGH + 2),
            ticks={80: "80", 90: "90", 100: "目标＝100" if wide else "100", 110: "110", 120: "120"},
            side="top",
        ),
        yaxis=charts.axis((len(rows) - Decimal("0.5"), Decimal("-0.5")), ticks=names),
        shapes=[*_rules_between(rows), charts.upright(MET)],
        annotations=[*(_heads(year) if wide else ()), *_cells(rows, wide=wide), *_beyond(rows)],
    )


def _name(row: AheadRow, *, wide: bool) -> str:
    tag = "力争" if row.group == OutlookGroup.STRIVEN else ""
    if wide:
        return f"{row.code} {row.name}（{tag}）" if tag else f"{row.code} {row.name}"
    return f"{row.code}{tag}"


def _inside(value: Decimal) -> Decimal:
    return min(max(value, LOW), HIGH)


def _ends(row: AheadRow) -> tuple[Decimal, Decimal, Decimal]:
    """Low, expected, high on the axis."""
    assert row.index is not None  # noqa: S101 - only projected rows are drawn
    low, expected, high = row.index
    return _inside(low), _inside(expected), _inside(high)


def _intervals(rows: Sequence[AheadRow]) -> Part:
    ends = [_ends(row) for row in rows]
    return charts.bars(
        list(range(len(rows))),
        [high - low for low, _, high in ends],
        base=[low for low, _, _ in ends],
        color=Palette.S_BAND,
        edge=Palette.S_BAND_EDGE,
        width=0.36,
        hover=[_hover(row) for row in rows],
        name="80%区间",
    )


def _expected(rows: Sequence[AheadRow]) -> Part:
    look = charts.points(
        [_ends(row)[1] for row in rows],
        list(range(len(rows))),
        symbol="line-ns",
        color=Palette.S_FORE,
        size=15,
        hover=[_hover(row) for row in rows],
    )
    look["marker"] |= {"line": {"color": Palette.S_FORE, "width": 2.5}}
    return look | {"name": "外推值"}


def _beyond(rows: Sequence[AheadRow]) -> list[Part]:
    """A pointer where the expected value lies beyond the axis."""
    return [
        charts.label(
            HIGH if row.index[1] > HIGH else LOW,
            place,
            "▸" if row.index[1] > HIGH else "◂",
            color=Palette.S_FORE,
            dx=5 if row.index[1] > HIGH else -5,
            side="left" if row.index[1] > HIGH else "right",
        )
        for place, row in enumerate(rows)
        if row.index and not LOW <= row.index[1] <= HIGH
    ]


def _hover(row: AheadRow) -> str:
    text = f"{row.code} {row.name} 外推{row.expected}（80%区间{row.between}），"
    return charts.safe_text(f"{text}目标{row.goal}，{row.word}")


def _rules_between(rows: Sequence[AheadRow]) -> list[Part]:
    """A hairline under each row, a darker one where another group begins."""
    found = []
    for place, row in enumerate(rows[:-1]):
        ends = row.group != rows[place + 1].group
        found.append(
            {
                "type": "line", "xref": "paper", "yref": "y", "layer": "below",
                "x0": 0, "x1": 1, "y0": place + 0.5, "y1": place + 0.5,
                "line": {"color": Palette.LINE_2 if ends else Palette.LINE, "width": 1},
            }
        )  # fmt: skip
    return found


def _heads(year: int) -> list[Part]:
    return [
        charts.label(1, 1, text.format(year), dx=dx, dy=-14, side=side, paper="xy")
        for text, (dx, side) in zip(HEADS, COLUMNS, strict=True)
    ]


def _cells(rows: Sequence[AheadRow], *, wide: bool) -> list[Part]:
    found = []
    for place, row in enumerate(rows):
        texts = (row.expected, row.between, row.goal, row.word)
        short = [rules.short(row.terms, text) for text in texts]
        cells = zip(short, COLUMNS, strict=True) if wide else [(row.word, NARROW_COLUMN)]
        found += [
            charts.label(
                1,
                place,
                charts.safe_text(text),
                bold=text == short[0] and wide,
                color=Palette.INK,
                dx=dx,
                side=side,
                paper="x",
            )
            for text, (dx, side) in cells
        ]
    return found
