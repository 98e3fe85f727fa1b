"""What a trajectory says of the years ahead: a forecast where the rules make one, else why not."""

import json
from decimal import Decimal
from itertools import pairwise

import pytest

from common.formats import number
from targets import charts, rules
from targets.charts.forecast import forecast_of
from targets.charts.parts import LIGHT_COLORS
from targets.selectors import target_detail
from tests.unit.targets.terms import share

D = Decimal
FORECAST = ["T03", "T04", "T05", "T10", "T16", "T18", "T23", "T24", "T25"]
NO_FORECAST = ["T01", "T02", "T06", "T08", "T09", "T11", "T13", "T17", "T21", "T22"]


def forecast(terms):
    return forecast_of(terms, rules.outlook(terms, 2030, today_year=2026))


def named(chart, name, *, wide=True):
    traces = (chart.figure if wide else chart.narrow)["data"]
    return next((trace for trace in traces if trace.get("name") == name), None)


class TestForecast:
    def test_a_straight_series_goes_on_straight(self):
        found = forecast(share(*((year, year - 2005) for year in range(2021, 2025))))
        assert [(at.year, at.expected) for at in found.points] == [
            (year, year - 2005) for year in range(2025, 2031)
        ]

    def test_the_interval_opens_at_the_newest_value_and_never_narrows(self):
        found = forecast(share((2021, "10"), (2022, "12"), (2023, "11"), (2024, "13")))
        widths = [at.high - at.low for at in found.points]
        assert all(first < second for first, second in pairwise(widths))
        band, line = found.traces()
        assert (band["x"][0], band["y"][0], band["y"][-1]) == (2024, 13, 13)
        assert (line["x"], line["y"][0]) == ([2024, *range(2025, 2031)], 13)

    def test_the_width_is_that_of_the_known_quantile(self):
        """19 ± 1.886 · √(3 · (6 + 6²/3)) = 19 ± 13.8592."""
        found = forecast(share((2021, "10"), (2022, "12"), (2023, "11"), (2024, "13")))
        last = found.last
        assert last.expected == 19
        assert (last.high - last.expected).quantize(D("0.0001")) == D("13.8592")
        assert found.text(last) == "19.0（5.1—32.9）"

    @pytest.mark.parametrize("count", range(4))
    def test_fewer_than_four_values_make_none(self, count):
        assert forecast(share(*((2021 + place, 10 + place) for place in range(count)))) is None

    @pytest.mark.parametrize("goal", ["10", "18", "20", "30"])
    @pytest.mark.parametrize("wide", [True, False])
    def test_its_label_stays_clear_of_the_goals(self, goal, wide):
        found = forecast(share((2021, "10"), (2022, "12"), (2023, "11"), (2024, "13")))
        height, span = 290, D(20)
        labels = found.labels(wide=wide, height=height, span=span, goal=D(goal))
        of_goal = -float((D(goal) - 19) / span * height) - 10
        assert all(abs(-label["yshift"] - of_goal) >= 16 for label in labels)


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
class TestDrawn:
    @pytest.mark.parametrize("code", FORECAST)
    @pytest.mark.parametrize("wide", [True, False])
    def test_band_and_line_are_the_outlook_of_the_page(self, code, wide):
        detail = target_detail(code=code)
        chart, at = charts.trajectory_chart(detail), detail.judged.outlook.projection
        line, band = named(chart, "外推", wide=wide), named(chart, "外推80%区间", wide=wide)
        assert (line["x"][-1], line["y"][-1]) == (2030, pytest.approx(float(at.expected)))
        assert band["line"]["width"] == 1
        assert {float(at.low), float(at.high)} <= set(band["y"])
        assert line["line"]["dash"] != "solid"
        low, high = chart.figure["layout"]["yaxis"]["range"]
        assert low <= at.low
        assert at.high <= high

    @pytest.mark.parametrize("code", FORECAST)
    def test_the_table_and_the_sentence_say_it_too(self, code):
        detail = target_detail(code=code)
        table, at = charts.trajectory_table(detail), detail.judged.outlook.projection
        row = next(row for row in table.rows if row[0] == "2030年")
        assert table.head[-1] == "外推（80%区间）"
        said = number(at.expected, detail.terms.decimals)
        assert row[-1].startswith(f"{said}（")
        answer = "".join(piece.text for line in detail.answer for piece in line)
        assert f"趋势预计{said}" in answer
        assert "不是承诺" in charts.trajectory_chart(detail).note

    @pytest.mark.parametrize("code", NO_FORECAST)
    def test_where_the_rules_make_none_nothing_is_drawn(self, code):
        detail = target_detail(code=code)
        chart = charts.trajectory_chart(detail)
        assert named(chart, "外推") is None
        assert "外推（80%区间）" not in chart.table.head

    def test_three_values_are_too_few_and_it_says_why(self):
        detail = target_detail(code="T21")
        assert "没有外推：只有3个年度值，满4个才作外推" in charts.trajectory_chart(detail).note
        answer = "".join(piece.text for line in detail.answer for piece in line)
        assert "数据不足（只有3个年度值，满4个才作外推）" in answer

    @pytest.mark.parametrize("code", FORECAST)
    def test_a_forecast_wears_no_light(self, code):
        chart = charts.trajectory_chart(target_detail(code=code))
        traces = [named(chart, name) for name in ("外推", "外推80%区间")]
        assert not [color for color in LIGHT_COLORS.values() if color in json.dumps(traces)]

    def test_the_pace_stands_under_the_chart(self):
        note = charts.trajectory_chart(target_detail(code="T03")).note
        assert note.startswith(
            "今后年均需提高0.56个百分点，近三年年均提高0.50个百分点。按2020—2025年趋势外推，不是承诺。"
        )

    @pytest.mark.parametrize(("code", "year"), [("T06", 2025), ("T09", 2019)])
    def test_the_highest_value_of_a_peak_is_ringed(self, code, year):
        chart = charts.trajectory_chart(target_detail(code=code))
        assert named(chart, "最高值")["x"] == [year]
        assert named(chart, "进度要求") is None

    def test_a_mere_direction_has_the_value_of_2025_as_reference(self):
        chart = charts.trajectory_chart(target_detail(code="T11"))
        line = named(chart, "参照线")
        assert (line["x"], line["y"]) == ([2025, 2030], [1.3, 1.3])
        notes = chart.figure["layout"]["annotations"]
        arrow = next(note for note in notes if note["showarrow"] and note["x"] == 2030)
        assert arrow["ay"] < 0, "down is better"
        assert "比2025年的1.30更低" in [note["text"] for note in notes]

    def test_a_former_value_is_a_small_cross_tied_to_the_new_one(self):
        chart = charts.trajectory_chart(target_detail(code="T03"))
        crosses = named(chart, "已更正的原值")
        old = dict(zip(crosses["x"], crosses["y"], strict=True))
        assert old[2023] == 18.4
        ties = [shape for shape in chart.figure["layout"]["shapes"] if shape.get("y0") == 18.4]
        assert [tie["y1"] for tie in ties] == [18.3]

    @pytest.mark.parametrize(("code", "says"), [("T03", True), ("T01", False)])
    def test_it_says_where_the_axis_does_not_start_at_nought(self, code, says):
        chart = charts.trajectory_chart(target_detail(code=code))
        low, high = chart.figure["layout"]["yaxis"]["range"]
        assert (low <= 0 <= high) is not says
        assert ("纵轴未从0开始" in chart.subtitle) is says

    def test_in_the_place_of_a_chart_stand_the_years_that_are_known(self):
        rows = charts.few_table(target_detail(code="T12")).rows
        assert rows
        assert all(any(cell != "—" for cell in row[1:]) for row in rows)
