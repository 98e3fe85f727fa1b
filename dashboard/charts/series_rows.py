"""Rows that are read as values, not as a way: bands, limits, peaks, and what has no number yet."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Protocol

from dashboard.charts.canvas import BarStyle, LineStyle, RowCanvas
from dashboard.charts.path_rows import DrawnRow, EmptyRow, PathRow
from dashboard.rules.overview.path import scaled
from dashboard.rules.overview.row_wording import band_words, goal_words, peak_words
from dashboard.rules.overview.schedule_lag import tight
from dashboard.selectors.overview.rows import OverviewRow
from targets import rules
from targets.rules import Comparison

NEAR_LIMIT = Decimal("0.03")
"""The least share of a limit that fills half a row: smaller distances are not blown up."""
Points = Sequence[tuple[Decimal, float]]
"""Date of a value, and how far above the middle of its row it lies, in pixels."""


def draw_row(sheet: RowCanvas, row: OverviewRow, y: float) -> None:
    """Draw a row whose middle lies at y, as its kind is drawn."""
    _kind_of(row.terms)(sheet, row, y).draw()


class DrawableRow(Protocol):
    """Any kind of row."""

    def draw(self) -> None: ...


def _kind_of(terms: rules.Terms) -> Callable[[RowCanvas, OverviewRow, float], DrawableRow]:
    latest = terms.latest
    if terms.is_qualitative:
        return SentenceRow
    if terms.is_peak:
        return PeakRow
    if latest is not None and not terms.is_own_basis(latest):
        return OtherBasisRow
    if terms.newest_value is None:
        return EmptyRow
    if any(goal.is_band for goal in terms.numeric_goals):
        return BandRow
    if _limit_of(terms) is not None:
        return LimitRow
    return PathRow if terms.numeric_goals else PendingRow


def _limit_of(terms: rules.Terms) -> rules.Goal | None:
    """What values are only held against: a limit that is not included, or a standing goal."""
    below = [goal for goal in terms.numeric_goals if goal.comparison == Comparison.BELOW]
    if below:
        return below[-1]
    return None if terms.numeric_goals else terms.standing_goal


class _SeriesRow(DrawnRow):
    """The true course of the values, each on its date."""

    def values(self) -> list[tuple[Decimal, Decimal]]:
        """Date and value, oldest first, the newest quarter at the end."""
        newest = self.terms.newest_value
        rows = [*self.terms.series, *([newest] if newest and newest.quarter else [])]
        known = {rules.date_of(row): row.value for row in rows if row.value is not None}
        return sorted(known.items())

    def room(self, share: float) -> Decimal:
        """A part of the room that a series has, in pixels."""
        return Decimal(str(round(self.sheet.size.window * share, 2)))

    def course(self) -> Points:
        """The values from the lowest to the highest over the height of the row, drawn."""
        values = self.values()
        heights = scaled([value for _, value in values], self.room(0.4)) if values else ()
        return self.series(
            list(zip((date for date, _ in values), map(float, heights), strict=True))
        )

    def series(self, points: Points) -> Points:
        """Draw the line, cut where the drawing begins."""
        self.sheet.line(LineStyle.SERIES, [(x, self.y - up) for x, up in self._cut(points)])
        return points

    def _cut(self, points: Points) -> list[tuple[float, float]]:
        edge = self.axis.inside(0)
        kept = [(float(date), up) for date, up in points]
        while len(kept) > 1 and kept[1][0] <= edge:
            kept.pop(0)
        if len(kept) > 1 and kept[0][0] < edge:
            (first, up), (second, to) = kept[:2]
            kept[0] = edge, up + (to - up) * (edge - first) / (second - first)
        return kept

    def fitting(self, said: Sequence[str], room: float) -> str:
        """The first words that have room, else the shortest."""
        fits = (words for words in said if self.sheet.width(words) < room)
        return next(fits, said[-1])

    def last(self, points: Points, *, is_missed: bool = False) -> tuple[float, float]:
        """Mark the newest value; where words beside it begin, and its height."""
        date, up = points[-1]
        if is_missed:
            self.sheet.missed(date, self.y - up, self.color)
        else:
            self.mark(date, self.newest, self.y - up)
        return self.px(date) + self.sheet.size.mark * 0.9, self.y - up


class BandRow(_SeriesRow):
    """左右: the corridor of its tolerance with the true values in it."""

    def draw(self) -> None:
        goal = next(goal for goal in reversed(self.terms.numeric_goals) if goal.is_band)
        low, high = rules.limits(goal, self.terms.tolerance)
        middle = goal.value or Decimal(0)
        half, room = (high or middle) - middle or Decimal(1), self.room(0.34)
        most, height = self.room(0.5), float(room * 2)
        points = [
            (date, float(max(min((value - middle) / half * room, most), -most)))
            for date, value in self.values()
        ]
        self.sheet.bar(BarStyle.CORRIDOR, self.axis.base, self.axis.end, self.y, height=height)
        for year in self.axis.milestones:
            if self.terms.goal(year) is not None:
                self.sheet.tick(year, self.y, height=height + 4)
        value = self.newest.value or Decimal(0)
        is_missed = low is not None and value < low
        px, y = self.last(self.series(points), is_missed=is_missed)
        words = band_words(self.terms, value, low, high)
        self.sheet.write(px, (y + self.y) / 2, words, is_strong=is_missed)
        self.right(self.y)


class LimitRow(_SeriesRow):
    """A line that values have to keep below, or above, with the true values."""

    def draw(self) -> None:
        goal = _limit_of(self.terms)
        if goal is None or goal.value is None:
            return
        limit, values, room = goal.value, self.values(), self.room(0.44)
        far = max(abs(value - limit) for _, value in values)
        unit = room / (max(far, abs(limit) * NEAR_LIMIT) or 1)
        points = [(date, float((value - limit) * unit)) for date, value in values]
        height = float(room) * 1.2
        side = self.y + height / 2 * (1 if goal.lower_is_better else -1)
        self.sheet.bar(BarStyle.TINT, self.axis.base, self.axis.end, side, height=height)
        self.sheet.line(
            LineStyle.LIMIT, [(year, self.y) for year in (self.axis.base, self.axis.end)]
        )
        self.series(points)
        self._earlier(points)
        self._newest_words(goal, points)
        self.right(self.y)

    def _earlier(self, points: Points) -> None:
        by_date = {rules.date_of(actual): actual for actual in self.terms.series}
        for date, up in points[:-1]:
            self.mark(date, by_date[date], self.y - up)
        if len(points) > 1:
            date, up = points[-2]
            said = rules.figure(self.terms, by_date[date].value)
            px = self.px(date) - self.sheet.size.mark * 0.7
            self.sheet.write(px, self.y - up, said, side="left")

    def _newest_words(self, goal: rules.Goal, points: Points) -> None:
        value = self.newest
        is_missed = not rules.meets(goal, value.value or Decimal(0), self.terms.tolerance)
        px, y = self.last(points, is_missed=is_missed)
        said = rules.actual_figure(self.terms, value, goal)
        if is_missed:
            said += f"，{tight(self.terms, rules.distance_words(self.terms, goal, value))}"
            y = self.y + (self.sheet.size.label if goal.lower_is_better else -self.sheet.size.label)
        self.sheet.write(px, y, said, is_strong=is_missed)


class PeakRow(_SeriesRow):
    """The true course, and the time that is left to peak in."""

    def draw(self) -> None:
        goal = max(self.terms.goals, key=lambda goal: goal.last_year or 0, default=None)
        deadline = (goal.last_year if goal else None) or self.axis.end
        points, height = self.course(), self.sheet.size.window
        since = points[-1][0] if points else Decimal(self.axis.base)
        self.sheet.bar(BarStyle.TINT, since, deadline, self.y, height=height)
        if self.axis.base < deadline <= self.axis.end:
            self.sheet.tick(deadline, self.y, height=height)
        px = self.last(points)[0] if points else self.px(since)
        said = peak_words(self.terms, self.row.judged.peak)
        words = self.fitting(said, self.px(deadline) - px)
        self.sheet.write(px, self.y, words, is_strong=True)
        before = goal is not None and goal.comparison == Comparison.BEFORE_YEAR
        edge = self.axis.px(self.axis.end) + self.sheet.size.font * 0.58
        self.sheet.write(edge, self.y, f"{goal.year}年前" if goal and before else "达峰")


class PendingRow(_SeriesRow):
    """No number to reach yet: the true course, and an empty box where the goal will stand."""

    def draw(self) -> None:
        points = self.course()
        if points:
            self.last(points)
        away = self.sheet.size.mark * 1.2
        for goal in self.terms.goals:
            year = goal.year or 0
            if goal.is_pending and self.axis.base < year < self.axis.end:
                px = self.axis.px(year) + away
                self.sheet.box(self.axis.year(px), self.y)
                self.sheet.write(px + away * 0.8, self.y, goal_words(self.terms, goal))
        self.right(self.y)


class OtherBasisRow(_SeriesRow):
    """The course of the old basis, and a cross for the value that is not joined to it."""

    def draw(self) -> None:
        own = [a for a in self.terms.actuals if self.terms.is_own_basis(a) and a.value is not None]
        heights = scaled([a.value or Decimal(0) for a in own], self.room(0.2)) if own else ()
        points = [(rules.date_of(a), float(up)) for a, up in zip(own, heights, strict=True)]
        self.series(points)
        for actual, (date, up) in zip(own, points, strict=True):
            self.mark(date, actual, self.y - up)
        latest = self.terms.latest
        year = latest.year if latest else self.axis.base
        self.sheet.cross(year, self.y)
        px = self.px(year) + self.sheet.size.mark
        said = (f"{year}年换了口径，不可比", "换了口径，不可比")
        self.sheet.write(px, self.y, self.fitting(said, self.axis.px(self.axis.end) - px))
        self.right(self.y)


class SentenceRow(DrawnRow):
    """定性: no axis, what was recognised or that it still has to be."""

    def draw(self) -> None:
        verdict = self.row.verdict
        said = "等区发改局凭材料认定"
        if verdict.stamp is not None:
            said = f"不画进度：凭材料认定为{verdict.words}"
        self.sheet.write(self.axis.px(self.axis.base), self.y, f"定性，{said}")
