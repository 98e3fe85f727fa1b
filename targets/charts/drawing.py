"""The drawing of a trajectory: which pieces stand where, wide and for a phone."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property

from common import charts
from common.charts import Palette, Part
from common.formats import number, zh_date
from targets import rules
from targets.charts import marks
from targets.charts.forecast import Forecast, forecast_of
from targets.charts.spots import Spot, spots_of
from targets.models import Observation
from targets.selectors import AHEAD_YEAR, SETTLED_YEAR, TargetDetail

FIRST_YEAR = 2020
ROOM = Decimal("0.14")
HEIGHT = {True: 360, False: 300}
MARGIN = {True: (56, 128, 34, 36), False: (44, 84, 34, 30)}
LEVEL_KINDS = frozenset({"about", "peak_by", "qualitative"})


def years_of(detail: TargetDetail) -> range:
    """The years of the axis: 2020 to 2030, more where there are values before or after."""
    known = [actual.year for actual in detail.terms.actuals if actual.value is not None]
    return range(min([FIRST_YEAR, *known]), max([AHEAD_YEAR, *known]) + 1)


@dataclass(frozen=True)
class Drawing:
    """The pieces of one trajectory."""

    detail: TargetDetail

    @property
    def terms(self) -> rules.Terms:
        return self.detail.terms

    @cached_property
    def spots(self) -> tuple[Spot, ...]:
        """Baseline and annual values, joined by the line."""
        return spots_of(self.terms)

    @cached_property
    def quarters(self) -> list[Observation]:
        """Quarterly values after the newest annual one, of the target's basis."""
        after, waiting = self.detail.judged.latest_year or 0, self.detail.judged.waiting
        current = [row for row in self.detail.observations if row.quarter and row.is_current]
        known = {row.period: row for row in (*current, *waiting)}
        return [
            row
            for _, row in sorted(known.items(), key=lambda item: item[0].end)
            if row.value is not None and row.year > after and row.basis in {"", self.terms.basis}
        ]

    @cached_property
    def required(self) -> list[tuple[int, Decimal]]:
        """The required line, year by year; a band and a peak have none."""
        if self.terms.kind in LEVEL_KINDS:
            return []
        found = ((year, rules.required(self.terms, year)) for year in years_of(self.detail))
        return [(year, value) for year, value in found if value is not None]

    @cached_property
    def goals(self) -> tuple[rules.Goal, ...]:
        """Milestones with a number; those of a peak are years."""
        return () if self.terms.kind == "peak_by" else self.terms.numeric_goals

    @cached_property
    def forecast(self) -> Forecast | None:
        """The extrapolation, where the rules make one."""
        return forecast_of(self.terms, self.detail.judged.outlook)

    @cached_property
    def heights(self) -> list[Decimal]:
        """Every value that the vertical axis has to hold; empty where nothing can be drawn."""
        values = [spot.value for spot in self.spots]
        values += self.forecast.heights if self.forecast else ()
        values += [old for _, old, _ in marks.superseded(self.detail)]
        others = marks.other_values(self.terms)
        values += [other.value for other in others if other.value is not None]
        values += [row.value for row in self.quarters if row.value is not None]
        for goal in self.goals:
            values += limits_of(goal, self.terms)
        return [*values, *(value for _, value in self.required)]

    def figure(self, *, wide: bool) -> Part:
        """The Plotly figure as plain data."""
        years = years_of(self.detail)
        bold = [year for year in (SETTLED_YEAR, AHEAD_YEAR) if year in years]
        axis, bold_years = charts.year_axis(
            years[0], years[-1], bold=bold, named=None if wide else (years[0],)
        )
        day, is_past = self.detail.judged.today, self.detail.judged.is_past
        word = "截至" if is_past else "今天"
        today, words = charts.today_line(
            charts.on_years(day), f"{word} {zh_date(day)}" if wide else word
        )
        suffix = "%" if self.terms.unit == "%" else ""
        return charts.figure(
            [
                *(self.forecast.traces() if self.forecast else ()),
                *self._lines(),
                *marks.direction_line(self.detail),
                *self._pending(),
                *self._quarterly(),
                *marks.crosses(self.detail),
                *marks.other_basis(self.terms),
                *marks.ring(self.terms),
                *self._actual(wide=wide),
            ],
            height=HEIGHT[wide],
            margin=MARGIN[wide],
            xaxis=axis,
            yaxis=charts.axis(self.span, grid=True, ticksuffix=suffix, showticksuffix="last"),
            shapes=[
                *self._window(),
                *self._band(),
                *marks.ticks(self.detail),
                today,
                *self._shortfall(),
            ],
            annotations=[words, *bold_years, *self._labels(wide=wide)],
        )

    @cached_property
    def span(self) -> tuple[Decimal, Decimal]:
        """Low and high end of the vertical axis, a little wider than the values.

        A band is at least three tolerances wide on each side, so that noise is not blown up; a
        level line alone stands in the middle of a tenth of its value.
        """
        low, high = min(self.heights), max(self.heights)
        for goal in self.goals:
            if goal.comparison == "about" and goal.value is not None:
                bottom, top = limits_of(goal, self.terms)
                low = min(low, goal.value - 3 * (goal.value - bottom))
                high = max(high, goal.value + 3 * (top - goal.value))
        if low == high:
            low, high = low - abs(low) / 10, high + abs(high) / 10
        room = max((high - low) * ROOM, Decimal("0.02"))
        if any(goal.state == "pending" for goal in self.terms.goals):
            high += room
        step = Decimal(1) if high - low >= 5 else Decimal("0.1") if high - low >= 1 else None
        ends = low - room, high + room
        if step is None:
            return ends
        return ends[0].quantize(step, ROUND_FLOOR), ends[1].quantize(step, ROUND_CEILING)

    @property
    def is_from_zero(self) -> bool:
        """Whether nought is on the vertical axis."""
        low, high = self.span
        return low <= 0 <= high

    def _lines(self) -> list[Part]:
        traces = []
        if len(self.required) > 1:
            years, values = zip(*self.required, strict=True)
            traces.append(charts.required_line(years, values))
        if self.goals:
            traces.append(
                charts.milestones(
                    [goal.year for goal in self.goals],
                    [goal.value for goal in self.goals],
                    hover=[f"{g.year}年 {rules.goal_value(self.terms, g)}" for g in self.goals],
                )
            )
        return traces

    def _pending(self) -> list[Part]:
        """An open grey mark where the city has not set the value yet."""
        years = [goal.year for goal in self.terms.goals if goal.state == "pending" and goal.year]
        if not years:
            return []
        return [
            charts.points(
                years,
                [self._top] * len(years),
                symbol="square",
                color=Palette.N,
                hollow=[True] * len(years),
                hover=[f"{year}年 目标待市下达" for year in years],
            )
        ]

    @property
    def _top(self) -> Decimal:
        low, high = self.span
        return high - (high - low) * Decimal("0.06")

    def _quarterly(self) -> list[Part]:
        if not self.quarters:
            return []
        unit = rules.unit_of(self.terms)
        return [
            charts.points(
                [charts.on_years(row.period.end) for row in self.quarters],
                [row.value for row in self.quarters],
                color=Palette.S_FORE,
                size=5,
                hollow=[row.version == 0 for row in self.quarters],
                hover=[
                    f"{row.period.label} {number(row.value, self.terms.decimals)}{unit}"
                    + ("（含待审核）" if row.version == 0 else "")
                    for row in self.quarters
                ],
            )
        ]

    def _actual(self, *, wide: bool) -> list[Part]:
        if not self.spots:
            return []
        ends = {self.spots[0].year, self.spots[-1].year, SETTLED_YEAR}
        return [
            charts.actual_line(
                [spot.year for spot in self.spots],
                [spot.value for spot in self.spots],
                [spot.grade for spot in self.spots],
                labels=[s.label if wide or s.year in ends else "" for s in self.spots],
                position=[spot.position for spot in self.spots],
                hover=[spot.hover for spot in self.spots],
            )
        ]

    def _window(self) -> list[Part]:
        """The years that are left to peak in."""
        ends = [goal.last_year for goal in self.terms.goals if goal.nature == "event"]
        if self.terms.kind != "peak_by" or not ends or ends[0] is None:
            return []
        today = charts.on_years(self.detail.judged.today)
        area = {"xref": "x", "yref": "paper", "x0": today, "x1": ends[0], "y0": 0, "y1": 1}
        look = {"layer": "below", "line": {"width": 0}, "fillcolor": Palette.WASH_2}
        return [{"type": "rect"} | area | look]

    def _band(self) -> list[Part]:
        return [
            charts.zone(*limits_of(goal, self.terms))
            for goal in self.goals[:1]
            if goal.comparison == "about"
        ]

    def _shortfall(self) -> list[Part]:
        gap = self._open_gap
        return [charts.shortfall(SETTLED_YEAR, *gap)] if gap else []

    @property
    def _open_gap(self) -> tuple[Decimal, Decimal] | None:
        """Value and goal of the settled year where the goal was missed."""
        judged = self.detail.judged.settled
        if judged.met or not (judged.shortfall and judged.goal and judged.actual):
            return None
        if judged.goal.value is None or judged.actual.value is None:
            return None
        return judged.actual.value, judged.goal.value

    def _labels(self, *, wide: bool) -> list[Part]:
        found = [part for goal in self.goals for part in self._goal_labels(goal, wide=wide)]
        found += [part for goal in self.terms.goals for part in self._pending_labels(goal)]
        found += [*self._forecast_labels(wide=wide), *marks.direction_words(self.detail, wide=wide)]
        if not wide:
            return found
        found += [*self._line_name(), *self._last_words(), *self._gap_words()]
        return [*found, *self._window_words(), *self._quarter_words()]

    def _goal_labels(self, goal: rules.Goal, *, wide: bool) -> list[Part]:
        """Arrow to the allowed side and the goal in words, out of the way of the value."""
        if goal.comparison == "about" and goal.year != AHEAD_YEAR:
            return self._band_label(goal, wide=wide)
        up = not self.terms.lower_is_better
        is_last = goal.year == AHEAD_YEAR
        is_crossed = any(
            spot.year == goal.year and (spot.value >= (goal.value or 0)) == up
            for spot in self.spots
        )
        away = 24 if up == is_crossed else -24
        label = charts.label(
            goal.year,
            goal.value,
            self._goal_words(goal, wide=wide),
            bold=True,
            dx=14 if is_last else 10 if self._rises_into(goal, away) else 0,
            dy=-10 if is_last else away * 2 // 3 if is_crossed else away,
            side="left" if is_last or self._rises_into(goal, away) else "center",
        )
        arrow = [] if goal.comparison == "about" else [charts.arrow(goal.year, goal.value, up=up)]
        return [*arrow, label]

    def _rises_into(self, goal: rules.Goal, away: int) -> bool:
        """Whether the line comes from where words below the goal would stand."""
        before = [spot for spot in self.spots if spot.year < (goal.year or 0)]
        return bool(away > 0 and before and before[-1].value < (goal.value or 0))

    def _forecast_labels(self, *, wide: bool) -> list[Part]:
        if self.forecast is None:
            return []
        low, high = self.span
        goal = next((goal.value for goal in self.goals if goal.year == AHEAD_YEAR), None)
        plot = HEIGHT[wide] - MARGIN[wide][2] - MARGIN[wide][3]
        return self.forecast.labels(wide=wide, height=plot, span=high - low, goal=goal)

    def _band_label(self, goal: rules.Goal, *, wide: bool) -> list[Part]:
        top = limits_of(goal, self.terms)[1]
        words = self._goal_words(goal, wide=wide)
        return [charts.label(goal.year, top, words, bold=True, dy=-10, side="center")]

    def _goal_words(self, goal: rules.Goal, *, wide: bool) -> str:
        """The goal without its unit, which the subtitle names; % stays."""
        words = charts.safe_text(rules.short(self.terms, rules.goal_value(self.terms, goal)))
        return f"{goal.year}年 {words}" if wide else words

    def _pending_labels(self, goal: rules.Goal) -> list[Part]:
        if goal.state != "pending" or not goal.year:
            return []
        is_last = goal.year == AHEAD_YEAR
        return [
            charts.label(
                goal.year,
                self._top,
                "待市下达",
                dx=12 if is_last else 0,
                dy=0 if is_last else 18,
                side="left" if is_last else "center",
            )
        ]

    def _line_name(self) -> list[Part]:
        standing = self.terms.standing_goal
        if standing and standing.is_number:
            words = f"要求 {rules.goal_value(self.terms, standing)}"
            return [charts.label(AHEAD_YEAR, standing.value, words, bold=True, dx=10)]
        inner = [point for point in self.required if point[0] < SETTLED_YEAR]
        if len(inner) < 3:
            return []
        year, value = inner[len(inner) // 2]
        is_above = any(spot.year == year and spot.value > value for spot in self.spots)
        if is_above:
            return [charts.label(year, value, "进度要求", dx=8, dy=12)]
        return [charts.label(year, value, "进度要求", side="right", dx=-6, dy=-12)]

    def _last_words(self) -> list[Part]:
        """Under the newest value: whose number it is."""
        if len(self.spots) < 2:
            return []
        last = self.spots[-1]
        is_above = last.position.startswith("top")
        side = "right" if last.position.endswith("left") else "left"
        return [
            charts.label(
                last.year,
                last.value,
                last.grade_word,
                dx=-7 if side == "right" else 7,
                dy=-28 if is_above else 28,
                side=side,
            )
        ]

    def _gap_words(self) -> list[Part]:
        gap = self._open_gap
        if gap is None:
            return []
        words = rules.gap_words(self.terms, self.detail.judged.settled)
        under = 9 if gap[1] > gap[0] else -9
        return [
            charts.label(
                SETTLED_YEAR,
                gap[1],
                words.removesuffix("个百分点"),
                bold=True,
                color=Palette.O_T,
                dx=10,
                dy=under,
            )
        ]

    def _window_words(self) -> list[Part]:
        return [
            charts.label(area["x1"], 1, "达峰期限", dx=-6, dy=10, side="right", paper="y")
            for area in self._window()
        ]

    def _quarter_words(self) -> list[Part]:
        """The newest quarterly value, named."""
        if not self.quarters:
            return []
        last = self.quarters[-1]
        waits = " 待审核" if last.version == 0 else ""
        text = f"{last.period.short_label} {number(last.value, self.terms.decimals)}{waits}"
        place = charts.on_years(last.period.end)
        return [charts.label(place, last.value, text, color=Palette.S_FORE, dx=8)]


def limits_of(goal: rules.Goal, terms: rules.Terms) -> tuple[Decimal, Decimal]:
    """Both ends of what a goal allows; its value where a side is open."""
    low, high = rules.limits(goal, terms.tolerance_percent)
    value = goal.value or Decimal(0)
    return (value if low is None else low), (value if high is None else high)
