"""Plotly's small text language (<b>, <br>) as SVG."""

import re
from html import escape

from plotly_svg.figure import Spec, px

LINE = 1.3
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_BOLD = re.compile(r"(</?b>)", re.IGNORECASE)
_OTHER = re.compile(r"</?(?:i|em|sub|sup|span|a)(?:\s[^>]*)?>", re.IGNORECASE)
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
MINIMUM = 12
_HALO = ' paint-order="stroke" stroke="#fff" stroke-width="3" stroke-linejoin="round"'
"""Drawn for a shadow: keeps words readable over lines."""


def lines(text: str) -> list[str]:
    return _BREAK.split(str(text))


def size_of(font: Spec, base: Spec) -> float:
    """Never below the smallest size of the look."""
    return max(float(font.get("size") or base.get("size") or MINIMUM), MINIMUM)


def draw(text: str, x: float, y: float, font: Spec, *, anchor: str = "start") -> str:
    """Text whose first baseline is at y; anchor as in SVG; font already resolved."""
    size = float(font["size"])
    weight = ' font-weight="700"' if str(font.get("weight")) in {"bold", "700"} else ""
    parts = lines(text)
    body = _rich(parts[0]) + "".join(
        f'<tspan x="{px(x)}" dy="{px(size * LINE)}">{_rich(part)}</tspan>' for part in parts[1:]
    )
    return (
        f'<text x="{px(x)}" y="{px(y)}" font-size="{px(size)}" fill="{escape(font["color"])}"'
        f"{weight}{_HALO if font.get('shadow') else ''}{_anchor(anchor)}>{body}</text>"
    )


def _anchor(anchor: str) -> str:
    return "" if anchor == "start" else f' text-anchor="{anchor}"'


def _rich(line: str) -> str:
    out, bold = [], False
    for piece in _BOLD.split(_OTHER.sub("", line)):
        if piece.lower() in {"<b>", "</b>"}:
            bold = piece.lower() == "<b>"
        elif piece:
            words = escape(_plain(piece))
            out.append(f'<tspan font-weight="700">{words}</tspan>' if bold else words)
    return "".join(out)


def _plain(text: str) -> str:
    for entity, sign in _ENTITIES:
        text = text.replace(entity, sign)
    return text
