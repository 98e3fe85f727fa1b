"""The rows of the overview on one axis of years: axis, words, chart."""

import datetime
import json
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from common.charts import Palette, chart_json
from dashboard.charts import paths
from dashboard.charts.axis import Axis
from dashboard.charts.canvas import RowCanvas
from dashboard.charts.paths import PAGE, PRINT, WALL, paths_chart, row_picture
from dashboard.charts.series_rows import draw_row
from dashboard.selectors.overview.rows import OverviewRow, overview_rows
from targets.rules import MilestoneYears
from tests.unit.dashboard.drawn import PERIOD, RISE, SHARE
from tests.unit.targets.judged import YEARS, judged

VALUES = ["16.1", "17", "18", "19", "19.8", "19.99", "20.1", "21", "21.9", "23"]
DAYS = ["2026-02-01", "2026-11-30", "2027-02-01", "2029-12-31", "2031-02-01"]


class TestLabels:
    def texts(self, one, size=PAGE):
        """Left, right and height of every text on the drawing of a row, in pixels."""
        sheet = RowCanvas(Axis.of(one.years, size))
        draw_row(sheet, OverviewRow(one, PERIOD.end), 15)
        for trace in sheet.traces():
            if trace.get("mode") != "text":
                continue
            for x, y, text, side in zip(
                trace["x"], trace["y"], trace["text"], trace["textposition"], strict=True
            ):
                px, width = sheet.axis.px(x), sheet.width(text)
                start = px - {"right": 0, "center": width / 2, "left": width}[side.split()[1]]
                yield start, start + width, y

    @pytest.mark.parametrize("size", [PAGE, WALL])
    @pytest.mark.parametrize("value", VALUES)
    def test_none_lies_over_another(self, value, size):
        values = (*RISE[:-1], (2025, value))
        found = sorted(self.texts(judged(values=values, terms=SHARE), size))
        for (_, end, y), (start, _, other) in pairwise(found):
            assert end <= start or abs(y - other) >= size.font

    def test_what_is_behind_stands_before_its_goal(self):
        ends = sorted(self.texts(judged(values=RISE, terms=SHARE)))
        lag, goal = ends[:2]
        assert lag[1] < goal[0]


class TestAxis:
    def axis(self, day, plan_years=(2025, 2030), **more):
        years = MilestoneYears(datetime.date.fromisoformat(day), plan_years, base=2020, **more)
        return Axis.of(years, PAGE)

    @pytest.mark.parametrize(
        ("day", "plan_years", "ends", "milestones"),
        [
            ("2024-05-01", (2025, 2030), (2020, 2025), (2025,)),
            ("2026-11-30", (2025, 2030), (2020, 2030), (2025, 2030)),
            ("2027-02-01", (2025, 2030), (2020, 2030), (2025, 2030)),
            ("2031-02-01", (2025, 2030), (2020, 2031), (2025, 2030)),
            ("2031-02-01", (2025, 2030, 2035), (2020, 2035), (2025, 2030, 2035)),
        ],
    )
    def test_from_the_base_to_the_year_ahead(self, day, plan_years, ends, milestones):
        axis = self.axis(day, plan_years)
        assert (axis.base, axis.end) == ends
        assert axis.milestones == milestones

    def test_years_are_evenly_spaced(self):
        axis = self.axis("2026-11-30")
        assert [axis.px(year) for year in (2020, 2025, 2030)] == [10, 190, 370]
        assert axis.year(190) == 2025

    def test_without_a_base_year_five_before_the_first(self):
        years = MilestoneYears(datetime.date(2026, 5, 1), (2025, 2030))
        assert Axis.of(years, PAGE).base == 2020

    @pytest.mark.parametrize("day", DAYS)
    def test_today_stands_clear_at_the_head(self, day):
        years = replace(YEARS, today=datetime.date.fromisoformat(day))
        groups = overview_rows([judged(values=RISE, terms=SHARE, years=years)], PERIOD)
        notes = paths_chart(groups, years).figure["layout"]["annotations"]
        sheet = RowCanvas(Axis.of(years, PAGE))
        spans = sorted(
            (start := sheet.axis.px(note["x"]), start + sheet.width(note["text"])) for note in notes
        )
        assert "今天" in {note["text"] for note in notes}
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))


@pytest.fixture
def groups():
    rows = [
        judged("T01", values=RISE, terms=SHARE, target={"is_headline": True}),
        judged("T02", values=RISE, terms=SHARE),
        judged("T03", goals=((2025, 50),)),
        judged("T04", values=((2025, 21),)),
    ]
    return overview_rows(rows, PERIOD)


class TestChart:
    def test_rows_lie_as_in_the_table(self, groups):
        """Head 30, a group's head and a row 30 each: the bars 6.5 below the middle of their row."""
        figure = paths_chart(groups, YEARS).figure
        layout = figure["layout"]
        assert (layout["height"], layout["margin"]["t"]) == (270, 30)
        assert layout["yaxis"]["range"] == [240, 0]
        bars = next(
            t for t in figure["data"] if t["type"] == "bar" and "pattern" not in t["marker"]
        )
        assert {y % 30 for y in bars["y"]} == {21.5}

    @pytest.mark.parametrize("size", [PAGE, WALL, PRINT])
    def test_one_trace_a_style_however_many_rows(self, groups, size):
        many = [replace(groups[0], rows=groups[0].rows * 60), *groups[1:]]
        few = paths_chart(groups, YEARS, size)
        found = paths_chart(many, YEARS, size)
        assert len(found.figure["data"]) == len(few.figure["data"]) <= 18

    def test_lines_of_rows_are_not_joined(self, groups):
        twice = [replace(groups[0], rows=groups[0].rows * 2)]
        lines = [t for t in paths_chart(twice, YEARS).figure["data"] if t.get("mode") == "lines"]
        assert all(None in trace["x"] for trace in lines)

    def test_its_picture_draws_the_hatching_without_a_style(self, groups):
        picture = paths_chart(groups, YEARS).picture
        assert "<pattern" in picture
        assert "url(#hatch-" in picture
        assert "style=" not in picture

    def test_its_picture_lies_where_the_figure_does(self, groups):
        """Each row by itself, moved down to its place below the heads."""
        root = ElementTree.fromstring(paths_chart(groups, YEARS).picture)  # noqa: S314 - our own
        moved = [node.get("transform") for node in root.iter("g")]
        assert moved == [f"translate(0 {y})" for y in (60, 120, 180, 240)]
        assert root.get("viewBox") == "0 0 440 270"
        (lag,) = {node.get("y") for node in root.iter("text") if node.text == "慢15个月"}
        assert lag == "10", "15 − 8 is its middle"

    def test_a_row_is_drawn_once_while_its_judgement_holds(self, groups, monkeypatch):
        drawn = []
        monkeypatch.setattr(paths, "draw_row", lambda sheet, row, y: drawn.append((row.code, y)))
        first, second = (paths_chart(groups, YEARS).picture for _ in range(2))
        assert first == second
        assert sorted(drawn) == [(code, 15) for code in ("T01", "T02", "T03", "T04")]
        judged_anew = [replace(row.judged) for group in groups for row in group.rows]
        assert paths_chart(overview_rows(judged_anew, PERIOD), YEARS).picture == first
        assert len(drawn) == 8

    def test_on_paper_without_words_and_blue(self, groups):
        figure = json.dumps(paths_chart(groups, YEARS, PRINT).figure)
        assert Palette.S_ACTUAL not in figure
        assert "慢15个月" not in figure.encode().decode("unicode_escape")

    def test_its_table_says_the_same(self, groups):
        chart = paths_chart(groups, YEARS, period=PERIOD)
        assert chart.table.rows[0] == (
            "T01 T01", "主要目标", "19.2%", "2025年", "≥20%", "未达标", "差0.8", "≥22%", "21.6%",
            "不确定", "慢15个月", "待指定",
        )  # fmt: skip
        assert chart.json_url == "/dashboard/paths.json?period=2026Q3"
        assert chart.data_url == "/dashboard/paths.xlsx?period=2026Q3"

    def test_names_put_no_tags_into_it(self):
        one = judged("T01", values=RISE, terms=SHARE, target={"short_name": "<img src=x>"})
        assert "<img" not in chart_json(paths_chart(overview_rows([one], PERIOD), YEARS))

    def test_without_rows_there_is_none(self):
        assert paths_chart((), YEARS) is None


def test_a_card_has_a_picture_of_its_own(groups):
    picture = row_picture(groups[0].rows[0], YEARS, 328)
    assert 'width="328" height="34"' in picture
    assert "慢15个月" in picture
    assert "今天" not in picture
