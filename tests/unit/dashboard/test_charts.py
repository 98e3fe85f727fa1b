"""The chart of 2025: one place for each target with a value, as the selectors judge it."""

import json
from decimal import Decimal

import pytest

from common.charts import chart_json
from dashboard.charts import milestone_chart
from dashboard.selectors.years.settled_targets import SettledTargets
from targets.rules import Actual, Grade
from tests.unit.targets.judged import judged

D = Decimal
ROWS = (
    judged("T01", values=[(2025, "21")]),
    judged("T02", values=[(2025, "10")]),
    judged("T03"),
    judged("T04", terms={"actuals": (Actual(2025, D("19.9"), Grade.PRELIMINARY),)}),
    judged("T05", values=[(2025, "40")]),
)


@pytest.fixture
def chart():
    return milestone_chart(SettledTargets(ROWS))


def points(chart, *, wide=True):
    return (chart.figure if wide else chart.narrow)["data"][0]


def test_only_targets_with_a_value_worst_first(chart):
    assert [row[0][:3] for row in chart.table.rows] == ["T02", "T04", "T01", "T05"]
    assert chart.title == "有数据的4项指标中，2项达到或初步达到2025年目标"


@pytest.mark.parametrize("wide", [True, False])
def test_points_are_degrees_of_completion_inside_the_axis(chart, wide):
    drawn = points(chart, wide=wide)
    assert drawn["x"] == [60, 99.5, 105, 120]
    assert drawn["y"] == [0, 1, 2, 3]
    assert [row[3] for row in chart.table.rows] == ["50.0", "99.5", "105.0", "200.0"]


def test_shape_is_the_verdict_and_hollow_is_provisional(chart):
    marker = points(chart)["marker"]
    assert marker["symbol"] == ["square", "triangle-up", "circle", "circle"]
    assert [color == "#fff" for color in marker["color"]] == [False, True, False, False]


def test_values_and_goals_stand_beside_the_points(chart):
    said = [note["text"] for note in chart.figure["layout"]["annotations"]]
    assert {"21.0%", "≥20%", "高1.0个百分点", "最终核实"} <= set(said)
    assert chart.table.rows[0][1:3] == ("10.0%", "≥20%")


def test_the_document_parses_and_has_a_narrow_twin(chart):
    whole = json.loads(chart_json(chart))
    names = [figure["layout"]["yaxis"]["ticktext"] for figure in (whole["wide"], whole["narrow"])]
    assert names[0][0] == "T02 T02"
    assert names[1][0] == "T02"
    assert whole["mark"] == ""


def test_names_cannot_put_tags_into_it():
    row = judged("T01", values=[(2025, "21")], target={"short_name": "<img src=x>"})
    assert "<img" not in chart_json(milestone_chart(SettledTargets((row,))))


def test_without_a_value_there_is_no_chart():
    assert milestone_chart(SettledTargets((judged("T03"),))) is None
    assert milestone_chart(SettledTargets(())) is None


def test_a_reduction_that_is_none_comes_first_without_a_percentage():
    risen = judged("T06", values=[(2025, "-1")], terms={"kind": "reduction", "pace": "geometric"})
    chart = milestone_chart(SettledTargets((*ROWS, risen)))
    assert chart.table.rows[0][0].startswith("T06")
    assert chart.table.rows[0][3] == "不降反升"
    assert points(chart)["x"][0] == 60
    assert chart.title == "有数据的5项指标中，2项达到或初步达到2025年目标"
