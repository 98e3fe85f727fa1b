"""The cells of the heat map: a template takes ten times as long for each of them."""

from html import escape

from django import template
from django.utils.safestring import SafeString

from pages.links import kept
from targets.templatetags.judging import mark
from tasks.selectors.heat import HeatCell, HeatRow

register = template.Library()

SHOWN_ON_PHONES = 4
NOT_OPEN = "这个季度没有开放填报"


@register.simple_tag
def heat_cells(row: HeatRow, address: str) -> SafeString:
    """The cells of a field of action, each a link to its tasks in the list at the address."""
    hidden = len(row.cells) - SHOWN_ON_PHONES
    cells = enumerate(row.cells)
    return SafeString("".join(_cell(row, cell, address, n < hidden) for n, cell in cells))


def _cell(row: HeatRow, cell: HeatCell, address: str, is_old: bool) -> str:
    css = f"{cell.css} old" if is_old else cell.css
    title = escape(f"{row.category.name} {cell.period.label}：")
    if not cell.is_open:
        return f'<td class="{css}"><span title="{title}{NOT_OPEN}">未开放</span></td>'
    summary = cell.summary
    link = kept(f"{address}?category={row.category.number}&period={cell.period.code}")
    sign = mark(summary.level) if summary.is_whole else f"<small>{summary.to_come}</small>"
    return (
        f'<td class="{css}"><a href="{escape(link)}" title="{title}{escape(summary.words)}">'
        f"{escape(summary.counted)}{sign}</a></td>"
    )
