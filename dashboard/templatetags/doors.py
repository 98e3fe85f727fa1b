"""Links of help, for those who may open them."""

from django import template
from django.template.context import Context
from django.urls import resolve, reverse
from django.utils.html import format_html

from agencies.policies import can

register = template.Library()


@register.simple_tag(takes_context=True)
def door(context: Context, name: str, words: str) -> str:
    """The words lead to a page if the reader may open it; else they stand alone."""
    address = reverse(name)
    required = resolve(address).func.required  # type: ignore[attr-defined]
    if not can(context["user"], *required):
        return words
    return format_html('<a href="{}">{}</a>', address, words)
