"""Successive values of one year: preliminary, verified, revised (C9)."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise

from django.urls import reverse
from django.utils import timezone

from common import charts
from common.charts import Chart, ChartTable, Palette, Part
from common.formats import number, signed, zh_date
from targets import rules
from targets.models import Observation
from targets.selectors import TargetDetail

YEARS_SHOWN, LABEL_ROOM = 6, 15
HEIGHT = {True: 240, False: 230}
MARGIN = {True: (56, 150, 20, 36), False: (44, 96, 20, 30)}
HEAD = ("年份", "次序", "数值", "比上一次", "数据状态", "入库日期", "来源", "说明")


@dataclass(frozen=True)
class Vintages:
    """The values that one year had in one accounting basis, oldest first; always several."""

    year: int
    basis: str
    rows: tuple[Observation, ...]

    @property
    def label(self) -> str:
        return f"{self.year}年" + (f"（{self.basis}）" if self.basis else "")

    @property
    def values(self) -> tuple[Decimal, ...]:
        return tuple(row.value for row in self.rows if row.value is not None)

    @property
    def days(self) -> tuple[datetime.date, ...]:
        return tuple(_day(row) for row in self.rows)


def vintages_of(detail: TargetDetail) -> tuple[Vintages, ...]:
    """The years with more than one annual value that stood; what was taken back never did."""
    stood = [
        row
        for row in detail.observations
        if row.quarter is None and row.value is not None and row.retracted_at is None
    ]
    ordered = sorted(stood, key=lambda row: (row.year, row.basis, row.version))
    groups = groupby(ordered, key=lambda row: (row.year, row.basis))
    found = (Vintages(*key, tuple(rows)) for key, rows in groups)
    return tuple(vintages for vintages in found if len(vintages.rows) > 1)


def vintage_chart(detail: TargetDetail) -> Chart | None:
    """The steps from the first value of a year to the one in force; None where none changed."""
    found = vintages_of(detail)
    if not found:
        return None
    shown = found[-YEARS_SHOWN:]
    code, unit = detail.target.code, rules.unit_of(detail.terms)
    title = _finding(detail.terms, found)
    cut = f"图中为最近{YEARS_SHOWN}组，全部见数据表。" if len(found) > YEARS_SHOWN else ""
    return Chart(
        id=f"vintages-{code}",
        title=title,
        subtitle=f"同一年的数值先后怎样公布，横轴为入库日期{f'，{unit}' if unit else ''}。"
        "纵轴未从0开始",
        alt=f"{detail.target.name}：{title}",
        figure=_figure(detail.terms, shown, detail, wide=True),
        narrow=_figure(detail.terms, shown, detail, wide=False),
        table=ChartTable(HEAD, _rows(detail.terms, found), (0, 1, 4, 5, 6, 7)),
        json_url=reverse("targets:vintages", args=[code]),
        note=f"{cut}圆点为核算值，菱形为部门统计或测算；空心为尚未核定。已撤销的不在其中。",
        demo=detail.has_demo,
    )


def _finding(terms: rules.Terms, found: tuple[Vintages, ...]) -> str:
    newest = found[-1]
    first, last = newest.rows[0], newest.rows[-1]
    change = newest.values[-1] - newest.values[0]
    said = f"{newest.label}由{_named(terms, first)}改为{_named(terms, last)}"
    if change == 0:
        said = f"{newest.label}由{_named(terms, first)}转为{_word(last)}，数值未变"
    others = len(found) - 1
    return said + (f"；另有{others}个年份的数值也有先后版本" if others else "")


def _named(terms: rules.Terms, row: Observation) -> str:
    return f"{rules.with_unit(terms, row.value)}（{_word(row)}）"


def _day(row: Observation) -> datetime.date:
    return timezone.localtime(row.recorded_at).date()


def _word(row: Observation) -> str:
    return rules.GRADES[row.grade]


def _rows(terms: rules.Terms, found: tuple[Vintages, ...]) -> tuple[tuple[str, ...], ...]:
    """Every version, the newest year first, within it as they came."""
    return tuple(
        (
            vintages.label,
            f"第{row.version}版",
            number(row.value, terms.decimals),
            signed(row.value - before.value, terms.decimals)
            if before and row.value is not None and before.value is not None
            else "—",
            _word(row),
            _day(row).isoformat(),
            row.source,
            row.reason or "首次入库",
        )
        for vintages in reversed(found)
        for before, row in pairwise((None, *vintages.rows))
        if row is not None
    )


def _figure(
    terms: rules.Terms, shown: tuple[Vintages, ...], detail: TargetDetail, *, wide: bool
) -> Part:
    today = detail.judged.today
    first = min(day for vintages in shown for day in vintages.days)
    room = max((today - first) / 20, datetime.timedelta(days=10))
    return charts.figure(
        [part for vintages in shown for part in _steps(terms, vintages, today)],
        height=HEIGHT[wide],
        margin=MARGIN[wide],
        xaxis=charts.axis(
            (first - room, today), type="date", line=True, ticks=_ticks(first, today, wide=wide)
        ),
        yaxis=charts.axis(_span(shown), grid=True),
        annotations=_labels(terms, shown, today, wide=wide),
    )


def _steps(terms: rules.Terms, vintages: Vintages, today: datetime.date) -> list[Part]:
    """A level line while a value stood, an upright one where the next took its place."""
    days = vintages.days
    x: list[datetime.date] = []
    y: list[Decimal] = []
    for (start, value), end in zip(
        zip(days, vintages.values, strict=True), (*days[1:], today), strict=True
    ):
        x += [start, end]
        y += [value, value]
    is_last = [False] * (len(days) - 1) + [True]
    marks = charts.actual_line(
        days,
        list(vintages.values),
        [row.grade for row in vintages.rows],
        hover=[
            charts.safe_text(
                f"{vintages.label} {rules.with_unit(terms, row.value)}（{_word(row)}），"
                f"{zh_date(_day(row))}入库{'，现行' if last else ''}"
            )
            for row, last in zip(vintages.rows, is_last, strict=True)
        ],
    )
    steps = charts.line(x, y, color=Palette.S_FORE, width=1.5)
    return [steps, marks | {"mode": "markers", "name": charts.safe_text(vintages.label)}]


def _labels(
    terms: rules.Terms, shown: tuple[Vintages, ...], today: datetime.date, *, wide: bool
) -> list[Part]:
    """Year and value in force at the right end; the first value beside its mark, where wide."""
    unit = rules.unit_of(terms) if terms.unit == "%" else ""
    found = []
    aside = _apart(shown, wide=wide)
    for vintages, dy in zip(shown, aside, strict=True):
        last = f"{number(vintages.values[-1], terms.decimals)}{unit}"
        year = charts.safe_text(vintages.label if wide else f"{vintages.year}")
        found.append(
            charts.label(
                today, vintages.values[-1], f"{year} {last}", bold=True,
                color=Palette.S_ACTUAL, dx=8, dy=dy,
            )
        )  # fmt: skip
        if wide:
            found.append(
                charts.label(
                    vintages.days[0], vintages.values[0],
                    f"{number(vintages.values[0], terms.decimals)}{unit}",
                    color=Palette.S_ACTUAL, dy=-14, side="center",
                )
            )  # fmt: skip
    return found


def _apart(shown: tuple[Vintages, ...], *, wide: bool) -> list[float]:
    """How far down each label goes, so that lines of nearly the same value have readable ends."""
    low, high = _span(shown)
    _, _, top, foot = MARGIN[wide]
    scale = (HEIGHT[wide] - top - foot) / float(high - low)
    places = [float(high - vintages.values[-1]) * scale for vintages in shown]
    moved, free = list(places), 0.0
    for index in sorted(range(len(places)), key=lambda index: places[index]):
        moved[index] = max(places[index], free)
        free = moved[index] + LABEL_ROOM
    return [after - before for before, after in zip(places, moved, strict=True)]


def _span(shown: tuple[Vintages, ...]) -> tuple[Decimal, Decimal]:
    values = [value for vintages in shown for value in vintages.values]
    low, high = min(values), max(values)
    room = max((high - low) / 4, abs(high) / 200, Decimal("0.02"))
    return low - room, high + room


def _ticks(first: datetime.date, today: datetime.date, *, wide: bool) -> dict[datetime.date, str]:
    """The beginnings of the years between, of half years where there are few."""
    years = range(first.year, today.year + 1)
    months = (1, 7) if wide and len(years) <= 3 else (1,)
    days = [datetime.date(year, month, 1) for year in years for month in months]
    return {day: f"{day.year}年{day.month}月" for day in days if first <= day <= today} or {
        first: f"{first.year}年{first.month}月"
    }
