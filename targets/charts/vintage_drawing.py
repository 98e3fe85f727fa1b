"""Draws the successive values of a year as steps, with those that were retracted."""

import datetime
from decimal import Decimal

from django.utils import timezone

from common import charts
from common.charts import Palette, Part
from common.formats import number, zh_date
from targets import rules
from targets.charts import parts
from targets.charts.vintages import Vintages
from targets.models import Observation

LABEL_ROOM = 15
HEIGHT = {True: 240, False: 230}
MARGIN = {True: (56, 150, 20, 36), False: (44, 96, 20, 30)}
ROOM_FOR_BASES, BASIS_LENGTH = 236, 7
RETRACTED = "已撤销"


def draw_vintages(terms: rules.Terms, shown: tuple[Vintages, ...], *, wide: bool) -> Part:
    """The Plotly figure as plain data, days of recording along its axis."""
    today = shown[0].today
    first = min(vintages.stays[0].start for vintages in shown)
    room = max((today - first) / 20, datetime.timedelta(days=10))
    return charts.figure(
        [part for vintages in shown for part in _traces(terms, vintages)],
        height=HEIGHT[wide],
        margin=_margin(shown, wide=wide),
        xaxis=charts.axis(
            (first - room, today), type="date", line=True, ticks=_ticks(first, today, wide=wide)
        ),
        yaxis=charts.axis(_span(shown), grid=True),
        annotations=_labels(terms, shown, wide=wide),
    )


def _margin(shown: tuple[Vintages, ...], *, wide: bool) -> tuple[int, int, int, int]:
    left, right, top, foot = MARGIN[wide]
    return left, ROOM_FOR_BASES if wide and _has_bases(shown) else right, top, foot


def _has_bases(shown: tuple[Vintages, ...]) -> bool:
    return len({vintages.basis for vintages in shown}) > 1


def _traces(terms: rules.Terms, vintages: Vintages) -> list[Part]:
    """A level line while a value stood, an upright one where the next took its place."""
    x = [day for stay in vintages.stays for day in (stay.start, stay.end)]
    y = [stay.value for stay in vintages.stays for _ in range(2)]
    found = [charts.line(x, y, color=Palette.S_FORE, width=1.5)]
    name = {"name": charts.safe_text(vintages.label)}
    if vintages.standing:
        rows = vintages.standing
        marks = parts.actual_line(
            [timezone.localdate(row.recorded_at) for row in rows],
            [row.value for row in rows],
            [row.grade for row in rows],
            hover=[_hover(terms, vintages, row) for row in rows],
        )
        found.append(marks | name | {"mode": "markers"})
    if vintages.retracted:
        gone = vintages.retracted
        marks = charts.points(
            [timezone.localdate(row.recorded_at) for row in gone],
            [row.value for row in gone],
            symbol="x",
            color=Palette.S_BAND_EDGE,
            hollow=[True] * len(gone),
            hover=[_hover(terms, vintages, row) for row in gone],
        )
        found.append(marks | name)
    return found


def _hover(terms: rules.Terms, vintages: Vintages, row: Observation) -> str:
    value = f"{_value(terms, vintages, row.value)}（{rules.Grade(row.grade).label}）"
    ends = "，现行" if row.is_current else ""
    if row.retracted_at:
        ends = f"，{zh_date(row.retracted_at)}{RETRACTED}"
    return charts.safe_text(f"{vintages.label} {value}，{zh_date(row.recorded_at)}入库{ends}")


def _labels(terms: rules.Terms, shown: tuple[Vintages, ...], *, wide: bool) -> list[Part]:
    """Year and value in force at the right end; the first value beside its mark, where wide."""
    found = []
    for vintages, dy in zip(shown, _apart(shown, wide=wide), strict=True):
        stay = vintages.last_stay
        year = charts.safe_text(_name(vintages, shown) if wide else f"{vintages.year}")
        words = f"{year} {_value(terms, vintages, stay.value)}"
        look = {"bold": True, "color": Palette.S_ACTUAL}
        if stay is not vintages.stays[-1]:
            words, look = f"{year} {RETRACTED}", {"color": Palette.INK_2}
        found.append(charts.label(stay.end, stay.value, words, dx=8, dy=dy, **look))  # type: ignore[arg-type]
        if wide:
            found.append(_first(terms, vintages))
        found += [_retracted(vintages, row, wide=wide) for row in vintages.retracted]
    return found


def _name(vintages: Vintages, shown: tuple[Vintages, ...]) -> str:
    """What tells a line from the others: its year, where bases differ the beginning of its basis.

    A value at the end of a name in full would be cut; marks and table have the whole name.
    """
    basis = vintages.basis if _has_bases(shown) else ""
    short = basis if len(basis) <= BASIS_LENGTH else f"{basis[: BASIS_LENGTH - 1].rstrip('（')}…"
    return f"{vintages.year}年" + (f"（{short}）" if short else "")


def _first(terms: rules.Terms, vintages: Vintages) -> Part:
    row = vintages.rows[0]
    words = _value(terms, vintages, row.value)
    day = timezone.localdate(row.recorded_at)
    return charts.label(day, row.value, words, color=Palette.S_ACTUAL, dy=-14, side="center")


def _retracted(vintages: Vintages, row: Observation, *, wide: bool) -> Part:
    """When the version was taken back, clear of the steps: beside its mark, below the first."""
    words = f"{zh_date(row.retracted_at)}{RETRACTED}" if wide else RETRACTED
    day = timezone.localdate(row.recorded_at)
    if row is vintages.rows[0]:
        return charts.label(day, row.value, words, dx=-6, dy=15)
    return charts.label(day, row.value, words, dx=-9, side="right")


def _value(terms: rules.Terms, vintages: Vintages, value: Decimal | None) -> str:
    text = number(None if value is None else vintages.shown(terms, value))
    return text + ("%" if terms.unit == "%" else "")


def _apart(shown: tuple[Vintages, ...], *, wide: bool) -> list[float]:
    """How far down each label goes, so that lines of nearly the same value have readable ends."""
    low, high = _span(shown)
    _, _, top, foot = MARGIN[wide]
    scale = (HEIGHT[wide] - top - foot) / float(high - low)
    places = [float(high - (vintages.last_stay.value or 0)) * scale for vintages in shown]
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
