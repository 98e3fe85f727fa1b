"""One row of the overview as marks on a sheet: the bar of a target that has a way to go."""

from decimal import Decimal

from common.charts import Palette
from dashboard.charts.axis import Axis
from dashboard.charts.canvas import BarStyle, LineStyle, RowCanvas
from dashboard.charts.labels import Labels
from dashboard.rules.overview.path import Path, path_of
from dashboard.rules.overview.row_wording import goal_words
from dashboard.rules.overview.schedule_lag import missed_goal
from dashboard.selectors.overview.rows import OverviewRow, RowGroupKind
from targets import rules
from targets.charts.parts import LIGHT_COLORS
from targets.rules.levels import Level

LEAST_INTERVAL = Decimal("0.08")
"""Of a year: a narrower interval could not be seen."""


class DrawnRow:
    """A row on its sheet, whose middle lies at y."""

    def __init__(self, sheet: RowCanvas, row: OverviewRow, y: float) -> None:
        self.sheet, self.row, self.y = sheet, row, y
        self.axis: Axis = sheet.axis
        self.terms = row.terms
        self.labels = Labels(sheet, y)

    @property
    def track(self) -> float:
        return self.y + self.sheet.size.track

    @property
    def is_bad(self) -> bool:
        """Whether its distance is said in bold."""
        level = self.row.verdict.level
        return self.row.kind == RowGroupKind.SHORT or level in {Level.RED, Level.ORANGE}

    @property
    def color(self) -> str:
        """Of what lacks: that of the verdict beside it; orange where that was kept and fell."""
        level = self.row.verdict.level or Level.GREY
        level = Level.ORANGE if level == Level.GREEN else level
        return Palette.EDGE if level == Level.GREY else LIGHT_COLORS[level]

    @property
    def newest(self) -> rules.Actual:
        value = self.terms.newest_value
        assert value is not None  # noqa: S101 - a row without a value is drawn as nothing
        return value

    def px(self, year: Decimal | float) -> float:
        """Where a year lies; one beyond the axis at its edge."""
        return self.axis.px(self.axis.inside(year))

    def goals(self, y: float, *, height: float) -> None:
        """A tick at each goal, those before the end of the axis with their number above."""
        dated = [(goal.last_year or 0, goal) for goal in self.terms.numeric_goals]
        standing = None if dated else self.terms.standing_goal
        if standing is not None:
            dated = [(year, standing) for year in self.axis.milestones]
        for year, goal in dated:
            if not self.axis.base < year <= self.axis.end:
                continue
            self.sheet.tick(year, y, height=height)
            if year < self.axis.end:
                self.labels.goal(self.axis.px(year), goal_words(self.terms, goal))

    def right(self, y: float) -> None:
        """What the end of the axis asks for; nothing of a goal before it but to be kept."""
        goal, has_number = self.terms.goal(self.axis.years.ahead), bool(self.terms.numeric_goals)
        edge = self.axis.px(self.axis.end) + self.sheet.size.font * 0.58
        is_before = goal is not None and (goal.last_year or self.axis.end) < self.axis.end
        if goal is None or is_before:
            self.sheet.write(edge, y, "保持" if has_number else "")
            return
        if goal.is_pending:
            self.sheet.box(self.axis.end, y)
            edge += self.sheet.size.mark * 0.5
        self.sheet.write(edge, y, goal_words(self.terms, goal))

    def mark(self, year: Decimal | float, actual: rules.Actual, y: float) -> None:
        self.sheet.value(year, y, actual.grade, is_open=actual.is_unreviewed)


class PathRow(DrawnRow):
    """A bar to the year whose required level the newest value has reached."""

    def draw(self) -> None:
        found = path_of(
            self.terms,
            self.row.judged.outlook,
            since=self.axis.base,
            today_year=self.axis.years.today.year,
        )
        if found is None:
            return
        self._ground(found)
        self.goals(self.track, height=self.sheet.size.tick)
        self._bars(found)
        self._ends(found)
        self.right(self.track)
        self._say(found)

    @property
    def _last(self) -> float:
        """The year to which the last goal leads."""
        return self.axis.inside(self.terms.numeric_goals[-1].last_year or self.axis.end)

    def _ground(self, found: Path) -> None:
        """What the bar stands on: unknown before the first value, the way after the last, then to
        be kept, or waiting for the city."""
        sheet, axis, last = self.sheet, self.axis, self._last
        start, end = axis.inside(found.start), axis.inside(found.due or found.end)
        if not found.is_based:
            sheet.line(LineStyle.UNKNOWN, [(axis.base, self.track), (start, self.track)])
            if found.start != found.end:
                sheet.tick(start, self.track, height=sheet.size.bar + 3, is_thin=True)
        if end < last:
            sheet.line(LineStyle.WAY, [(end, self.track), (last, self.track)])
        if last == axis.end:
            return
        ahead = self.terms.goal(axis.years.ahead)
        if ahead is not None and ahead.is_pending:
            ends = (max(last, axis.inside(found.end)), axis.end)
            sheet.line(LineStyle.UNKNOWN, [(year, self.track) for year in ends])
        else:
            sheet.bar(BarStyle.CORRIDOR, last, axis.end, self.track, height=sheet.size.corridor)

    def _bars(self, found: Path) -> None:
        sheet, end = self.sheet, found.end
        first = found.annual if found.annual is not None else found.start
        sheet.bar(BarStyle.DONE, found.start, min(first, end), self.track)
        if found.quarter is not None:
            sheet.bar(BarStyle.QUARTER, first, end, self.track)
        if found.due is not None:
            sheet.bar(BarStyle.LACKING, end, found.due, self.track, color=self.color)
        if found.interval and found.interval[0] < self.axis.end:
            low, expected, high = found.interval
            height = sheet.size.corridor + 1
            high = max(high, low + LEAST_INTERVAL)
            sheet.bar(BarStyle.OUTLOOK, low, high, self.track, height=height)
            sheet.tick(expected, self.track, height=height, is_thin=True)

    def _ends(self, found: Path) -> None:
        """The newest values; a year below which a quarter has fallen is left out."""
        annual, quarter = self.terms.latest, self.terms.quarterly
        fell = found.annual is not None and found.end < found.annual
        if annual is not None and found.annual is not None and not fell:
            self.mark(found.annual, annual, self.track)
        if quarter is not None and found.quarter is not None:
            self.mark(found.quarter, quarter, self.track)

    def _say(self, found: Path) -> None:
        labels, axis, lag = self.labels, self.axis, self.row.lag
        if lag:
            labels.at(self.px(found.end), lag, is_strong=self.is_bad, is_ahead=lag[0] == "快")
        elif self._last == axis.end and missed_goal(self.terms, self.newest) is None:
            labels.at(axis.px(axis.end) - 6, f"已达到{axis.years.ahead}年目标")
            return
        else:
            self._gone_years()
        at = self.row.judged.outlook.projection
        if at is not None and found.interval and found.interval[0] < axis.end:
            low, _, high = (self.px(year) for year in found.interval)
            labels.outlook(low, high, f"外推{rules.figure(self.terms, at.expected)}", self.track)

    def _gone_years(self) -> None:
        """That a year brought nothing new, so that nothing of it is missing."""
        gone = [actual.year for actual in self.terms.actuals if actual.not_applicable]
        if gone and gone[-1] >= self.axis.base:
            self.labels.at(self.px(gone[-1]), "当年没有新增")


class EmptyRow(DrawnRow):
    """No value: grey hatching, or the bare way where it begins somewhere."""

    def draw(self) -> None:
        has_base = self.terms.baseline_value is not None
        start, end = self.axis.base, self.axis.end
        if has_base:
            self.sheet.line(LineStyle.WAY, [(start, self.track), (end, self.track)])
        else:
            self.sheet.bar(BarStyle.NOTHING, start, end, self.track)
        self.labels.first("还没有实际值" if has_base else "还没有年度值")
        self.goals(self.track, height=self.sheet.size.tick)
        self.right(self.track)
