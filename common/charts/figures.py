"""A chart block: figure, table beside it, drawings from the server."""

import datetime
import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import plotly.graph_objects as go
from django.conf import settings
from django.utils.safestring import SafeString

import plotly_svg
from common.charts.parts import Palette, Part

FONT = "Microsoft YaHei, PingFang SC, Noto Sans CJK SC, WenQuanYi Micro Hei, sans-serif"
WIDE, NARROW = 900, 358
_DAY, _WHOLE = re.compile(r"\d{4}-\d\d-\d\d"), ' class="nw"'
_TAG = re.compile(r"<(?=/?[a-z])(?!/?(?:br|extra)\b)", re.IGNORECASE)


@dataclass(frozen=True)
class ChartTable:
    """The numbers of a chart as text; columns are numbers unless named in text_columns."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    text_columns: tuple[int, ...] = (0,)

    @property
    def head_html(self) -> SafeString:
        """The cells of the head."""
        cells = (
            f'<th scope="col"{css}>{html.escape(cell)}</th>'
            for cell, css in zip(self.head, self._classes, strict=True)
        )
        return SafeString("".join(cells))

    @property
    def body_html(self) -> SafeString:
        """The rows; written here because a template takes ten times as long for each cell."""
        return SafeString("".join(self._row(row) for row in self.rows))

    @property
    def _classes(self) -> list[str]:
        """The attribute of each column: numbers stand to the right."""
        columns = range(len(self.head))
        return ["" if place in self.text_columns else ' class="n"' for place in columns]

    def _row(self, row: tuple[str, ...]) -> str:
        name, *rest = (html.escape(cell) for cell in row)
        cells = zip(rest, self._classes[1:], strict=True)
        tail = "".join(f"<td{_WHOLE if _DAY.fullmatch(c) else css}>{c}</td>" for c, css in cells)
        return f'<tr><th scope="row">{name}</th>{tail}</tr>\n'


@dataclass(frozen=True)
class Chart:
    """A chart block. The title states the finding, the subtitle what is measured and its unit.

    `json_url` (….json) answers with chart_json(), the same with .xlsx with chart_response();
    without it the figure travels in the page. `narrow` is
    the drawing for a phone (358 px), `width` the room that the wide one has at 1366 px.
    """

    id: str
    title: str
    subtitle: str
    alt: str
    figure: Part
    table: ChartTable
    narrow: Part | None = None
    json_url: str = ""
    note: str = ""
    demo: bool = False
    width: int = WIDE

    @property
    def data_url(self) -> str:
        """The workbook beside the figure's address; empty if the figure has none."""
        path, _, query = self.json_url.partition("?")
        book = path.removesuffix(".json") + ".xlsx" if path else ""
        return f"{book}?{query}" if query else book

    @property
    def picture(self) -> SafeString:
        """The wide drawing from the server."""
        return _drawn(json.dumps(self.figure), self.width, self.alt, "wide")

    @property
    def narrow_picture(self) -> SafeString | None:
        """The drawing for a phone, where there is one."""
        if self.narrow is None:
            return None
        return _drawn(json.dumps(self.narrow), NARROW, self.alt, "narrow")

    @property
    def document(self) -> Part:
        """What charts.js reads: both drawings, marked where they show demonstration data."""
        mark = "演示数据" if self.demo else ""
        return {"wide": self.figure, "narrow": self.narrow, "mark": mark}


@lru_cache(maxsize=48)
def _drawn(figure: str, width: int, alt: str, css: str) -> SafeString:
    """A drawing is made again only where its figure has changed."""
    spec = json.loads(figure)
    return SafeString(plotly_svg.svg(spec, width, height_of(spec), label=alt, css=css))


def height_of(figure: Mapping[str, Any]) -> int:
    """Drawn height in pixels."""
    return int(figure["layout"]["height"])


def chart_json(chart: Chart) -> str:
    """The body of a chart's json_url."""
    return json.dumps(chart.document, ensure_ascii=False, separators=(",", ":"))


def figure(
    traces: Sequence[Part], *, height: int, xaxis: Part, yaxis: Part,
    margin: tuple[float, float, float, float] = (40, 128, 30, 36),
    shapes: Sequence[Part] = (), annotations: Sequence[Part] = (), **layout: Any,
) -> Part:  # fmt: skip
    """A Plotly figure as plain data; margin is left, right, top, bottom.

    plotly.py checks every attribute where CHECK_FIGURES is set, as in tests and development: that
    costs ten times the rest. Raise ValueError for an unknown attribute.
    """
    left, right, top, bottom = margin
    spec: Part = _plain(
        {
            "data": list(traces),
            "layout": {
                "template": {},
                "height": height,
                "margin": {"l": left, "r": right, "t": top, "b": bottom, "autoexpand": False},
                "font": {"family": FONT, "size": 12, "color": Palette.INK_2},
                "paper_bgcolor": Palette.PAPER,
                "plot_bgcolor": Palette.PAPER,
                "showlegend": False,
                "hovermode": "closest",
                "hoverlabel": {"bgcolor": Palette.INK, "font": {"color": Palette.PAPER}},
                "xaxis": xaxis,
                "yaxis": yaxis,
                "shapes": list(shapes),
                "annotations": list(annotations),
            }
            | layout,
        }
    )
    if settings.CHECK_FIGURES:
        go.Figure(spec)
    return spec


_AS_IT_IS = frozenset({int, float, bool, type(None)})


def _plain(value: Any) -> Any:
    """Data for JSON: decimals only leave the exact world here, to be drawn.

    Exact types are looked at first: a figure has thousands of values.
    """
    kind = type(value)
    if kind is str:
        return _harmless(value)
    if kind in _AS_IT_IS:
        return value
    if kind is dict:
        return {key: _plain(item) for key, item in value.items()}
    if kind is list or kind is tuple:
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return _plain_of_subclass(value)


def _plain_of_subclass(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str):
        return _harmless(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _harmless(text: str) -> str:
    """A tag is only words: a stored unit may look like one, and plotly would set it by a style."""
    return _TAG.sub("&lt;", text) if "<" in text else text
