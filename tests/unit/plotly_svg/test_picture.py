import datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from common import charts
from dashboard.gallery import charts as gallery_charts
from plotly_svg import svg
from plotly_svg.axes import build, nice_step
from tests.documents import parsed

AXIS = {"range": [0, 10], "showgrid": False}
LAYOUT = {"margin": {"l": 10, "r": 10, "t": 10, "b": 10}, "xaxis": AXIS, "yaxis": AXIS}


def picture(*traces, **layout):
    """A picture whose plot area is 100 × 100 at (10, 10), parsed."""
    drawn = svg({"data": list(traces), "layout": LAYOUT | layout}, 120, 120, label="结论")
    return ElementTree.fromstring(drawn)  # noqa: S314 - our own drawing


def found(root, tag, **attributes):
    return [
        node
        for node in root.iter(tag)
        if all(node.get(key.replace("_", "-")) == value for key, value in attributes.items())
    ]


def scatter(**more):
    return {"type": "scatter", "x": [0, 5, 10], "y": [0, 5, 10]} | more


def test_the_picture_says_its_finding_and_size():
    root = picture(scatter())
    assert root.get("role") == "img"
    assert root.get("aria-label") == "结论"
    assert (root.get("width"), root.get("viewBox")) == ("120", "0 0 120 120")


def test_a_line_runs_from_the_lower_left():
    root = picture(scatter(mode="lines", line={"color": "#111", "width": 2.5, "dash": "6px,4px"}))
    (line,) = found(root, "path", stroke="#111")
    assert line.get("d") == "M10 110L60 60L110 10"
    assert (line.get("stroke-width"), line.get("stroke-dasharray")) == ("2.5", "6 4")


def test_a_missing_value_is_a_gap_and_never_nought():
    gap = scatter(x=[0, 2, 4, 6, 8], y=[1, 2, None, 4, 5], line={"color": "#111"})
    (line,) = found(picture(gap), "path", stroke="#111")
    assert line.get("d") == "M10 100L30 90M70 70L90 60"
    (joined,) = found(picture(gap | {"connectgaps": True}), "path", stroke="#111")
    assert joined.get("d").count("M") == 1


def test_markers_of_each_point():
    marker = {
        "symbol": ["circle", "diamond", "circle-open"],
        "size": [8, 10, 8],
        "color": ["#222", "#fff", "#333"],
        "line": {"color": "#222", "width": 2},
    }
    root = picture(scatter(mode="markers", marker=marker))
    full, hollow = root.iter("circle")
    assert (full.get("r"), full.get("fill"), full.get("stroke")) == ("4", "#222", "#222")
    assert (hollow.get("fill"), hollow.get("stroke")) == ("none", "#333")
    (diamond,) = found(root, "path", fill="#fff")
    assert diamond.get("d") == "M66.5 60L60 66.5L53.5 60L60 53.5Z"


@pytest.mark.parametrize("symbol", ["square", "triangle-up", "triangle-down", "cross", "x",
                                    "x-thin", "cross-thin", "line-ew", "line-ns", "arrow-up",
                                    "arrow-down", "square-open"])  # fmt: skip
def test_every_symbol_of_the_look_is_drawn(symbol):
    marker = {"symbol": symbol, "color": "#222", "line": {"color": "#222", "width": 2}}
    root = picture(scatter(x=[5], y=[5], mode="markers", marker=marker))
    assert len([p for p in root.iter("path") if "#222" in (p.get("stroke"), p.get("fill"))]) == 1


def test_texts_stand_beside_their_points_and_are_escaped():
    root = picture(scatter(mode="text", text=["", "<1.3 & 低", ""], textposition="bottom right"))
    text = next(text for text in root.iter("text") if text.get("text-anchor") is None)
    assert text.text == "<1.3 & 低"
    assert float(text.get("y")) > 60


def test_text_is_never_smaller_than_12_px():
    root = picture(scatter(mode="text", text="a", textfont={"size": 8}))
    assert {text.get("font-size") for text in root.iter("text")} == {"12"}


def test_bands_between_lines_and_polygons():
    low = scatter(y=[0, 0, 0], line={"width": 0})
    high = scatter(y=[10, 10, 10], fill="tonexty", fillcolor="#abc", line={"width": 0})
    (band,) = found(picture(low, high), "path", fill="#abc")
    assert band.get("d") == "M10 10L60 10L110 10L110 110L60 110L10 110Z"


def test_lying_bars_from_a_base_on_categories():
    bar = {"type": "bar", "orientation": "h", "y": ["甲", "乙"], "x": [4, None], "base": [2, 0],
           "width": 0.5, "marker": {"color": "#111"}}  # fmt: skip
    yaxis = {"type": "category", "autorange": "reversed", "showgrid": False}
    root = picture(bar, yaxis=yaxis)
    (rect,) = found(root, "rect", fill="#111")
    box = [float(rect.get(key)) for key in ("x", "y", "width", "height")]
    assert box == [30, 22.5, 40, 25]
    assert [text.text for text in root.iter("text")][-2:] == ["甲", "乙"]


def test_stacked_and_grouped_bars():
    first = {"type": "bar", "x": [5], "y": [2], "width": 1, "marker": {"color": "#111"}}
    second = first | {"y": [3], "marker": {"color": "#222"}}
    stacked = picture(first, second, barmode="stack")
    (upper,) = found(stacked, "rect", fill="#222")
    assert (upper.get("y"), upper.get("height")) == ("60", "30")
    grouped = [trace | {"width": None} for trace in (first, second)]
    left, right = (
        float(found(picture(*grouped, bargap=0), "rect", fill=color)[0].get("x"))
        for color in ("#111", "#222")
    )
    assert (left, right) == (55, 60)


def test_bars_on_an_axis_of_dates_have_lengths_in_milliseconds():
    bar = {"type": "bar", "orientation": "h", "y": ["甲"], "x": [10 * 86_400_000],
           "base": [datetime.date(2026, 1, 1)], "marker": {"color": "#111"}}  # fmt: skip
    xaxis = {"type": "date", "range": ["2026-01-01", "2026-01-21"], "showgrid": False}
    root = picture(bar, xaxis=xaxis, yaxis={"showgrid": False})
    (rect,) = found(root, "rect", fill="#111")
    assert (rect.get("x"), rect.get("width")) == ("10", "50")


def test_shapes_annotations_and_arrows():
    root = picture(
        shapes=[
            {"type": "line", "xref": "x", "yref": "paper", "x0": 5, "x1": 5, "y0": 0, "y1": 1,
             "line": {"color": "#111", "width": 1}},
            {"type": "rect", "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "y0": 2, "y1": 4,
             "fillcolor": "#abc", "layer": "below", "line": {"width": 0}},
            {"type": "path", "xref": "x", "yref": "y", "xsizemode": "pixel",
             "ysizemode": "pixel", "xanchor": 5, "yanchor": 5, "path": "M-4,8.5L0,13H4V0Z",
             "line": {"color": "#222"}},
        ],
        annotations=[
            {"x": 5, "y": 5, "text": "上<br>下", "showarrow": False, "xshift": 6},
            {"x": 5, "y": 5, "text": "", "ax": 0, "ay": 13, "yshift": 13, "arrowcolor": "#333"},
        ],
    )  # fmt: skip
    assert found(root, "path", stroke="#111")[0].get("d") == "M60 110L60 10"
    assert found(root, "rect", fill="#abc")[0].get("height") == "20"
    assert found(root, "path", stroke="#222")[0].get("d") == "M56 51.5L60 47H64V60Z"
    assert found(root, "path", stroke="#333")[0].get("d").startswith("M60 60L60 47M")
    words = next(text for text in root.iter("text") if text.text == "上")
    assert (words.get("x"), words.get("text-anchor")) == ("66", "middle")
    assert [part.text for part in words.iter("tspan")] == ["下"]


def test_ticks_are_those_of_the_figure_or_round_ones():
    xaxis = {"range": [0, 10], "tickvals": [0, 5, 20], "ticktext": ["零", "五", "外"]}
    texts = {text.text for text in picture(scatter(), xaxis=xaxis).iter("text")}
    assert {"零", "五"} <= texts
    assert "外" not in texts
    spec = {"range": [16, 23], "ticksuffix": "%", "showticksuffix": "last"}
    axis = build(spec, [], (0, 100), from_zero=False)
    assert [text for _, text in axis.ticks()] == ["16", "17", "18", "19", "20", "21", "22", "23%"]
    assert [nice_step(0, span) for span in (1, 7, 16, 100)] == [0.2, 1, 2.5, 20]


def test_templates_of_a_figure_are_merged():
    figure = {
        "data": [scatter(mode="lines")],
        "layout": LAYOUT
        | {"template": {"data": {"scatter": [{"line": {"color": "#999"}}]}, "layout": {}}},
    }
    assert 'stroke="#999"' in svg(figure, 120, 120, label="x")


def test_an_empty_figure_is_a_picture_too():
    assert picture().tag.endswith("svg")


def test_the_sample_charts_are_deterministic_and_inside_their_frame():
    first, second = gallery_charts.trajectory(), gallery_charts.trajectory()
    assert first.picture == second.picture
    pictures = (first.picture, first.narrow_picture, gallery_charts.ends().picture)
    for html in map(str, pictures):
        assert 'class="' in html
        assert "None" not in html
        assert "nan" not in html
        for element in parsed(html).every(""):
            assert element.name != "script"
            assert not element.has("style")
            assert not [name for name in element.attributes if name.startswith("on")]


def test_decimals_of_a_figure_stay_exact_in_its_json():
    chart = gallery_charts.trajectory()
    assert '"y":[16.8,17.2,17.7,18.3,18.8,19.2]' in charts.chart_json(chart)
    whole = charts.figure([charts.line([1], [Decimal("2")])], height=10, xaxis={}, yaxis={})
    assert whole["data"][0]["y"] == [2]


def test_hatching_is_a_pattern_of_attributes():
    """The page's policy refuses a style; the same hatching is drawn once."""
    pattern = {"shape": "/", "fgcolor": ["#111", "#222", "#111"], "bgcolor": "#fff", "size": 4}
    bar = {"type": "bar", "orientation": "h", "x": [2, 2, 2], "y": [1, 5, 9], "base": [0, 1, 2]}
    bar |= {"width": 2, "marker": {"color": "#fff", "pattern": pattern | {"solidity": 0.4}}}
    root = picture(bar, barmode="overlay")
    strokes = found(root, "path", stroke_width="1.6")
    assert [stroke.get("stroke") for stroke in strokes] == ["#111", "#222"]
    names = [node.get("id") for node in root.iter("pattern")]
    fills = [node.get("fill") for node in root.iter("rect") if "url(" in (node.get("fill") or "")]
    assert fills == [f"url(#{names[0]})", f"url(#{names[1]})", f"url(#{names[0]})"]
    assert all(node.get("style") is None for node in root.iter())


def test_a_shadow_keeps_words_readable_over_lines():
    words = {"mode": "text", "text": ["慢15个月", "", ""], "textfont": {"shadow": "auto"}}
    (drawn,) = found(picture(scatter(**words)), "text", paint_order="stroke")
    assert (drawn.text, drawn.get("stroke")) == ("慢15个月", "#fff")
