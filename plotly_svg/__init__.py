"""A Plotly figure as an SVG picture, without a browser and without plotly: standard library alone.

The picture is the first paint, the print and the page without JavaScript; plotly.js later draws
the same dictionary in the same place.

It draws
- scatter traces: lines (gaps, steps, dashes), markers, texts, filled areas (toself, tonexty,
  tozeroy); bar traces: upright or lying, grouped, stacked, overlaid or from a base, hatched;
- one x and one y axis of numbers, dates or categories, with ticks, grid and zero line;
- shapes (line, rect, paths of M, L, H, V, Z), annotations with arrows, <b> and <br> in texts;
- the figure's template, merged in before.

It leaves out titles, legends, colour scales, hover texts, subplots and traces of other kinds, and
every tag of a text but <b> and <br>. A symbol of a marker or a command of a path that it does not
know is a KeyError, so that a figure which needs one fails its first test instead of losing a mark.

`svg` is the whole picture, `piece` the traces alone, to stand within another picture.
"""

from plotly_svg.picture import piece, svg

__all__ = ["piece", "svg"]
