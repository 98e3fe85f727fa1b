"""Charts of projects: planned and actual time, investment."""

import datetime
from collections.abc import Sequence
from decimal import Decimal

from django.urls import reverse

from common import charts
from common.charts import Chart, ChartTable, Palette, Part
from common.formats import DASH, number
from common.quarters import Period
from projects import rules, selectors
from projects.selectors import ProjectDetail, ProjectRow, ProjectsOverview

ROWS_SHOWN = 30
QUARTERS_WIDE, QUARTERS_NARROW = 12, 5
_DAY_MS = 86_400_000
_ROW, _TOP, _BOTTOM = 28, 26, 26
_PLAN, _ACTUAL = Decimal("-0.16"), Decimal("0.16")
_NAME_SIGNS = 18
_FULL = Decimal(100)
WIDE = 1280


def timeline_chart(overview: ProjectsOverview, *, query: str = "") -> Chart | None:
    """Planned years against actual time; None if no open project has planned years."""
    rows = selectors.timeline_rows(overview.rows)
    if not rows:
        return None
    shown = rows[:ROWS_SHOWN]
    late = sum(row.overdue > 0 for row in rows)
    title = f"{len(rows)}个项目没有竣工，其中{late}个已超过计划完成年"
    worst = shown[0]
    tail = f"；最长的是{worst.project.code}，超期{worst.overdue}个月" if worst.overdue else ""
    return Chart(
        id="project-timeline",
        title=title,
        subtitle="空框＝计划年限，实条＝实际，虚线至菱形＝预计竣工；没有实条的还没有填报。"
        "超期长的在前",
        alt=title + tail,
        figure=_timeline(shown, wide=True),
        narrow=_timeline(shown, wide=False),
        table=_timeline_table(rows),
        json_url=_address("timeline", query),
        note=_cut_note(rows),
        demo=overview.has_demo,
        width=WIDE,
    )


def investment_chart(overview: ProjectsOverview, *, query: str = "") -> Chart | None:
    """Share of the total investment that is made, per project; None if none was reported."""
    rows = selectors.investment_rows(overview.rows)
    if all(row.completion is None for row in rows):
        return None
    shown = rows[:ROWS_SHOWN]
    title = _investment_title(rows)
    return Chart(
        id="project-investment",
        title=title,
        subtitle=f"自开工累计投资占总投资的比重，%。总投资{overview.sums.sentence}",
        alt=title,
        figure=_investment(shown, wide=True),
        narrow=_investment(shown, wide=False),
        table=ChartTable(
            ("项目", "累计投资（万元）", "总投资（万元）", "完成率（%）"),
            tuple(_investment_cells(row) for row in rows),
        ),
        json_url=_address("investment", query),
        note=_cut_note(rows),
        demo=overview.has_demo,
        width=WIDE,
    )


def quarters_chart(detail: ProjectDetail) -> Chart | None:
    """Cumulative investment at the end of each quarter; None if none was reported."""
    points = [(row.period, row.invested_wan) for row in detail.reports]
    known = [(period, value) for period, value in points if value is not None]
    if not known:
        return None
    total, last = detail.project.total_investment_wan, known[-1][1]
    share = detail.row.completion
    tail = f"，占总投资的{number(share, 1)}%" if share is not None else ""
    title = f"到{known[-1][0].label}累计完成投资{number(last, 0)}万元{tail}"
    return Chart(
        id="project-quarters",
        title=title,
        subtitle="各季度末自开工累计投资，万元；柱底为投资完成率"
        if total
        else "各季度末自开工累计投资，万元",
        alt=title,
        figure=_quarters(known[-QUARTERS_WIDE:], total, wide=True),
        narrow=_quarters(known[-QUARTERS_NARROW:], total, wide=False),
        table=ChartTable(
            ("季度", "累计投资（万元）", "本季新增（万元）", "投资完成率（%）"),
            tuple(_quarter_cells(points, place, total) for place in range(len(points))),
        ),
        json_url=reverse("projects:detail_figure", args=[detail.project.code]),
        demo=detail.has_demo,
    )


def _address(name: str, query: str) -> str:
    return reverse("projects:figure", args=[name]) + (f"?{query}" if query else "")


def _quarter_cells(
    points: Sequence[tuple[Period, Decimal | None]], place: int, total: Decimal | None
) -> tuple[str, str, str, str]:
    """What was added is known only where the quarter before was reported."""
    period, value = points[place]
    before, was = points[place - 1] if place else (None, None)
    known = before == period.previous and value is not None and was is not None
    added = number(value - was, 0) if known else DASH  # type: ignore[operator]
    share = number(value / total * 100, 1) if value is not None and total else DASH
    return period.label, number(value, 0), added, share


def _timeline(rows: Sequence[ProjectRow], *, wide: bool) -> Part:
    today, word = rows[0].today, "截至" if rows[0].is_past else "今天"
    span = _span(rows, today)
    expected = [(place, day) for place, row in enumerate(rows) if (day := _expected(row))]
    ahead = [(place, day) for place, day in expected if day > today]
    return charts.figure(
        [
            _spans(_planned(rows), _PLAN, 0.24, outlined=True),
            _spans(_actual(rows), _ACTUAL, 0.18, outlined=False),
            charts.line(
                [day for _, end in ahead for day in (today, end, None)],
                [at for place, _ in ahead for at in (place + _ACTUAL, place + _ACTUAL, None)],
                color=Palette.S_FORE, width=2, dash=charts.DASHED, name="预计",
            ),
            charts.points(
                [day for _, day in expected], [place + _ACTUAL for place, _ in expected],
                symbol="diamond", color=Palette.S_FORE, hollow=[True] * len(expected),
            ),
        ],
        height=_TOP + _BOTTOM + _ROW * len(rows),
        margin=(292 if wide else 44, 96 if wide else 66, _TOP, _BOTTOM),
        barmode="overlay",
        xaxis=charts.axis(
            span, side="top", type="date", grid=True, ticks=_year_ticks(span, wide=wide)
        ),
        yaxis=_rows_axis(rows, wide=wide),
        shapes=[charts.upright(today)],
        annotations=[
            charts.label(
                today, 0, word, bold=True, side="center", upright="top", dy=5, paper="y"
            ),
            *(
                charts.label(1, place, row.overdue_text if wide else f"{row.overdue}个月",
                             bold=True, dx=8, paper="x")
                for place, row in enumerate(rows) if row.overdue
            ),
        ],
    )  # fmt: skip


def _spans(
    spans: Sequence[tuple[int, datetime.date, datetime.date]], shift: Decimal, width: float, *,
    outlined: bool,
) -> Part:  # fmt: skip
    """Lying bars from day to day; lengths on an axis of dates are milliseconds."""
    return charts.bars(
        [place + shift for place, _, _ in spans],
        [(last - first).days * _DAY_MS for _, first, last in spans],
        base=[first for _, first, _ in spans],
        width=width,
        color=Palette.PAPER if outlined else Palette.S_ACTUAL,
        edge=Palette.S_BAND_EDGE if outlined else "",
    )


def _planned(rows: Sequence[ProjectRow]) -> list[tuple[int, datetime.date, datetime.date]]:
    return [
        (place, datetime.date(plan.start_year or plan.end_year, 1, 1),
         datetime.date(plan.end_year, 12, 31))
        for place, row in enumerate(rows) if (plan := row.plan).end_year
    ]  # fmt: skip


def _actual(rows: Sequence[ProjectRow]) -> list[tuple[int, datetime.date, datetime.date]]:
    """From the reported start to today: open projects are still being built."""
    found = []
    for place, row in enumerate(rows):
        start = rules.month_of(row.report.started_on) if row.report else None
        if start and start < row.today:
            found.append((place, start, row.today))
    return found


def _expected(row: ProjectRow) -> datetime.date | None:
    return rules.end_of_month(row.report.expected_on) if row.report else None


def _span(rows: Sequence[ProjectRow], today: datetime.date) -> tuple[datetime.date, datetime.date]:
    starts = [first for _, first, _ in [*_planned(rows), *_actual(rows)]]
    ends = [last for _, _, last in _planned(rows)]
    ends += [day for row in rows if (day := _expected(row))]
    first, last = min([*starts, today]).year, max([*ends, today]).year
    return datetime.date(first, 1, 1), datetime.date(last, 12, 31)


def _year_ticks(
    span: tuple[datetime.date, datetime.date], *, wide: bool
) -> dict[datetime.date, str]:
    years = range(span[0].year, span[1].year + 1)
    step = 1 if wide or len(years) <= 6 else 2
    return {
        datetime.date(year, 1, 1): str(year) if (year - years[0]) % step == 0 else ""
        for year in years
    }


def _rows_axis(rows: Sequence[ProjectRow], *, wide: bool) -> Part:
    """One row for each project, the first at the top."""
    names = [_name(row) if wide else row.project.code for row in rows]
    ticks = {place: charts.safe_text(name) for place, name in enumerate(names)}
    return charts.axis((len(rows) - 0.5, -0.5), ticks=ticks)


def _name(row: ProjectRow) -> str:
    name = row.project.name
    short = name if len(name) <= _NAME_SIGNS else f"{name[: _NAME_SIGNS - 1]}…"
    return f"{row.project.code} {short}"


def _timeline_table(rows: Sequence[ProjectRow]) -> ChartTable:
    return ChartTable(
        ("项目", "计划年限", "状态", "实际开工", "预计竣工", "超期"),
        tuple(
            (
                f"{row.project.code} {row.project.name}",
                row.years or DASH,
                row.status_word,
                (row.latest.started_on if row.latest else "") or DASH,
                (row.latest.expected_on if row.latest else "") or DASH,
                row.overdue_text or "未到期",
            )
            for row in rows
        ),
        text_columns=(0, 1, 2, 3, 4, 5),
    )


def _cut_note(rows: Sequence[ProjectRow]) -> str:
    rest = len(rows) - ROWS_SHOWN
    return f"图中为前{ROWS_SHOWN}个，其余{rest}个见数据表。" if rest > 0 else ""


def _investment_title(rows: Sequence[ProjectRow]) -> str:
    found = rules.investment_sums(row.amount for row in rows if row.completion is not None)
    invested = found.invested_wan or Decimal(0)
    share = number(invested / found.total_wan * 100, 1)
    return (
        f"填报投资的{found.reported}个项目累计完成{number(invested, 0)}万元，占其总投资的{share}%"
    )


def _investment(rows: Sequence[ProjectRow], *, wide: bool) -> Part:
    shares = [row.completion for row in rows]
    known = [(place, share) for place, share in enumerate(shares) if share is not None]
    top = max([_FULL, *(share for _, share in known)])
    return charts.figure(
        [
            charts.bars([place for place, _ in known], [share for _, share in known], width=0.36),
        ],
        height=_TOP + 10 + _ROW * len(rows),
        margin=(292 if wide else 44, 236 if wide else 112, _TOP, 10),
        xaxis=charts.axis((0, top), side="top", grid=True, ticksuffix="%", showticksuffix="last"),
        yaxis=_rows_axis(rows, wide=wide),
        shapes=[charts.upright(0, color=Palette.LINE_2), charts.upright(_FULL, color=Palette.INK)],
        annotations=[
            label
            for place, row in enumerate(rows)
            for label in _investment_labels(place, row, wide=wide)
        ],
    )


def _investment_labels(place: int, row: ProjectRow, *, wide: bool) -> list[Part]:
    invested, total, share = _investment_cells(row)[1:]
    if row.completion is None:
        return [charts.label(0, place, row.missing_investment, dx=6)]
    label = charts.label
    if not wide:
        words = [f"{share}%", invested]
        return [label(1, place, "　".join(words), bold=True, dx=6, paper="x")]
    return [
        label(1, place, f"{share}%", bold=True, dx=8, paper="x"),
        label(1, place, f"{invested} / {total}", dx=72, paper="x"),
    ]


def _investment_cells(row: ProjectRow) -> tuple[str, str, str, str]:
    invested = row.amount.invested_wan
    return (
        f"{row.project.code} {row.project.name}",
        row.missing_investment if invested is None else number(invested, 0),
        number(row.amount.total_wan, 0),
        number(row.completion, 1),
    )


def _quarters(
    points: Sequence[tuple[Period, Decimal]], total: Decimal | None, *, wide: bool
) -> Part:
    values = [value for _, value in points]
    high = max([*values, total or Decimal(0), Decimal(1)]) * Decimal("1.12")
    places = list(range(len(points)))
    marks = [] if total is None else [charts.level(total)]
    words = [] if total is None else [
        charts.label(0, total, f"总投资 {number(total, 0)}", dx=4, dy=-9, paper="x"),
        *(
            charts.label(place, 0, f"{number(value / total * 100, 1)}%", color=Palette.PAPER,
                         dy=-10, side="center")
            for place, value in enumerate(values) if total and value > high * 3 / 10
        ),
    ]  # fmt: skip
    return charts.figure(
        [
            charts.bars(
                places, values, lying=False, width=0.5 if wide else 0.88,
                labels=[number(value, 0) for value in values],
                hover=[f"{period.label} {number(value, 0)}万元" for period, value in points],
            )
            | {
                "textposition": ["inside" if v > high / 5 else "outside" for v in values],
                "insidetextfont": {"color": Palette.PAPER, "size": 12},
                "textangle": 0,
                "constraintext": "none",
            },
        ],
        height=260 if wide else 220,
        margin=(64, 12, 12, 30),
        xaxis=charts.axis(
            (-0.5, len(points) - 0.5), line=True,
            ticks={place: period.short_label for place, (period, _) in enumerate(points)},
        ),
        yaxis=charts.axis((0, high), grid=True, tickformat=","),
        shapes=marks,
        annotations=words,
    )  # fmt: skip
