"""The sentences of the overview: pieces of text, each with its link and its stamp."""

from collections.abc import Iterable

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from dashboard.rules.overview.phrases import Phrase
from dashboard.selectors.overview.rows import OverviewRow
from pages.links import kept
from targets.rules import MilestoneYears
from targets.rules.words.provenance import Stamp

register = template.Library()


@register.simple_tag
def phrases(pieces: Iterable[Phrase]) -> SafeString:
    """The pieces of a sentence; those with an address lead to what is behind them."""
    return format_html_join("", "{}", ((_piece(piece),) for piece in pieces))


@register.simple_tag
def board_row(row: OverviewRow, years: MilestoneYears, figures: str) -> SafeString:
    """A row of the page, made once as long as its judgement holds. `figures` is where the drawings
    for cards stand, which only a narrow window asks for; it says what the links of the row keep."""
    shown = {"row": row, "years": years, "figures": figures}
    return row.judged.cached(
        f"board {figures}", lambda _: render_to_string("dashboard/_overview_row.html", shown)
    )


@register.simple_tag
def stamp(mark: Stamp | None) -> SafeString:
    """How far a number may be quoted; nothing where that is not said."""
    if mark is None:
        return SafeString()
    shown = '<span class="stamp {}" title="{}">{}</span>'
    return format_html(shown, mark.css, mark.label, mark)


def _piece(piece: Phrase) -> SafeString:
    words = format_html("<b>{}</b>" if piece.is_strong else "{}", piece.text)
    if piece.url:
        words = format_html('<a href="{}">{}</a>', kept(piece.url), words)
    return words + stamp(piece.stamp)
