"""Links that keep the day and the basis of their page. Built in: templates need not load them."""

from django import template
from django.urls import reverse
from django.utils.http import urlencode

from pages import links

register = template.Library()
register.filter("kept", links.kept)
register.simple_tag(links.kept_fields, name="kept_fields")


@register.simple_tag
def page_url(name: str, *args: object, **query: str | int) -> str:
    """Like `url`, with a query: {% page_url "tasks:list" period=period.code %}."""
    address = reverse(name, args=args)
    return links.kept(f"{address}?{urlencode(query)}" if query else address)
