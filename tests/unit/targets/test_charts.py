"""The trajectory: what is drawn are the numbers of the selectors, and what cannot is said."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from common.charts import chart_json
from common.formats import number
from demo import services as demo
from targets import charts, rules
from targets.models import Target
from targets.selectors import target_detail
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

CODES = [f"T{place:02d}" for place in range(1, 27)]
TOO_FEW = {"T07", "T12", "T15", "T19", "T20", "T26"}
DRAWN = [code for code in CODES if code not in TOO_FEW]


def drawn(code, *, wide=True):
    chart = charts.trajectory_chart(target_detail(code=code))
    figure = chart.figure if wide else chart.narrow
    return chart, {trace.get("name") or str(place): trace
                   for place, trace in enumerate(figure["data"])}  # fmt: skip


@pytest.mark.parametrize("code", DRAWN)
@pytest.mark.parametrize("wide", [True, False])
def test_traces_are_the_numbers_of_the_target(code, wide):
    detail = target_detail(code=code)
    _, traces = drawn(code, wide=wide)
    points = {year: value for trace in [traces.get("实绩")] if trace
              for year, value in zip(trace["x"], trace["y"], strict=True)}  # fmt: skip
    values = {actual.year: float(actual.value) for actual in detail.terms.series}
    assert points.items() >= values.items()
    baseline = detail.terms.baseline_value
    assert set(points.values()) - set(values.values()) <= {float(baseline or 0)}
    required = traces.get("进度要求")
    for year, value in zip(*(required["x"], required["y"]) if required else ((), ()), strict=True):
        assert value == pytest.approx(float(rules.required(detail.terms, year)))


@pytest.mark.parametrize("code", DRAWN)
def test_the_table_says_the_same(code):
    detail = target_detail(code=code)
    rows = {row[0]: row for row in charts.trajectory_table(detail).rows}
    for actual in detail.terms.series:
        assert rows[f"{actual.year}年"][1] == number(actual.value, detail.terms.decimals)
        assert rows[f"{actual.year}年"][4] == rules.grade(actual)
    for goal in detail.terms.goals:
        if goal.year:
            assert rows[f"{goal.year}年"][3] == rules.goal_value(detail.terms, goal)


@pytest.mark.parametrize("code", DRAWN)
def test_figures_parse_have_a_narrow_twin_and_say_no_unknown_number(code):
    chart, _ = drawn(code)
    whole = json.loads(chart_json(chart))
    assert set(whole) == {"wide", "narrow", "mark"}
    assert "NaN" not in chart_json(chart)
    wide, narrow = whole["wide"]["layout"], whole["narrow"]["layout"]
    assert narrow["height"] < wide["height"]
    assert not wide["showlegend"]
    assert chart.picture.startswith("<svg")
    assert chart.narrow_picture.startswith("<svg")


@pytest.mark.parametrize("code", ["T04", "T06", "T09", "T20"])
def test_a_band_and_a_peak_have_no_required_line(code):
    chart = charts.trajectory_chart(target_detail(code=code))
    names = [trace.get("name") for trace in chart.figure["data"]] if chart else []
    assert "进度要求" not in names


def test_a_band_is_the_tolerance_and_not_blown_up():
    chart, _ = drawn("T04")
    zone = next(shape for shape in chart.figure["layout"]["shapes"] if shape["type"] == "rect")
    assert (zone["y0"], zone["y1"]) == (15.07, 15.69)
    low, high = chart.figure["layout"]["yaxis"]["range"]
    assert low <= 15.38 - 3 * 0.3076
    assert high >= 15.38 + 3 * 0.3076
    assert "“左右”的容差" in chart.note


def test_a_reduction_asks_for_compound_rates():
    _, traces = drawn("T01")
    line = dict(zip(traces["进度要求"]["x"], traces["进度要求"]["y"], strict=True))
    assert line[2020] == 0
    assert line[2021] == 3.2
    assert line[2025] == 15


def test_a_value_that_is_not_settled_is_hollow():
    _, traces = drawn("T03")
    fills = dict(zip(traces["实绩"]["x"], traces["实绩"]["marker"]["color"], strict=True))
    assert fills[2025] == "#fff"
    assert fills[2024] != "#fff"


def test_todays_line_and_both_milestones_stand():
    chart, _ = drawn("T03")
    said = [note["text"] for note in chart.figure["layout"]["annotations"]]
    assert any(text.startswith("今天 ") for text in said)
    assert {"2025年 ≥20%", "2030年 ≥22%"} <= set(said)


def test_an_expected_value_of_the_city_is_an_open_mark():
    chart, _ = drawn("T02")
    assert "目标待市下达的年份以空心方框标出" in chart.note
    said = [note["text"] for note in chart.figure["layout"]["annotations"]]
    assert said.count("待市下达") == 2


def test_the_finding_is_title_and_alternative_text():
    chart, _ = drawn("T03")
    assert chart.title == "与要求的差距由2021年的0.2扩大到2025年的0.8个百分点"
    assert chart.title in chart.alt
    assert "非化石" in chart.alt


def test_without_a_baseline_it_says_what_is_not_drawn():
    chart, traces = drawn("T16")
    assert "基期值待补录" in chart.note
    assert min(traces.get("进度要求", {"x": [2025]})["x"]) >= 2025


@pytest.mark.parametrize("code", sorted(TOO_FEW))
def test_with_fewer_than_two_values_the_table_alone_is_shown(code):
    detail = target_detail(code=code)
    assert charts.trajectory_chart(detail) is None
    rows = {row[0]: row for row in charts.trajectory_table(detail).rows}
    for goal in detail.terms.numeric_goals:
        assert rows[f"{goal.year}年"][3] == rules.goal_value(detail.terms, goal)


def test_without_values_nothing_is_drawn():
    demo.remove()
    assert charts.trajectory_chart(target_detail(code="T03")) is None


def test_names_cannot_put_tags_into_a_figure():
    Target.objects.filter(code="T03").update(name="<img src=x>", short_name="<img src=x>")
    assert "<img" not in chart_json(drawn("T03")[0])


def test_nothing_in_the_mode_bar_sends_a_chart_away():
    script = (Path(settings.BASE_DIR) / "static/js/charts.js").read_text(encoding="utf-8")
    buttons = re.search(r"modeBarButtons: (\[\[.*?\]\])", script)[1]
    assert json.loads(buttons) == [["toImage", "zoom2d", "pan2d", "resetScale2d"]]
    assert 'plotlyServerURL: ""' in script
    assert "displaylogo: false" in script


def test_values_of_another_basis_are_not_held_against_the_line():
    detail = target_detail(code="T19")
    assert charts.finding(detail) == "2025年为93.5%，口径变更待确认"
    assert not any(row.gap for row in detail.values if row.observation.basis)


def test_the_labels_of_a_missed_goal_stay_apart():
    """The goal stands above its bar, the value below the line, what lacks between them."""
    chart, traces = drawn("T03")
    notes = {note["text"]: note for note in chart.figure["layout"]["annotations"]}
    assert notes["2025年 ≥20%"]["yshift"] > 0
    assert (notes["差0.8"]["y"], notes["差0.8"]["yshift"]) == (20, -9)
    assert notes["初步核算"]["yshift"] < 0
    assert traces["实绩"]["textposition"][-1] == "bottom right"
    met, lines = drawn("T05")
    notes = {note["text"]: note for note in met.figure["layout"]["annotations"]}
    assert notes["2025年 ≥51"]["yshift"] < 0
    assert lines["实绩"]["textposition"][-1] == "top left"


def test_the_line_starts_at_the_plans_baseline():
    _, traces = drawn("T04")
    assert (traces["实绩"]["x"][0], traces["实绩"]["text"][0]) == (2020, "15.38 基期值")


def test_the_newest_quarters_stand_beside_the_line():
    chart, traces = drawn("T18")
    thin = next(trace for trace in traces.values() if len(trace["x"]) and trace["x"][0] > 2025)
    assert thin["y"] == [77.4, 77.9]  # 26Q3 is still being reported
    assert thin["x"] == pytest.approx([2025 + 90 / 365, 2025 + 181 / 365]), "at their ends"
    assert "横轴刻度为各年年末" in chart.note
    assert "26Q2 77.90" in [note["text"] for note in chart.figure["layout"]["annotations"]]


def test_the_years_left_to_peak_in_are_shaded():
    chart, _ = drawn("T09")
    area = next(shape for shape in chart.figure["layout"]["shapes"] if shape["type"] == "rect")
    assert area["x1"] == 2029, "2030年前 ends with 2029"


def another_basis():
    """Four values of the target's basis and one, in between, of another."""
    target = MilestoneFactory(target=TargetFactory(accounting_basis="本指标口径")).target
    for year in range(2022, 2026):
        ObservationFactory(target=target, year=year, value=Decimal(year - 1950))
    ObservationFactory(target=target, year=2023, value=Decimal(60), basis="当量法", grade="final")
    return target.code


@pytest.mark.parametrize("wide", [True, False])
def test_a_value_of_another_basis_stands_alone(wide):
    code = another_basis()
    chart, traces = drawn(code, wide=wide)
    other = traces["另一口径"]
    assert (other["x"], other["y"], other["mode"]) == ([2023], [60], "markers")
    assert other["marker"]["symbol"] == "triangle-down"
    assert traces["实绩"]["y"] == [72, 73, 74, 75]
    low, high = chart.figure["layout"]["yaxis"]["range"]
    assert low < 60 < high
    assert "倒三角为另一口径的数值，不连线、不比较。" in chart.note


def test_the_table_has_it_in_a_column_of_its_own():
    table = charts.trajectory_table(target_detail(code=another_basis()))
    rows = {row[0]: dict(zip(table.head, row, strict=True)) for row in table.rows}
    assert rows["2023年"]["另一口径"] == "60.0（当量法，最终核实）"
    assert rows["2023年"]["实际值（%）"] == "73.0"
    assert rows["2024年"]["另一口径"] == "—"
    assert "另一口径" not in charts.trajectory_table(target_detail(code="T03")).head


@pytest.mark.parametrize(("code", "words"), [("T18", "26Q2 77.90"), ("T18", "2025年 ≥75%")])
def test_words_right_of_a_point_begin_past_the_line_of_today(code, words):
    chart, _ = drawn(code)
    notes = {note["text"]: note for note in chart.figure["layout"]["annotations"]}
    today = next(note for text, note in notes.items() if text.startswith("今天"))
    assert notes[words]["x"] == today["x"]
    assert notes[words]["xanchor"] == "left"
