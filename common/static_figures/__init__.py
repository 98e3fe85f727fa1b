"""Our own small renderer: a Plotly figure as an accessible SVG picture.

The picture is the first paint, the print and the page without JavaScript; plotly.js later draws
the same dictionary in the same place. It knows the part of Plotly's schema that our figures use:
scatter and bar traces, shapes, annotations, one x and one y axis. Axis titles, legends, colour
scales and subplots are not drawn, because the look has none.
"""

from common.static_figures.picture import piece, svg

__all__ = ["piece", "svg"]
