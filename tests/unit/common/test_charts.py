import datetime
import re
from decimal import Decimal
from pathlib import Path

import pytest

from common import charts
from common.charts import Palette
from targets.charts import parts

TOKENS = Path(__file__).resolve().parents[3] / "static/css/tokens.css"


def test_the_palette_is_that_of_the_stylesheet():
    tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", TOKENS.read_text(encoding="utf-8")))
    own = {name: value for name, value in vars(Palette).items() if name.isupper()}
    assert own
    assert {name.lower().replace("_", "-"): value for name, value in own.items()} == {
        name.lower().replace("_", "-"): tokens[name.lower().replace("_", "-")] for name in own
    }


def test_every_light_has_its_own_shape():
    assert parts.LIGHT_COLORS.keys() == parts.LIGHT_SYMBOLS.keys()
    assert len(set(parts.LIGHT_SYMBOLS.values())) == 4


def test_tags_that_need_a_style_attribute_are_shown_as_words():
    def titled(text):
        note = charts.label(1, 1, text)
        return charts.figure([], height=10, xaxis={}, yaxis={}, annotations=[note])

    odd = titled("2025年<b>%")["layout"]["annotations"][0]["text"]
    assert odd == "2025年&lt;b>%"
    assert titled("</SPAN>")["layout"]["annotations"][0]["text"] == "&lt;/SPAN>"
    assert titled("一<br>二")["layout"]["annotations"][0]["text"] == "一<br>二"
    assert titled(charts.safe_text("<b>&"))["layout"]["annotations"][0]["text"] == "&lt;b&gt;&amp;"


def test_a_wrong_attribute_is_refused_when_the_figure_is_built():
    with pytest.raises(ValueError, match="Invalid property"):
        charts.figure([{"type": "scatter", "colour": "#111"}], height=10, xaxis={}, yaxis={})


def test_missing_values_stay_missing():
    figure = charts.figure(
        [parts.actual_line([2020, 2021], [None, Decimal("1.50")], ["final", "final"])],
        height=10, xaxis={}, yaxis={},
    )  # fmt: skip
    assert figure["data"][0]["y"] == [None, 1.5]


def test_hollow_points_are_not_settled():
    marker = parts.actual_line([1, 2, 3], [1, 2, 3], ["final", "preliminary", "estimate"])["marker"]
    assert marker["symbol"] == ["circle", "circle", "diamond"]
    assert marker["color"] == [Palette.S_ACTUAL, Palette.PAPER, Palette.PAPER]


@pytest.mark.parametrize(
    ("day", "place"),
    [
        ((2025, 12, 31), 2025.0),
        ((2026, 1, 1), 2025.0027),
        ((2026, 9, 30), 2025.7479),
        ((2026, 11, 30), 2025.9151),
        ((2028, 2, 29), 2027.1639),
        ((2028, 12, 31), 2028.0),
    ],
)
def test_a_day_lies_between_the_ends_of_the_years_around_it(day, place):
    assert charts.on_years(datetime.date(*day)) == pytest.approx(place, abs=0.00005)


def test_year_axis_names_the_bold_years_by_annotations():
    axis, notes = charts.year_axis(2020, 2030, bold=(2025, 2030), named=(2020,))
    assert [text for text in axis["ticktext"] if text] == ["2020"]
    assert [note["text"] for note in notes] == ["2025", "2030"]
