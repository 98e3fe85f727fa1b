"""Every target on one axis: the years of its required line, so that both milestones are straight
lines and a bar ends at the year whose level the newest value has reached."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

import plotly_svg
from common import charts
from common.charts import Chart, ChartTable, Palette, Part
from common.quarters import Period
from dashboard.charts.axis import Axis, Size
from dashboard.charts.canvas import RowCanvas
from dashboard.charts.labels import GAP
from dashboard.charts.series_rows import draw_row
from dashboard.selectors.overview.rows import OverviewRow, RowGroup
from targets import rules
from targets.rules import MilestoneYears
from targets.selectors import Judged

PAGE = Size(row=30, group=30, head=30, left=10, span=360, right=70)
WALL = Size(
    row=46, group=36, head=38, left=12, span=346, right=90, font=17, bar=10, corridor=15.4,
    tick=22.4, mark=12.6, window=31.3, label=-13, track=9,
)  # fmt: skip
PRINT = Size(
    row=24.64, group=21, head=22.4, left=4.2, span=221.2, right=7, bar=7, corridor=9.5, tick=14,
    mark=7, window=16.8, label=0, track=0, has_words=False,
    actual=Palette.INK, wait=Palette.EDGE,
)  # fmt: skip
"""For paper and grey: 1.4 times as large as it is printed, so that its heads are legible."""
CARD_WIDTH, CARD_HEIGHT, CARD_RIGHT = 358, 34, 68

HOW_TO_READ = "横轴是进度要求上的年份：条走到哪一年，就是达到了那一年应有的水平"


class PathsChart(Chart):
    """All rows below each other. What a page does not show is not made: it needs the picture, of
    which each row is drawn once as long as its judgement holds; figure and table go by themselves.
    """

    def __init__(self, groups: Sequence[RowGroup], axis: Axis, **said: Any) -> None:
        vars(self).update(said, groups=groups, axis=axis)

    groups: Sequence[RowGroup]
    axis: Axis

    @cached_property
    def figure(self) -> Part:  # type: ignore[override]
        sheet, size = RowCanvas(self.axis), self.axis.size
        for top, row in self._placed():
            draw_row(sheet, row, top + size.row / 2)
        return _spec(self.axis, self.height, sheet.traces())

    @cached_property
    def table(self) -> ChartTable:  # type: ignore[override]
        return paths_table(self.groups, self.axis.years)

    @cached_property
    def picture(self) -> SafeString:  # type: ignore[override]
        size = self.axis.size
        rows = (
            f'<g transform="translate(0 {top + size.head:g})">{_piece(row, self.axis)}</g>'
            for top, row in self._placed()
        )
        spec = _spec(self.axis, self.height, [])
        height = charts.height_of(spec)
        within = "".join(rows)
        return SafeString(
            plotly_svg.svg(spec, self.width, height, label=self.alt, css="wide", within=within)
        )

    @property
    def height(self) -> float:
        """Of the rows and the heads of their groups."""
        size = self.axis.size
        return sum(size.group + size.row * len(group.rows) for group in self.groups)

    def _placed(self) -> Iterator[tuple[float, OverviewRow]]:
        top, size = 0.0, self.axis.size
        for group in self.groups:
            top += size.group
            for row in group.rows:
                yield round(top, 2), row
                top += size.row


def paths_chart(
    groups: Sequence[RowGroup], years: MilestoneYears, size: Size = PAGE, *,
    period: Period | None = None, finding: str = "",
) -> PathsChart | None:  # fmt: skip
    """All rows below each other, from the head of the table downwards; None without rows.

    `period` is the quarter shown, for the chart's own address; `finding` the title.
    """
    rows = [row for group in groups for row in group.rows]
    if not rows:
        return None
    title = finding or f"{len(rows)}项指标对照{_milestone_words(years)}"
    return PathsChart(
        groups,
        Axis.of(years, size),
        id="paths",
        title=title,
        subtitle=HOW_TO_READ,
        alt=title,
        json_url=reverse("dashboard:paths") + (f"?period={period.code}" if period else ""),
        note="空心为初步数据；外推不是承诺。",
        demo=any(row.judged.has_demo for row in rows),
        width=round(size.width),
    )


def row_pictures(groups: Sequence[RowGroup], years: MilestoneYears) -> str:
    """The rows for the cards of a phone, as one picture; the code of a target shows its row."""
    rows = [row for group in groups for row in group.rows]
    shown = (
        f'<view id="{row.code}" viewBox="0 {top} {CARD_WIDTH} {CARD_HEIGHT}"/>'
        f'<svg y="{top}"{row_picture(row, years).removeprefix("<svg")}'
        for row, top in zip(rows, range(0, CARD_HEIGHT * len(rows), CARD_HEIGHT), strict=True)
    )
    space = f"0 0 {CARD_WIDTH} {CARD_HEIGHT * len(rows)}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{space}">{"".join(shown)}</svg>'


def row_picture(row: OverviewRow, years: MilestoneYears, width: int = CARD_WIDTH) -> SafeString:
    """One row for the card of a phone."""
    size = Size(
        row=CARD_HEIGHT, group=0, head=0, left=6, span=width - 6 - CARD_RIGHT, right=CARD_RIGHT,
        label=-9, track=5.5,
    )  # fmt: skip
    axis = Axis.of(years, size)
    layout = _bare(axis, CARD_HEIGHT) | {"shapes": list(_uprights(axis, CARD_HEIGHT))}
    spec = {"data": [], "layout": layout}
    within = _piece(row, axis)
    return SafeString(plotly_svg.svg(spec, width, CARD_HEIGHT, label=row.said, within=within))


def _piece(row: OverviewRow, axis: Axis) -> str:
    """The marks of a row, its upper edge at 0."""
    size = axis.size
    name = f"path {hash(size)} {row.day} {axis.years.today}"

    def make(_: Judged) -> str:
        sheet = RowCanvas(axis)
        draw_row(sheet, row, size.row / 2)
        spec = {"data": sheet.traces(), "layout": _bare(axis, size.row)}
        return plotly_svg.piece(
            spec, size.width, size.row, key=f"{row.code}-{size.width:g}-{size.row:g}"
        )

    return row.judged.cached(name, make)


def _milestone_words(years: MilestoneYears) -> str:
    if not years.looks_ahead:
        return f"{years.settled}年目标"
    return f"{years.settled}年和{years.ahead}年目标"


def _bare(axis: Axis, height: float) -> Part:
    """A layout without a frame: the years along, pixels down."""
    hidden = {"visible": False, "fixedrange": True}
    return {
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "xaxis": hidden | {"range": list(axis.span)},
        "yaxis": hidden | {"range": [height, 0]},
        "font": {"size": axis.size.font, "color": Palette.INK_2},
        "barmode": "overlay",
    }


def _spec(axis: Axis, height: float, traces: Sequence[Part]) -> Part:
    """The figure for plotly.js: rows under the head of the table."""
    bare, head = _bare(axis, height), axis.size.head
    return charts.figure(
        traces,
        height=round(height + head),
        margin=(0, 0, head, 0),
        xaxis=bare["xaxis"],
        yaxis=bare["yaxis"],
        shapes=list(_uprights(axis, height)),
        annotations=list(_heads(axis)),
        barmode="overlay",
        hovermode=False,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )


def _uprights(axis: Axis, height: float) -> Iterator[Part]:
    """The milestones, and today."""
    for year in axis.milestones:
        yield _upright(year, height, Palette.LINE_2, "solid")
    yield _upright(axis.today, height, Palette.INK, "5px,3px")


def _upright(year: float, height: float, color: str, dash: str) -> Part:
    line = {"color": color, "width": 1, "dash": dash}
    return {
        "type": "line", "layer": "below", "x0": year, "x1": year, "y0": 0, "y1": height,
        "line": line,
    }  # fmt: skip


def _heads(axis: Axis) -> Iterator[Part]:
    """The years over the lines, and 今天 where it is free."""
    size, sheet, taken = axis.size, RowCanvas(axis), []
    for year in (axis.base, *axis.milestones):
        words = _head_words(year, axis)
        width = sheet.width(words)
        start = axis.px(year) + size.font * 0.5 - width
        if year == axis.base:
            start = size.left
        elif year == axis.end:
            start = axis.px(year) + size.font * 0.5 - width / 2
        start = min(start, size.width - width)
        taken.append((start, start + width))
        yield _head(axis, start, words, is_strong=False)
    width = sheet.width("今天")
    start = axis.px(axis.today) - width / 2
    for first, last in sorted(taken):
        if start < last + GAP and start + width > first - GAP:
            is_right = axis.px(axis.today) > (first + last) / 2
            start = last + GAP if is_right else first - GAP - width
    yield _head(axis, start, "今天", is_strong=True)


def _head_words(year: int, axis: Axis) -> str:
    if not axis.size.has_words:
        return str(year)
    return f"{year}年" if year == axis.base else f"{year}年目标"


def _head(axis: Axis, px: float, words: str, *, is_strong: bool) -> Part:
    note = charts.label(axis.year(px), 0, words, bold=is_strong, dy=-6, upright="bottom")
    font = note["font"] | {"size": axis.size.font}
    return note | {"font": font}


def paths_table(groups: Sequence[RowGroup], years: MilestoneYears) -> ChartTable:
    """What the rows say, as text."""
    head = (
        "指标", "分组", "最新值", "时期", f"{years.settled}年目标", "结论", "差距",
        f"{years.ahead}年目标", "外推", "按现趋势", "进度", "牵头",
    )  # fmt: skip
    rows = tuple(_table_row(group, row) for group in groups for row in group.rows)
    return ChartTable(head, rows, (0, 1, 3, 4, 5, 6, 7, 9, 10, 11))


def _table_row(group: RowGroup, row: OverviewRow) -> tuple[str, ...]:
    judged = row.judged
    newest, at = judged.newest, judged.outlook.projection
    return (
        f"{row.code} {row.name}",
        group.label,
        newest.text if newest else "—",
        newest.when if newest else "—",
        judged.settled_goal,
        row.verdict.words,
        row.verdict.gap,
        judged.ahead_goal,
        rules.with_unit(row.terms, at.expected) if at else "—",
        row.outlook,
        row.lag,
        row.owner,
    )
