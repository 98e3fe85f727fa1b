"""The trajectory of a target: values, required line, milestones, today."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property

from django.urls import reverse

from common import charts
from common.charts import Chart, ChartTable, Palette, Part
from common.formats import number, zh_date
from targets import rules
from targets.selectors import AHEAD_YEAR, SETTLED_YEAR, TargetDetail

FIRST_YEAR = 2020
ROOM = Decimal("0.12")


def trajectory_chart(detail: TargetDetail) -> Chart | None:
    """The chart of a target's page; None where there is neither a value nor a numeric goal.

    Values of the newest accounting basis in the target's unit, years on the axis.
    """
    drawing = _Drawing(detail)
    if not drawing.heights:
        return None
    code = detail.target.code
    return Chart(
        id=f"trajectory-{code}",
        title=finding(detail),
        subtitle=_subtitle(detail),
        alt=f"{detail.target.name}：{finding(detail)}",
        figure=drawing.figure(wide=True),
        narrow=drawing.figure(wide=False),
        table=trajectory_table(detail),
        json_url=reverse("targets:figure", args=[code]),
        data_url=reverse("targets:data", args=[code]),
        note=_note(detail),
        demo=detail.has_demo,
    )


def finding(detail: TargetDetail) -> str:
    """The title of the chart: what it shows, as a sentence without its full stop."""
    judged, terms = detail.judged, detail.terms
    if judged.latest is None:
        return f"{detail.target.short_name}还没有年度值"
    if judged.peak:
        return f"{judged.peak.words}（{judged.latest.year}年）"
    gaps = _gaps(detail)
    if len(gaps) < 2:
        words = rules.gap_words(terms, judged.settled)
        return f"{judged.latest.year}年为{judged.latest_text}" + (f"，{words}" if words else "")
    (first, was), (last, now) = gaps[0], gaps[-1]
    if now <= 0:
        return f"{last}年达到进度要求"
    words = rules.difference(terms, now)
    if was <= 0:
        return f"由达到要求变为{last}年差{words}"
    move = "扩大" if now > was else "缩小" if now < was else "保持"
    start = number(was, terms.decimals)
    return f"与要求的差距由{first}年的{start}{move}到{last}年的{words}"


def trajectory_table(detail: TargetDetail) -> ChartTable:
    """The chart's numbers as text: one row a year."""
    unit = rules.unit_of(detail.terms)
    head = ("年份", f"实际值（{unit}）" if unit else "实际值", "进度要求", "阶段目标", "数据状态")
    return ChartTable(head, tuple(_table_row(detail, year) for year in _years(detail)), (0, 4))


def _table_row(detail: TargetDetail, year: int) -> tuple[str, ...]:
    terms = detail.terms
    actual = next((a for a in terms.series if a.year == year), None)
    goal = next((goal for goal in terms.goals if goal.year == year), None)
    return (
        f"{year}年",
        number(actual.value if actual else None, terms.decimals),
        number(rules.required(terms, year), terms.decimals),
        rules.goal_value(terms, goal) if goal else "—",
        rules.grade(actual) if actual else "—",
    )


def _years(detail: TargetDetail) -> range:
    known = [actual.year for actual in detail.terms.series]
    return range(min([FIRST_YEAR, *known]), max([AHEAD_YEAR, *known]) + 1)


def _gaps(detail: TargetDetail) -> list[tuple[int, Decimal]]:
    """Year and shortfall of every value whose year requires something, the base year apart."""
    terms = detail.terms
    found = []
    for actual in terms.series:
        need = rules.required(terms, actual.year)
        if need is None or actual.value is None or actual.year == terms.baseline_year:
            continue
        goal = rules.goal_at(terms, actual.year, need)
        found.append((actual.year, rules.shortfall(goal, actual.value, terms.tolerance_percent)))
    return found


def _subtitle(detail: TargetDetail) -> str:
    unit = rules.unit_of(detail.terms)
    what = f"{detail.target.name}，{unit or '比值'}"
    basis = f"，{detail.target.accounting_basis}" if detail.target.accounting_basis else ""
    return f"{what}{basis}。纵轴未从0开始"


def _note(detail: TargetDetail) -> str:
    terms = detail.terms
    parts = ["圆点为核算值，菱形为部门统计或测算；空心为尚未核定。"]
    if rules.needs_baseline(terms):
        parts.append(f"基准值待补录，不画{SETTLED_YEAR}年以前的进度要求线。")
    if any(goal.state == "pending" for goal in terms.goals):
        parts.append("目标待市下达的年份以空心方框标出。")
    if terms.kind == "about":
        parts.append("浅色带为系统设置的左右容差。")
    if len(terms.series) < len([a for a in terms.actuals if a.value is not None]):
        parts.append("另一种口径的数值不连线，见下表。")
    return "".join(parts)


@dataclass(frozen=True)
class _Drawing:
    """The pieces of one trajectory, wide or narrow."""

    detail: TargetDetail

    @property
    def terms(self) -> rules.Terms:
        return self.detail.terms

    @cached_property
    def required(self) -> list[tuple[int, Decimal]]:
        """Corner points of the required line; every year where it is curved or level."""
        if self.terms.kind in {"about", "peak_by", "qualitative"}:
            return []
        found = ((year, rules.required(self.terms, year)) for year in _years(self.detail))
        return [(year, value) for year, value in found if value is not None]

    @cached_property
    def heights(self) -> list[Decimal]:
        """Every value that the vertical axis has to hold."""
        values = [a.value for a in self.terms.series if a.value is not None]
        values += [
            goal.value for goal in self.terms.goals if goal.value is not None and goal.is_number
        ]
        for goal in self.terms.goals:
            if goal.comparison == "about" and goal.value is not None:
                values += _widened(goal, self.terms)
        return [*values, *(value for _, value in self.required)]

    def figure(self, *, wide: bool) -> Part:
        first, last = _years(self.detail)[0], _years(self.detail)[-1]
        bold = [year for year in (SETTLED_YEAR, AHEAD_YEAR) if first <= year <= last]
        axis, marks = charts.year_axis(first, last, bold=bold, named=None if wide else (first,))
        today, words = charts.today_line(
            charts.on_years(self.detail.judged.today),
            f"今天 {zh_date(self.detail.judged.today)}" if wide else "今天",
        )
        low, high = self._span()
        return charts.figure(
            self._traces(wide=wide),
            height=360 if wide else 300,
            margin=(56, 128, 34, 36) if wide else (44, 84, 34, 30),
            xaxis=axis,
            yaxis=charts.axis(
                (low, high), grid=True, ticksuffix=_suffix(self.terms), showticksuffix="last"
            ),
            shapes=[today, *self._zones(), *self._shortfall()],
            annotations=[words, *marks, *self._labels(wide=wide)],
        )

    def _traces(self, *, wide: bool) -> list[Part]:
        traces = []
        if len(self.required) > 1:
            traces.append(charts.required_line(*_columns(self.required)))
        goals = self.terms.numeric_goals
        if goals and self.terms.kind != "peak_by":
            traces.append(
                charts.milestones(
                    [goal.year for goal in goals],
                    [goal.value for goal in goals],
                    hover=[f"{g.year}年 {rules.goal_value(self.terms, g)}" for g in goals],
                )
            )
        traces += self._pending()
        return [*traces, *self._actual(wide=wide)]

    def _pending(self) -> list[Part]:
        years = [goal.year for goal in self.terms.goals if goal.state == "pending" and goal.year]
        if not years:
            return []
        high = self._span()[1]
        top = [high - (high - self._span()[0]) * Decimal("0.06")] * len(years)
        hover = [f"{year}年 目标待市下达" for year in years]
        symbol = charts.points(
            years, top, symbol="square", color=Palette.N, hollow=[True] * len(years), hover=hover
        )
        return [symbol]

    def _actual(self, *, wide: bool) -> list[Part]:
        series = self.terms.series
        if not series:
            return []
        shown = {series[0].year, series[-1].year, SETTLED_YEAR}
        texts = [number(a.value, self.terms.decimals) for a in series]
        return [
            charts.actual_line(
                [actual.year for actual in series],
                [actual.value for actual in series],
                [actual.grade for actual in series],
                labels=[
                    text if wide or actual.year in shown else ""
                    for text, actual in zip(texts, series, strict=True)
                ],
                hover=[
                    f"{a.year}年 {text}{rules.unit_of(self.terms)}（{rules.grade(a)}）"
                    for text, a in zip(texts, series, strict=True)
                ],
            )
        ]

    def _zones(self) -> list[Part]:
        return [
            charts.zone(*_widened(goal, self.terms))
            for goal in self.terms.numeric_goals[:1]
            if goal.comparison == "about"
        ]

    def _shortfall(self) -> list[Part]:
        judged = self.detail.judged.settled
        if not (judged.shortfall and judged.goal and judged.actual) or judged.met:
            return []
        if judged.goal.value is None or judged.actual.value is None:
            return []
        return [charts.shortfall(SETTLED_YEAR, judged.actual.value, judged.goal.value)]

    def _labels(self, *, wide: bool) -> list[Part]:
        found: list[Part] = []
        lower = self.terms.lower_is_better
        for goal in self.terms.numeric_goals if self.terms.kind != "peak_by" else ():
            words = rules.goal_value(self.terms, goal)
            last = goal.year == AHEAD_YEAR
            if goal.comparison != "about":
                found.append(charts.arrow(goal.year, goal.value, up=not lower))
            found.append(
                charts.label(
                    goal.year,
                    goal.value,
                    f"{goal.year}年 {words}" if wide else words,
                    bold=True,
                    dx=14 if last else 0,
                    dy=-10 if last else 24 if lower else -24,
                    side="left" if last else "center",
                )
            )
        return found + self._pending_labels() + self._line_name(wide=wide)

    def _pending_labels(self) -> list[Part]:
        low, high = self._span()
        place = high - (high - low) * Decimal("0.06")
        return [
            charts.label(
                goal.year,
                place,
                "待市下达",
                dx=12 if goal.year == AHEAD_YEAR else 0,
                dy=0 if goal.year == AHEAD_YEAR else 18,
                side="left" if goal.year == AHEAD_YEAR else "center",
            )
            for goal in self.terms.goals
            if goal.state == "pending" and goal.year
        ]

    def _line_name(self, *, wide: bool) -> list[Part]:
        if not wide or len(self.required) < 3:
            return []
        year, value = self.required[len(self.required) // 3]
        return [charts.label(year, value, "进度要求", side="right", dx=-6, dy=-12)]

    def _span(self) -> tuple[Decimal, Decimal]:
        """Low and high end of the vertical axis, a little wider than the values.

        A band is at least three tolerances wide on each side, so that noise is not blown up.
        """
        low, high = min(self.heights), max(self.heights)
        for goal in self.terms.numeric_goals:
            if goal.comparison == "about" and goal.value is not None:
                bottom, top = _widened(goal, self.terms)
                low, high = (
                    min(low, goal.value - 3 * (goal.value - bottom)),
                    max(high, goal.value + 3 * (top - goal.value)),
                )
        room = max((high - low) * ROOM, abs(high) * Decimal("0.01"), Decimal("0.05"))
        return _rounded(low - room, ROUND_FLOOR, high - low), _rounded(
            high + room * 2, ROUND_CEILING, high - low
        )


def _widened(goal: rules.Goal, terms: rules.Terms) -> tuple[Decimal, Decimal]:
    low, high = rules.limits(goal, terms.tolerance_percent)
    value = goal.value or Decimal(0)
    return (value if low is None else low), (value if high is None else high)


def _rounded(value: Decimal, rounding: str, spread: Decimal) -> Decimal:
    step = Decimal(1) if spread >= 5 else Decimal("0.1")
    return value.quantize(step, rounding=rounding)


def _columns(points: list[tuple[int, Decimal]]) -> tuple[list[int], list[Decimal]]:
    return [year for year, _ in points], [value for _, value in points]


def _suffix(terms: rules.Terms) -> str:
    return "%" if terms.unit == "%" else ""
