"""The whole picture of a figure."""

from html import escape
from zlib import crc32

from plotly_svg import bars, furniture, traces
from plotly_svg import frame as frames
from plotly_svg.figure import Spec, px, resolved
from plotly_svg.traces import Run

FONTS = "'Microsoft YaHei','PingFang SC','Noto Sans CJK SC','WenQuanYi Micro Hei',sans-serif"


def svg(
    figure: Spec, width: int, height: int, *, label: str, css: str = "", within: str = ""
) -> str:
    """A Plotly figure as a picture of that size; `label` is the finding, read out in its place.

    Every text of the figure is escaped where it is drawn.
    `within` are pieces that were drawn before, above the figure's own traces.
    """
    drawn, layout = resolved(figure)
    frame = frames.build(drawn, layout, width, height)
    key = f"{crc32(repr((label, width, height)).encode()):08x}"
    body = (
        furniture.grid(frame)
        + furniture.shapes(frame, layout, below=True)
        + _traces(drawn, layout, frame, key)
        + within
        + furniture.axes(frame)
        + furniture.shapes(frame, layout, below=False)
        + "".join(furniture.annotations(frame, layout))
    )
    return (
        f'<svg class="{escape(css)}" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" role="img" aria-label="{escape(label)}" font-family="{FONTS}"'
        ' preserveAspectRatio="xMinYMid meet">'
        f'<clipPath id="clip-{key}"><rect x="{px(frame.left)}" y="{px(frame.top)}"'
        f' width="{px(frame.right - frame.left)}" height="{px(frame.bottom - frame.top)}"/>'
        f"</clipPath>{body}</svg>"
    )


def piece(figure: Spec, width: float, height: float, *, key: str) -> str:
    """The traces of a figure alone, to stand within a picture; `key` tells them from others there.

    What is cut off at the axes is not: a piece has no frame.
    """
    drawn, layout = resolved(figure)
    frame = frames.build(drawn, layout, width, height)
    return _traces(drawn, layout, frame, key)


def _traces(drawn: list[dict[str, object]], layout: Spec, frame: frames.Frame, key: str) -> str:
    """Bars lie below lines, as plotly.js has it."""
    hatches = bars.hatches(drawn, key)
    upright = [trace for trace in drawn if trace["type"] == "bar"]
    out, clip = bars.bars(upright, layout, frame, key), f' clip-path="url(#clip-{key})"'
    below: list[Run] = []
    for trace in drawn:
        if trace["type"] == "scatter":
            piece, below = traces.scatter(trace, frame, below, clip)
            out.append(piece)
    return hatches + "".join(out)
