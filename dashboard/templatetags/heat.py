"""The cells of the heat map: there are eighty, and a template takes ten times as long for each."""

from html import escape

from django import template
from django.utils.safestring import SafeString

from common.templatetags.ui import mark
from tasks.selectors.heat import Cell, HeatRow

register = template.Library()

HIDDEN_ON_PHONES = 4
NOT_OPEN = "这个季度没有开放填报"


@register.simple_tag
def heat_cells(row: HeatRow, address: str) -> SafeString:
    """The cells of a field of action, each a link to its tasks in the list at the address."""
    return SafeString("".join(_cell(row, cell, n, address) for n, cell in enumerate(row.cells)))


def _cell(row: HeatRow, cell: Cell, place: int, address: str) -> str:
    css = f"{cell.css} old" if place < HIDDEN_ON_PHONES else cell.css
    title = escape(f"{row.category.name} {cell.period.label}：")
    if not cell.is_open:
        return f'<td class="{css}"><span title="{title}{NOT_OPEN}">未开放</span></td>'
    summary = cell.summary
    link = f"{address}?category={row.category.number}&amp;period={cell.period.code}"
    sign = mark(summary.level) if summary.is_whole else ""
    return (
        f'<td class="{css}"><a href="{link}" title="{title}{escape(summary.words)}">'
        f"{escape(summary.text)}{sign}</a></td>"
    )
