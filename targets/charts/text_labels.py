"""Text labels inside a trajectory, placed clear of lines and values."""

from common import charts
from common.charts import Palette, Part
from targets import rules
from targets.charts import marks, parts
from targets.charts.plot import HEIGHT, MARGIN, Plot, limits_of
from targets.selectors.judging.facts import actual_of


def text_labels(plot: Plot, *, wide: bool) -> list[Part]:
    """All of them; on a phone the goals, the forecast and the direction alone."""
    found = [part for goal in plot.goals for part in _goal(plot, goal, wide=wide)]
    found += [part for goal in plot.pending for part in _pending(plot, goal)]
    found += [*_forecast(plot, wide=wide), *marks.direction_words(plot.detail, wide=wide)]
    if not wide:
        return found
    found += [*_line_name(plot), *_last(plot), *_gap(plot)]
    return [*found, *_window(plot), *_quarter(plot)]


def _goal(plot: Plot, goal: rules.Goal, *, wide: bool) -> list[Part]:
    """Arrow to the allowed side and the goal in words, out of the way of the value."""
    is_last = goal.year == plot.years[-1]
    if goal.is_band and not is_last:
        return _band(plot, goal, wide=wide)
    up = not plot.terms.lower_is_better
    is_crossed = any(
        spot.year == goal.year and (spot.value >= (goal.value or 0)) == up
        for spot in plot.annual_points
    )
    away = 24 if up == is_crossed else -24
    is_risen_into = _rises_into(plot, goal, away)
    label = charts.label(
        _clear_of_today(plot, goal.year or 0) if is_risen_into else goal.year,
        goal.value,
        _goal_words(plot, goal, wide=wide),
        bold=True,
        dx=14 if is_last else 10 if is_risen_into else 0,
        dy=-10 if is_last else away * 2 // 3 if is_crossed else away,
        side="left" if is_last or is_risen_into else "center",
    )
    arrow = [] if goal.is_band else [parts.arrow(goal.year, goal.value, up=up)]
    return [*arrow, label]


def _rises_into(plot: Plot, goal: rules.Goal, away: int) -> bool:
    """Whether the line comes from where words below the goal would stand."""
    before = [spot for spot in plot.annual_points if spot.year < (goal.year or 0)]
    return bool(away > 0 and before and before[-1].value < (goal.value or 0))


def _band(plot: Plot, goal: rules.Goal, *, wide: bool) -> list[Part]:
    top = limits_of(goal, plot.terms)[1]
    said = _goal_words(plot, goal, wide=wide)
    return [charts.label(goal.year, top, said, bold=True, dy=-10, side="center")]


def _goal_words(plot: Plot, goal: rules.Goal, *, wide: bool) -> str:
    """The goal without its unit, which the subtitle names; % stays."""
    said = charts.safe_text(rules.short(plot.terms, rules.goal_value(plot.terms, goal)))
    return f"{goal.year}年 {said}" if wide else said


def _pending(plot: Plot, goal: rules.Goal) -> list[Part]:
    is_last = goal.year == plot.years[-1]
    return [
        charts.label(
            goal.year,
            plot.top,
            "待市下达",
            dx=12 if is_last else 0,
            dy=0 if is_last else 18,
            side="left" if is_last else "center",
        )
    ]


def _forecast(plot: Plot, *, wide: bool) -> list[Part]:
    if plot.forecast is None:
        return []
    low, high = plot.span
    goal = next((goal.value for goal in plot.goals if goal.year == plot.milestones.ahead), None)
    height = HEIGHT[wide] - MARGIN[wide][2] - MARGIN[wide][3]
    return plot.forecast.labels(wide=wide, height=height, span=high - low, goal=goal)


def _line_name(plot: Plot) -> list[Part]:
    """Beside the required line, on the side where no value is; a standing goal names its level."""
    standing = plot.terms.standing_goal
    if standing and standing.is_number:
        said = f"要求 {rules.goal_value(plot.terms, standing)}"
        return [charts.label(plot.years[-1], standing.value, said, bold=True, dx=10)]
    inner = [point for point in plot.required if point[0] < plot.milestones.settled]
    if len(inner) < 3:
        return []
    year, value = inner[len(inner) // 2]
    is_above = any(spot.year == year and spot.value > value for spot in plot.annual_points)
    if is_above:
        return [charts.label(year, value, "进度要求", dx=8, dy=12)]
    return [charts.label(year, value, "进度要求", side="right", dx=-6, dy=-12)]


def _last(plot: Plot) -> list[Part]:
    """Under the newest value: whose number it is."""
    if len(plot.annual_points) < 2:
        return []
    last = plot.annual_points[-1]
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


def _gap(plot: Plot) -> list[Part]:
    """By how much the goal of the settled year was missed."""
    gap = plot.open_gap
    if gap is None:
        return []
    said = rules.gap_words(plot.terms, plot.detail.judged.present)
    return [
        charts.label(
            plot.milestones.settled,
            gap[1],
            said.removesuffix("个百分点"),
            bold=True,
            color=Palette.O_T,
            dx=10,
            dy=9 if gap[1] > gap[0] else -9,
        )
    ]


def _window(plot: Plot) -> list[Part]:
    end = plot.last_year_to_peak
    if end is None:
        return []
    return [charts.label(end, 1, "达峰期限", dx=-6, dy=10, side="right", paper="y")]


def _quarter(plot: Plot) -> list[Part]:
    """The newest quarterly value, named."""
    if not plot.quarters:
        return []
    last = plot.quarters[-1]
    waits = " 待审核" if last.version == 0 else ""
    said = f"{last.period.short_label} {rules.actual_figure(plot.terms, actual_of(last))}{waits}"
    place = _clear_of_today(plot, charts.on_years(last.period.end))
    return [charts.label(place, last.value, said, color=Palette.S_FORE, dx=8)]


def _clear_of_today(plot: Plot, place: float) -> float:
    """Where words to the right of a place begin: past today's line where it would cross them."""
    today = charts.on_years(plot.detail.judged.today)
    return today if place <= today < place + 1 else place
