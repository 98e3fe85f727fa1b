"""One row of the overview drawn by itself, read back from the traces of the figure."""

from decimal import Decimal

from common.charts import Palette
from common.quarters import Period
from dashboard.charts.axis import Axis
from dashboard.charts.canvas import RowCanvas
from dashboard.charts.paths import PAGE
from dashboard.charts.series_rows import draw_row
from dashboard.selectors.overview.rows import OverviewRow

PERIOD = Period(2026, 3)
SHARE = {"baseline_value": Decimal("16.8")}
RISE = tuple(
    (year, Decimal(value))
    for year, value in zip(range(2020, 2026), ("16.8", 17, 18, "18.5", 19, "19.2"), strict=True)
)


class Drawn:
    """One row drawn by itself, its middle at y = 15."""

    def __init__(self, one, size=PAGE):
        sheet = RowCanvas(Axis.of(one.years, size))
        draw_row(sheet, OverviewRow(one, PERIOD.end), 15)
        self.traces = sheet.traces()

    def bars(self, color, *, edge=None):
        """First and last year of the bars in a colour; hatched ones by the colour of their edge."""
        for trace in self.traces:
            if trace["type"] != "bar":
                continue
            marker = trace["marker"]
            told = marker["pattern"]["fgcolor"] if "pattern" in marker else marker["color"]
            told = told[0] if isinstance(told, list) else told
            if told == color and (edge is None or marker["line"]["color"] == edge):
                ends = zip(trace["base"], trace["x"], strict=True)
                return [(round(first, 2), round(first + long, 2)) for first, long in ends]
        return []

    @property
    def done(self):
        return self.bars(Palette.S_ACTUAL)

    @property
    def quarter(self):
        return self.bars(Palette.S_WAIT)

    @property
    def corridor(self):
        return self.bars(Palette.S_GRID, edge=Palette.LINE_2)

    @property
    def window(self):
        return self.bars(Palette.S_GRID, edge=Palette.S_GRID)

    @property
    def outlook(self):
        return self.bars(Palette.S_BAND)

    def line(self, color):
        """The points of the lines in a colour."""
        return [
            point
            for trace in self.traces
            if trace.get("mode") == "lines" and trace["line"]["color"] == color
            for point in zip(trace["x"], trace["y"], strict=True)
        ]

    def marks(self, *symbols):
        """Year, height and fill of the markers."""
        return [
            (x, y, fill)
            for trace in self.traces
            if trace.get("mode") == "markers"
            for x, y, symbol, fill in zip(
                trace["x"], trace["y"], trace["marker"]["symbol"], trace["marker"]["color"],
                strict=True,
            )
            if symbol in symbols
        ]  # fmt: skip

    @property
    def ticks(self):
        """The years of the bold strokes."""
        return [x for x, _, fill in self.marks("line-ns") if fill == Palette.INK]

    def says(self):
        """Each text, bold ones in brackets."""
        return [
            f"[{text}]" if trace["textfont"]["weight"] == 700 else text
            for trace in self.traces
            if trace.get("mode") == "text"
            for text in trace["text"]
        ]
