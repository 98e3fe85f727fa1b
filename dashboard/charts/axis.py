"""The years on which the rows of the overview are drawn, and how large."""

from dataclasses import dataclass
from decimal import Decimal

from common import charts
from common.charts import Palette
from targets import rules

Number = Decimal | float | int


@dataclass(frozen=True)
class Size:
    """A drawing in pixels: heights of a row, of a group's head and of the table's head; left edge,
    span of the years and room for words right of them. `label` and `track` say how far from the
    middle of a row its words and its bar lie."""

    row: float
    group: float
    head: float
    left: float
    span: float
    right: float
    font: int = 12
    bar: float = 7
    corridor: float = 11
    tick: float = 16
    mark: float = 9
    window: float = 20.4
    label: float = -8
    track: float = 6.5
    has_words: bool = True
    actual: str = Palette.S_ACTUAL
    wait: str = Palette.S_WAIT

    @property
    def width(self) -> float:
        return self.left + self.span + self.right


@dataclass(frozen=True)
class Axis:
    """The years from the base to the end of the axis on a drawing."""

    base: int
    end: int
    years: rules.MilestoneYears
    size: Size

    @classmethod
    def of(cls, years: rules.MilestoneYears, size: Size) -> "Axis":
        """From the base year to the year ahead, or to the day where that is later."""
        base = years.base or years.first - 5
        return cls(base, max(years.ahead, years.today.year, base + 1), years, size)

    @property
    def milestones(self) -> tuple[int, ...]:
        return tuple(year for year in self.years.years if self.base < year <= self.end)

    @property
    def today(self) -> float:
        return charts.on_years(self.years.today)

    @property
    def span(self) -> tuple[float, float]:
        """The years at both edges of the drawing."""
        return self.year(0), self.year(self.size.width)

    def px(self, year: Number) -> float:
        return self.size.left + (float(year) - self.base) * self._step

    def year(self, px: float) -> float:
        return round(self.base + (px - self.size.left) / self._step, 4)

    def inside(self, year: Number) -> float:
        """A year that lies beyond the axis at its edge; a little left of it what came before."""
        least = self.base - 0.7 * self.size.left / self._step
        return min(max(float(year), least), float(self.end))

    @property
    def _step(self) -> float:
        return self.size.span / (self.end - self.base)
