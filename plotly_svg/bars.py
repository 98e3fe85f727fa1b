"""Bar traces: upright or lying, side by side, stacked, or from a base."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from zlib import crc32

from plotly_svg import text
from plotly_svg.figure import Spec, as_float, at, px
from plotly_svg.frame import Frame, length_unit, listed

_BLUE = "#1d4e89"


@dataclass(frozen=True)
class Box:
    """A bar in pixels, and where its value ends."""

    x: float
    y: float
    width: float
    height: float
    end: float


def bars(traces: Sequence[Spec], layout: Spec, frame: Frame, key: str) -> list[str]:
    """One drawing for each bar trace, in order; `key` is that of the picture."""
    mode = layout.get("barmode") or "group"
    gap = 0.2 if layout.get("bargap") is None else float(layout["bargap"])
    sums: dict[tuple[Any, bool], float] = {}
    return [
        _trace(trace, frame, _slot(index, len(traces), mode, gap), sums, mode, key)
        for index, trace in enumerate(traces)
    ]


def _slot(index: int, count: int, mode: str, gap: float) -> tuple[float, float]:
    """Offset of the middle and width of a bar, in steps of the axis."""
    room = 1 - gap
    if mode != "group":
        return 0.0, room
    return (index - (count - 1) / 2) * room / count, room / count


def _trace(
    trace: Spec, frame: Frame, slot: tuple[float, float], sums: dict[tuple[Any, bool], float],
    mode: str, key: str,
) -> str:  # fmt: skip
    lying = trace.get("orientation") == "h"
    places = listed(trace.get("y" if lying else "x"))
    lengths = listed(trace.get("x" if lying else "y"))
    unit = length_unit((frame.x if lying else frame.y).spec)
    out = []
    for index, (place, value) in enumerate(zip(places, lengths, strict=False)):
        length = as_float(value)
        middle = (frame.y if lying else frame.x).number(place)
        if length is None or middle is None:
            continue
        length *= unit
        start = _start(trace, index, (place, length < 0), length, sums, mode)
        box = _box(trace, index, frame, slot, (middle, start, start + length), lying)
        out.append(_rect(trace, index, box, key) + _label(trace, index, box, frame, lying))
    return "".join(out)


def _start(
    trace: Spec, index: int, key: tuple[Any, bool], length: float,
    sums: dict[tuple[Any, bool], float], mode: str,
) -> float:  # fmt: skip
    base = at(trace.get("base"), index)
    if base is not None:
        return as_float(base) or 0.0
    if mode not in {"stack", "relative"}:
        return 0.0
    start = sums.get(key, 0.0)
    sums[key] = start + length
    return start


def _box(
    trace: Spec, index: int, frame: Frame, slot: tuple[float, float],
    place: tuple[float, float, float], lying: bool,
) -> Box:  # fmt: skip
    across, along = (frame.y, frame.x) if lying else (frame.x, frame.y)
    middle, start, end = place
    own = at(trace.get("width"), index)
    offset, thickness = slot if own is None else (0.0, float(own))
    first = middle + float(at(trace.get("offset"), index, offset - thickness / 2))
    low, high = sorted((across.scale(first), across.scale(first + thickness)))
    near, far = sorted((along.scale(start), along.scale(end)))
    tip = along.scale(end)
    if lying:
        return Box(near, low, far - near, high - low, tip)
    return Box(low, near, high - low, far - near, tip)


def _rect(trace: Spec, index: int, box: Box, key: str) -> str:
    spec = trace.get("marker") or {}
    line = spec.get("line") or {}
    width = float(at(line.get("width"), index, 0))
    edge = (
        f' stroke="{escape(at(line.get("color"), index, _BLUE))}" stroke-width="{width:g}"'
        if width
        else ""
    )
    fill = escape(at(spec.get("color"), index, _BLUE))
    if hatch := _hatch(spec.get("pattern") or {}, index):
        fill = f"url(#{_name(hatch, key)})"
    return (
        f'<rect x="{px(box.x)}" y="{px(box.y)}" width="{px(box.width)}" height="{px(box.height)}"'
        f' fill="{fill}"{edge}/>'
    )


def hatches(traces: Sequence[Spec], key: str) -> str:
    """The hatching of bars, each once, named by the key of the picture: attributes of a drawing,
    since a style inside a page is refused."""
    patterns = [
        (pattern, len(listed(trace.get("x"))))
        for trace in traces
        if trace["type"] == "bar" and (pattern := (trace.get("marker") or {}).get("pattern"))
    ]
    drawn = (_hatch(pattern, index) for pattern, count in patterns for index in range(count))
    return "".join(
        f'<pattern id="{_name(hatch, key)}" {hatch}' for hatch in dict.fromkeys(drawn) if hatch
    )


def _name(hatch: str, key: str) -> str:
    return f"hatch-{key}-{crc32(hatch.encode()):08x}"


def _hatch(pattern: Spec, index: int) -> str:
    """The strokes of plotly's "/"; empty for a plain bar."""
    if at(pattern.get("shape"), index) != "/":
        return ""
    color = escape(at(pattern.get("fgcolor"), index, _BLUE))
    ground = escape(at(pattern.get("bgcolor"), index, "none"))
    size = float(at(pattern.get("size"), index, 8))
    width = size * float(at(pattern.get("solidity"), index, 0.3))
    return (
        f'width="{px(size)}" height="{px(size)}" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate(45)"><rect width="{px(size)}" height="{px(size)}"'
        f' fill="{ground}"/><path d="M{px(size / 2)} 0v{px(size)}" stroke="{color}"'
        f' stroke-width="{px(width)}"/></pattern>'
    )


def _label(trace: Spec, index: int, box: Box, frame: Frame, lying: bool) -> str:
    """Text of a bar: at its tip outside, or inside at the tip."""
    words = at(trace.get("text"), index, "")
    position = at(trace.get("textposition"), index, "none")
    if not words or position == "none":
        return ""
    inside = position == "inside"
    font = trace.get("insidetextfont" if inside else "outsidetextfont")
    style = frame.style(font, trace.get("textfont"))
    size = style["size"]
    if lying:
        back = box.end > box.x  # grows to the right
        step = 4 if back != inside else -4
        anchor = "start" if back != inside else "end"
        return text.draw(
            str(words), box.end + step, box.y + box.height / 2 + size * 0.35, style, anchor=anchor
        )
    y = box.end + (size + 1 if inside else -4)
    return text.draw(str(words), box.x + box.width / 2, y, style, anchor="middle")
