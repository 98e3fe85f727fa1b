"""The extrapolation of a trajectory: dashed line, its 80 % interval, and what stands at its end."""

from dataclasses import dataclass
from decimal import Decimal

from common import charts
from common.charts import Palette, Part
from targets import rules
from targets.charts import parts

LABEL_STEP = 16
CLEAR_OF_GOAL = 18
"""Pixels between two lines of a label, and between the label and that of the goal."""


@dataclass(frozen=True)
class Forecast:
    """The trend from the newest value to the milestone year; there is none below four values."""

    terms: rules.Terms
    start: tuple[int, Decimal]
    points: tuple[rules.Projection, ...]

    @property
    def last(self) -> rules.Projection:
        return self.points[-1]

    @property
    def heights(self) -> tuple[Decimal, ...]:
        """Every value that the vertical axis has to hold."""
        return tuple(value for at in self.points for value in (at.low, at.expected, at.high))

    def traces(self) -> list[Part]:
        """The interval opens at the newest value; the line runs through its middle."""
        year, value = self.start
        years = [year, *(at.year for at in self.points)]
        low = [value, *(at.low for at in self.points)]
        high = [value, *(at.high for at in self.points)]
        expected = [value, *(at.expected for at in self.points)]
        return [
            charts.band(years, low, high) | {"name": "外推80%区间"},
            parts.forecast_line(years, expected)
            | {
                "customdata": ["", *(self._hover(at) for at in self.points)],
                "hovertemplate": "%{customdata}<extra></extra>",
            },
        ]

    def text(self, at: rules.Projection) -> str:
        """21.7（21.5—21.9）: expected value and 80 % interval, in the target's decimals."""
        return f"{self._number(at.expected)}（{self.between(at)}）"

    def between(self, at: rules.Projection) -> str:
        return f"{self._number(at.low)}—{self._number(at.high)}"

    def labels(self, *, wide: bool, height: int, span: Decimal, goal: Decimal | None) -> list[Part]:
        """Name, expected value and interval at the end, clear of the goal's label.

        `height` is that of the plot area in pixels, `span` what it holds in the unit.
        """
        words = [f"外推 {self._number(self.last.expected)}"]
        words += ["外推80%区间", self.between(self.last)] if wide else [self.between(self.last)]
        first = self._first_line(len(words), height, span, goal)
        return [
            charts.label(
                self.last.year,
                self.last.expected,
                text,
                bold=place == 0,
                color="" if place else Palette.S_FORE,
                dx=14,
                dy=first + place * LABEL_STEP,
            )
            for place, text in enumerate(words)
        ]

    def _first_line(self, lines: int, height: int, span: Decimal, goal: Decimal | None) -> int:
        """How far below the expected value the first line stands."""
        block = (lines - 1) * LABEL_STEP
        if goal is None or not span:
            return -block // 2
        from_goal = int((goal - self.last.expected) / span * height)
        label_of_goal = -from_goal - 10
        if from_goal >= 0:
            return max(0, label_of_goal + CLEAR_OF_GOAL)
        return min(-block, label_of_goal - CLEAR_OF_GOAL - block)

    def _number(self, value: Decimal) -> str:
        return rules.figure(self.terms, value)

    def _hover(self, at: rules.Projection) -> str:
        unit = rules.unit_of(self.terms)
        between = rules.span(self.terms, at.low, at.high)
        return f"{at.year}年外推 {self._number(at.expected)}{unit}（80%区间{between}）"


def forecast_of(terms: rules.Terms, found: rules.Outlook) -> Forecast | None:
    """The forecast of an outlook; None if the rules make none."""
    latest, line = terms.latest, found.trend
    if line is None or found.projection is None or latest is None or latest.value is None:
        return None
    years = range(latest.year + 1, found.year + 1)
    return Forecast(terms, (latest.year, latest.value), tuple(line.at(year) for year in years))
